#!/bin/sh
# Start to first answer, with and without an AOT cache: medians of $RUNS starts each, alternating.
# Needs a built service (make bench builds it) and a database: BENCH_URL, BENCH_USER, BENCH_PASSWORD (trust is fine).
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
URL=${BENCH_URL:?jdbc:postgresql://host:port/database}
RUNS=${RUNS:-7}
PORT=${PORT:-18280}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
jar=service/target/headroom-service.jar
settings="--server.port=$PORT --admin.port=$((PORT + 1)) --database.url=$URL --database.user=${BENCH_USER:-postgres} --catalogs.enabled=statehub"
export HEADROOM_DATABASE_PASSWORD="${BENCH_PASSWORD:-}"

# one start: prints the milliseconds from exec to the first 200 of an endpoint that asks the database
one() {
  began=$(date +%s%N)
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "$@" -jar $jar $settings 2>"$work/log" &
  pid=$!
  until curl -sf -o /dev/null "http://localhost:$PORT/domains/"; do
    kill -0 $pid 2>/dev/null || { cat "$work/log" >&2; exit 1; }
    sleep 0.01
  done
  echo $((($(date +%s%N) - began) / 1000000))
  kill $pid
  wait $pid || true
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

one -XX:AOTCacheOutput="$work/app.aot" >/dev/null
[ -s "$work/app.aot" ] || { cat "$work/log" >&2; exit 1; }
for run in $(seq "$RUNS"); do
  one >>"$work/plain"
  one -XX:AOTCache="$work/app.aot" >>"$work/aot"
done
echo "start to first answer, ms: $(median <"$work/plain") plain (at most 1200), $(median <"$work/aot") with an AOT cache (at most 600)"
