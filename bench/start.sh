#!/bin/sh
# Start to first answer, with and without an AOT cache: medians of $RUNS starts each, alternating. Beside the time by the
# clock stands the processor time that a start took: it says what a start costs also where others load the machine.
#
# To have the cache yourself, train it once per build and per JDK, then start with it (same jar path, same JDK):
#   java -XX:AOTCacheOutput=app.aot -jar headroom-service.jar …   # serve a request or two, stop it with SIGTERM
#   java -XX:AOTCache=app.aot -jar headroom-service.jar …
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

# one start: prints the milliseconds from exec to the first 200 of an endpoint that asks the database, by the clock and
# of processor time
one() {
  began=$(date +%s%N)
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "$@" -jar $jar $settings >"$work/log" 2>&1 &
  pid=$!
  until curl -sf -o /dev/null "http://localhost:$PORT/domains/"; do
    kill -0 $pid 2>/dev/null || { cat "$work/log" >&2; exit 1; }
    sleep 0.01
  done
  ended=$(date +%s%N)
  ticks=$(sed 's/.*) //' "/proc/$pid/stat" | awk '{ print $12 + $13 }')
  echo $(((ended - began) / 1000000)) $((ticks * 1000 / $(getconf CLK_TCK)))
  kill $pid
  wait $pid || true
}
column() { awk -v at="$1" '{ print $at }' "$2"; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

one -XX:AOTCacheOutput="$work/app.aot" >/dev/null
[ -s "$work/app.aot" ] || { cat "$work/log" >&2; exit 1; }
for run in $(seq "$RUNS"); do
  one >>"$work/plain"
  one -XX:AOTCache="$work/app.aot" >>"$work/aot"
done
echo "start to first answer, ms: $(column 1 "$work/plain" | median) plain (at most 1200), $(column 1 "$work/aot" | median) with an AOT cache (at most 600)"
echo "processor time of a start, ms: $(column 2 "$work/plain" | median) plain, $(column 2 "$work/aot" | median) with an AOT cache; load average $(cut -d' ' -f1 /proc/loadavg)"
