#!/bin/sh
# The service against its own database, in ratios that hold on any machine: medians of alternating runs.
#   one row        requests/s of /tasks/{id} / transactions/s of pgbench on the same SELECT     at least 0.50
#                  (as pgbench comes, which sends the text each time; and with -M prepared, as the service does)
#   profile        requests/s with profile / without                                            at least 0.97
#   150 clients    a minute of mixed endpoints: no acquire timeout, no 5xx but shedding, connections within the pool
# All without the cache. Needs wrk and pgbench, a built service, and a database with sample data: BENCH_URL=postgresql://user@host:port/database
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
URL=${BENCH_URL:?postgresql://user@host:port/database, with sample data (make sample)}
JDBC="jdbc:$(echo "$URL" | sed 's|//[^@]*@|//|')"
USER_=$(echo "$URL" | sed 's|.*//\([^:@]*\).*|\1|')
SECONDS_=${SECONDS_EACH:-8}
RUNS=${RUNS:-5}
PORT=${PORT:-18280}
CLIENTS=${CLIENTS:-8}
work=$(mktemp -d)
trap 'kill $pid 2>/dev/null || true; rm -rf "$work"' EXIT
pid=

start() { # start the service with these arguments and wait until it is ready
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -jar service/target/headroom-service.jar --catalogs.enabled=statehub --cache.enabled=false \
    --server.port="$PORT" --admin.port=$((PORT + 1)) --database.url="$JDBC" --database.user="$USER_" "$@" 2>"$work/log" &
  pid=$!
  until curl -sf -o /dev/null "http://localhost:$((PORT + 1))/health/ready"; do
    kill -0 $pid 2>/dev/null || { cat "$work/log" >&2; exit 1; }
    sleep 0.1
  done
}
stop() { kill "$pid"; wait "$pid" || true; pid=; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }
requests() { wrk -t2 -c"$CLIENTS" -d"${2:-$SECONDS_}s" "http://localhost:$PORT$1" | awk '/Requests\/sec/ { print $2 }'; }

pgbench_() { # transactions/s in this query mode, with the id so: pasted as it is, or bound
  pgbench -n -M "$1" -c "$CLIENTS" -j 2 -T "$SECONDS_" -D id="$2" -f "$work/one.sql" "$URL" 2>/dev/null | awk '/^tps/ { print $3 }'
}

# Both sides ask for the same task by the same statement, on $CLIENTS connections over TCP, two threads each: pgbench of
# PostgreSQL, wrk of the service.
id=$(psql "$URL" -Atc "select id from statehub.tasks order by id limit 1")
sed 's/{tasks}/statehub.tasks/; $s/$/;/' service/src/main/resources/catalogs/statehub/task.sql >"$work/one.sql"
start --database.pool.maximum-pool-size="$CLIENTS" --database.pool.minimum-idle="$CLIENTS"
requests "/tasks/$id" 15 >/dev/null # the JIT's warm-up is no part of it
pgbench_ simple "'$id'" >/dev/null
for run in $(seq "$RUNS"); do
  requests "/tasks/$id" >>"$work/http"
  pgbench_ simple "'$id'" >>"$work/simple"
  requests "/tasks/$id" >>"$work/http"
  pgbench_ prepared "$id" >>"$work/prepared"
done
stop
http=$(median <"$work/http") simple=$(median <"$work/simple") prepared=$(median <"$work/prepared")
echo "one row: $http requests/s; pgbench $simple/s, ratio $(ratio "$http" "$simple") (at least 0.50);" \
  "with -M prepared $prepared/s, ratio $(ratio "$http" "$prepared"); load $(cut -d' ' -f1 /proc/loadavg 2>/dev/null)"

# Two services side by side, so that both see the same machine.
first=$PORT
start; on=$pid
PORT=$((first + 10)); start --profile.enabled=false; off=$pid
PORT=$first; requests "/tasks/$id" 10 >/dev/null
PORT=$((first + 10)); requests "/tasks/$id" 10 >/dev/null
for run in $(seq $((RUNS + 2))); do
  PORT=$first; requests "/tasks/$id" >>"$work/on"
  PORT=$((first + 10)); requests "/tasks/$id" >>"$work/off"
done
PORT=$first; kill $on $off; wait $on $off || true; pid=
with=$(median <"$work/on") without=$(median <"$work/off")
echo "profile: $with requests/s with, $without without, ratio $(ratio "$with" "$without") (at least 0.97)"

# Mixed endpoints, each client a random one each time.
cat >"$work/mixed.lua" <<LUA
local paths = { "/domains/", "/topics/", "/tasks/$id", "/tasks/?limit=50", "/repos/", "/workstreams/?limit=20",
  "/sbom/snapshots/", "/tasks/?status=todo&limit=20", "/nope", "/tasks/?limit=x" }
math.randomseed(42)
request = function() return wrk.format("GET", paths[math.random(#paths)]) end
LUA
start
watch() { # the most connections that the database saw from this service
  while sleep 0.5; do
    psql "$URL" -Atc "select count(*) from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()"
  done >"$work/connections"
}
watch & watcher=$!
wrk -t2 -c150 -d"${MIXED_SECONDS:-60}s" --latency -s "$work/mixed.lua" "http://localhost:$PORT" >"$work/mixed"
kill $watcher; wait $watcher 2>/dev/null || true
curl -s "http://localhost:$((PORT + 1))/metrics" >"$work/metrics"
stop
errors=$(awk '/^http_server_request_duration_seconds_count.*status="5/ { n += $NF } END { print n + 0 }' "$work/metrics")
shed=$(awk '/^http_server_shed_requests_total/ { print $2 }' "$work/metrics")
timeouts=$(awk '/failures_total.*pool_exhausted/ { n += $NF } END { print n + 0 }' "$work/metrics")
pool=$(awk '/^db_client_connections_max/ { print $2 }' "$work/metrics")
echo "150 clients: $(awk '/Requests\/sec/ { print $2 }' "$work/mixed") requests/s, p99 $(awk '$1 == "99%" { print $2 }' "$work/mixed"), $errors answers of 5xx of which $shed shed," \
  "$timeouts acquire timeouts, at most $(sort -n "$work/connections" | tail -1) connections of a pool of $pool"
[ "$errors" = "$shed" ] && [ "$timeouts" = 0 ]
