#!/usr/bin/env bash
# The service's image in Docker as a pod would have it (read-only root, no capability, its own user, 512 MB): start to ready, by
# the clock and of processor time, resident memory at rest with all catalogs, and how it ends; the operator's command line.
# Needs Docker, the images of `make images`, and a built service (make bench builds it). PROMISED=0 only reports.
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
RUNS=${RUNS:-5}
PORT=${PORT:-18580}
IDLE=${IDLE:-10}
PROMISED=${PROMISED:-1}
work=$(mktemp -d)
name=headroom-bench-$$
trap 'docker rm -f "$name" >/dev/null 2>&1 || true; kill "$servers" 2>/dev/null; wait "$servers" 2>/dev/null || true; rm -rf "$work"' EXIT
failed=0
check() { # a measured figure, what it is, its bound
  echo "$2: $1 (at most $3)"
  [ "$1" -le "$3" ] || [ "$PROMISED" = 0 ] || failed=1
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

make -s service/target/.built
image() { docker load -q -i "target/headroom-$1-image.tar" | sed -n 's/^Loaded image: //p'; }
service=$(image service)
operator=$(image operator)
for program in service operator; do
  check $(($(stat -c %s "target/headroom-$program-image.tar") / 1000000)) "tar of the $program, MB" 60
done

# PostgreSQL and Redis with sample data; the service that fills them stays, at rest, to keep them up.
"$JAVA_HOME/bin/java" -XX:+UseSerialGC -cp "service/target/headroom-service.jar:testkit/target/headroom-testkit.jar:service/target/lib/*:testkit/target/lib/*" \
  dev.headroom.testkit.Laptop dev.headroom.service.ServiceMain --run.folder="$work/servers" --run.postgres-port=$((PORT + 2)) \
  --run.redis-port=$((PORT + 3)) --server.port=$((PORT + 4)) --admin.port=$((PORT + 5)) --catalogs.sample-scale=0.01 >"$work/log" 2>&1 &
servers=$!
until curl -sf -o /dev/null "http://127.0.0.1:$((PORT + 5))/health/ready"; do
  kill -0 "$servers" || { cat "$work/log" >&2; exit 1; }
  sleep 0.5
done

restricted="--network host --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --memory 512m"
start() {
  # shellcheck disable=SC2086
  docker run -d --name "$name" $restricted -e HEADROOM_DATABASE_PASSWORD=postgres "$service" --server.host=127.0.0.1 --server.port="$PORT" \
    --admin.port=$((PORT + 1)) --database.url="jdbc:postgresql://127.0.0.1:$((PORT + 2))/headroom" --database.user=postgres \
    --redis.url="redis://127.0.0.1:$((PORT + 3))" >/dev/null
  pid=$(docker inspect -f '{{.State.Pid}}' "$name")
  until curl -sf -o /dev/null "http://127.0.0.1:$((PORT + 1))/health/ready"; do
    kill -0 "$pid" 2>/dev/null || { docker logs "$name" >&2; exit 1; }
    sleep 0.01
  done
  ready=$(date +%s%N)
  began=$(date -d "$(docker inspect -f '{{.State.StartedAt}}' "$name")" +%s%N)
  ticks=$(sed 's/.*) //' "/proc/$pid/stat" | awk '{ print $12 + $13 }')
  echo $(((ready - began) / 1000000)) >>"$work/clock"
  echo $((ticks * 1000 / $(getconf CLK_TCK))) >>"$work/processor"
}

for run in $(seq "$RUNS"); do
  start
  if [ "$run" = 1 ]; then
    for path in / /tasks/ /state/summary '/plots/filter?plot=scatter&limit=1'; do
      curl -sf -o /dev/null "http://127.0.0.1:$PORT$path" || { echo "$path is not answered" >&2; failed=1; }
    done
    sleep "$IDLE"
    check $(($(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status") / 1024)) "resident at rest, MiB" 160
    docker stop -t 30 "$name" >/dev/null
    check "$(docker inspect -f '{{.State.ExitCode}}' "$name")" "exit code after SIGTERM" 0
    docker logs "$name" 2>&1 | grep -q 'stopped; every request was finished' || { echo "it did not drain" >&2; failed=1; }
    if docker logs "$name" 2>&1 | grep -i 'aot'; then echo "the AOT cache was refused" >&2; failed=1; fi
  fi
  docker rm -f "$name" >/dev/null
done
check "$(median <"$work/clock")" "start to ready, ms" 2000
echo "processor time of a start, ms: $(median <"$work/processor"); load average $(cut -d' ' -f1 /proc/loadavg)"

# shellcheck disable=SC2086
docker run --rm $restricted "$operator" --help | grep -q 'Usage: headroom-operator' || { echo "no help" >&2; failed=1; }
code=0
# shellcheck disable=SC2086
docker run --rm $restricted -v "$PWD/examples:/examples:ro" -e PGPASSWORD=postgres "$operator" plan -f /examples/statehub.yaml \
  --host 127.0.0.1 --port $((PORT + 2)) --user postgres >"$work/plan" 2>&1 || code=$?
[ "$code" = 2 ] && grep -qi 'create index concurrently' "$work/plan" || { cat "$work/plan" >&2; failed=1; }
echo "operator plan: $(grep -ci 'create index concurrently' "$work/plan") indexes to build, exit code $code"
exit "$failed"
