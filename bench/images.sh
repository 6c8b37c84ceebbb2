#!/usr/bin/env bash
# Both images in Docker as pods would have them (read-only root, no capability, their own user, a memory limit): start to ready,
# by the clock and of processor time, resident memory at rest, how they end; the operator's command line.
# Needs Docker and the images of `make images`; with KUBEBUILDER_ASSETS the operator runs on a real API server. PROMISED=0 only reports.
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

image() { docker load -q -i "target/headroom-$1-image.tar" | sed -n 's/^Loaded image: //p'; }
service=$(image service)
operator=$(image operator)
for program in service operator; do
  check $(($(stat -c %s "target/headroom-$program-image.tar") / 1000000)) "tar of the $program, MB" 60
done

mkfifo "$work/end"
env -u TEST_BACKEND -u TEST_KUBECONFIG "$JAVA_HOME/bin/java" -Djava.util.logging.config.file=testkit/src/main/resources/test-logging.properties \
  -cp "images/target/headroom-images.jar:images/target/lib/*" dev.headroom.images.TrainingServers "$work" <"$work/end" >"$work/log" 2>&1 &
servers=$!
exec 3>"$work/end" # the servers end when this shell does
until [ -f "$work/servers" ]; do
  kill -0 "$servers" || { cat "$work/log" >&2; exit 1; }
  sleep 0.2
done
. "$work/servers"
chmod 755 "$work"
chmod 644 "$work/kubeconfig"

restricted="--network host --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges"
# $1: port of health, $2: its path, $3: file for the figures; then the arguments of docker run
start() {
  health=http://127.0.0.1:$1$2
  figures=$3
  shift 3
  # shellcheck disable=SC2086
  docker run -d --name "$name" $restricted "$@" >/dev/null
  pid=$(docker inspect -f '{{.State.Pid}}' "$name")
  until curl -sf -o /dev/null "$health"; do
    kill -0 "$pid" 2>/dev/null || { docker logs "$name" >&2; exit 1; }
    sleep 0.01
  done
  ready=$(date +%s%N)
  began=$(date -d "$(docker inspect -f '{{.State.StartedAt}}' "$name")" +%s%N)
  ticks=$(sed 's/.*) //' "/proc/$pid/stat" | awk '{ print $12 + $13 }')
  echo $(((ready - began) / 1000000)) >>"$figures.clock"
  echo $((ticks * 1000 / $(getconf CLK_TCK))) >>"$figures.processor"
}
start_service() {
  start $((PORT + 1)) /health/ready "$work/service" --memory 512m -e HEADROOM_DATABASE_PASSWORD="$DATABASE_PASSWORD" "$service" \
    --server.host=127.0.0.1 --server.port="$PORT" --admin.port=$((PORT + 1)) --database.url="$DATABASE_URL" \
    --database.user="$DATABASE_USER" --redis.url="$REDIS_URL" --catalogs.sample-scale=0.01
}
start_operator() {
  start $((PORT + 2)) /readyz "$work/operator" --memory 256m -v "$work/kubeconfig:/kubeconfig:ro" -e KUBECONFIG=/kubeconfig "$operator" \
    run --admin-host=127.0.0.1 --admin-port=$((PORT + 2)) --database-hosts='*' --leader-election="$REAL_API_SERVER" --lease-namespace=headroom
}
# $1: program, $2: bound of its memory in MiB, $3: its exit code
rest_and_stop() {
  sleep "$IDLE"
  check $(($(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status") / 1024)) "$1 resident at rest, MiB" "$2"
  docker stop -t 30 "$name" >/dev/null
  code=$(docker inspect -f '{{.State.ExitCode}}' "$name")
  echo "$1 ended with code $code (expected $3)"
  [ "$code" = "$3" ] || failed=1
  if docker logs "$name" 2>&1 | grep -i 'aot'; then echo "the AOT cache was refused" >&2; failed=1; fi
}

start_service # fills the tables
docker rm -f "$name" >/dev/null
rm "$work"/service.*
for run in $(seq "$RUNS"); do
  start_service
  if [ "$run" = 1 ]; then
    for path in / /tasks/ /state/summary '/plots/filter?plot=scatter&limit=1'; do
      curl -sf -o /dev/null "http://127.0.0.1:$PORT$path" || { echo "$path is not answered" >&2; failed=1; }
    done
    rest_and_stop service 160 0
    docker logs "$name" 2>&1 | grep -q 'stopped; every request was finished' || { echo "it did not drain" >&2; failed=1; }
  fi
  docker rm -f "$name" >/dev/null
  start_operator
  [ "$run" != 1 ] || rest_and_stop operator 120 143
  docker rm -f "$name" >/dev/null
done
for program in service operator; do
  check "$(median <"$work/$program.clock")" "$program start to ready, ms" 2000
  echo "processor time of a start, ms: $(median <"$work/$program.processor"); load average $(cut -d' ' -f1 /proc/loadavg)"
done

sed "s/name: headroom$/name: $DATABASE_NAME/" examples/statehub.yaml >"$work/statehub.yaml"
# shellcheck disable=SC2086
docker run --rm $restricted "$operator" --help | grep -q 'Usage: headroom-operator' || { echo "no help" >&2; failed=1; }
code=0
# shellcheck disable=SC2086
docker run --rm $restricted -v "$work/statehub.yaml:/statehub.yaml:ro" -e PGPASSWORD="$DATABASE_PASSWORD" "$operator" plan -f /statehub.yaml \
  --host "$DATABASE_HOST" --port "$DATABASE_PORT" --user "$DATABASE_USER" >"$work/plan" 2>&1 || code=$?
[ "$code" = 2 ] && grep -qi 'create index concurrently' "$work/plan" || { cat "$work/plan" >&2; failed=1; }
echo "operator plan: $(grep -ci 'create index concurrently' "$work/plan") indexes to build, exit code $code"
exit "$failed"
