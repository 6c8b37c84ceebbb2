#!/bin/sh
# The cache, as ratios of alternating rounds side by side in one run; each line names its promise.
#   local hit        requests/s / those of nginx with the same bytes and headers from memory    at least 0.85
#   304              requests/s / those of the hit                                               at least 0.95
#   shared hit       requests/s with no local level / redis-benchmark GET of the same size       at least 0.38
#   cached           requests/s of an aggregate over 500,000 rows / without the cache            at least 1000
#   cold             statements for 3 x 200 requests at once for one answer                      1, without Redis at most 3
#   stale            p99 while a refresh runs / p99 of the fresh answer                          at most 1.5
#   visible          p99 from a commit to the answer of each of three instances                  at most 50 ms
#   Redis hurt       requests/s of local hits while it is frozen, and dead / healthy             at least 0.95, no errors
#   flood            159 pages of 4000 to 5000 tasks: what Redis grows by, and the process       at most 32 MB, 64 MB
#   slow Redis       p50 and p99 of uncached answers and of local hits: quick, 90 ms late, dead   no worse than dead
#   memory           what 1,000,000 answers leave in a level of 64 MB
# Needs wrk, redis-benchmark, psql, and nginx (NGINX=, its program). ONLY="local shared" runs some of them.
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
NGINX=${NGINX:-nginx}
RUNS=${RUNS:-5}
EACH=${EACH:-4}
CLIENTS=${CLIENTS:-32}
PORT=${PORT:-18480}
KEYS=${KEYS:-1000000}
SCALE=${SCALE:-0.5}
ONLY=${ONLY:-local shared cached cold stale visible flood slow hurt memory}
for program in wrk redis-benchmark psql "$NGINX"; do
  command -v "$program" >/dev/null || { echo "needs $program" >&2; exit 1; }
done
work=$(mktemp -d /dev/shm/headroom-cache.XXXXXX) # in memory, as nginx' files are to be
pids=
# The servers end a moment after the program that began them, and write until then.
trap 'kill $pids 2>/dev/null || true; wait 2>/dev/null || true; for _ in 1 2 3 4 5; do rm -rf "$work" 2>/dev/null && break; sleep 1; done' EXIT
JVM="-XX:+UseSerialGC -XX:+UseCompactObjectHeaders" # as make run has it, see docs/decisions/0045
CLASSES="service/target/headroom-service.jar:testkit/target/headroom-testkit.jar:service/target/lib/*:testkit/target/lib/*"
JDBC="jdbc:postgresql://127.0.0.1:$((PORT + 2))/headroom?user=postgres&password=postgres"
export PGPASSWORD=postgres

ready() { # until the service of this process at this port is
  until curl -sf -o /dev/null "http://localhost:$(($2 + 1))/health/ready"; do
    kill -0 "$1" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
    sleep 0.2
  done
}
first() { # PostgreSQL, Redis and an instance with sample data
  "$JAVA_HOME/bin/java" $JVM -cp "$CLASSES" dev.headroom.testkit.Laptop dev.headroom.service.ServiceMain \
    --run.folder="$work/servers" --run.postgres-port=$((PORT + 2)) --run.redis-port=$((PORT + 3)) \
    --server.port="$PORT" --admin.port=$((PORT + 1)) --catalogs.folders=bench/cache-catalog "$@" >"$work/log" 2>&1 &
  pids="$pids $!"
  ready $! "$PORT"
}
instance() { # another one at this port
  at=$1; shift
  "$JAVA_HOME/bin/java" $JVM ${HEAP:+-Xmx$HEAP} -jar service/target/headroom-service.jar --catalogs.enabled=statehub \
    --catalogs.folders=bench/cache-catalog --server.port="$at" --admin.port=$((at + 1)) --database.url="${JDBC%%\?*}" \
    --database.user=postgres --database.password=postgres --redis.url="redis://127.0.0.1:$((PORT + 3))" "$@" >"$work/log" 2>&1 &
  started=$!
  pids="$pids $started"
  ready $started "$at"
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }
requests() { # requests/s of this URL; errors and other answers than 2xx and 3xx go to $work/errors
  wrk -t1 -c"$CLIENTS" -d"${EACH}s" "$@" >"$work/wrk"
  grep -E 'Socket errors|Non-2xx' "$work/wrk" >>"$work/errors" || true
  awk '/Requests\/sec/ { print $2 }' "$work/wrk"
}
p99() { # milliseconds of this URL
  wrk -t1 -c8 -d"${EACH}s" --latency "$1" | awk '$1 == "99%" { v = $2; sub(/[a-z]+$/, "", v); print ($2 ~ /us$/) ? v / 1000 : ($2 ~ /ms$/) ? v : v * 1000 }'
}
probe() { "$JAVA_HOME/bin/java" -cp "$CLASSES" --source 25 bench/cache-probe "$@"; }
shared_errors() { # of the three instances
  for port in "$PORT" $((PORT + 10)) $((PORT + 20)); do curl -s "http://localhost:$((port + 1))/metrics"; done |
    awk '/^cache_shared_errors_total/ { n += $2 } END { print n + 0 }'
}
wants() { case " $ONLY " in *" $1 "*) true ;; *) false ;; esac; }
load() { awk '{ printf "load %s", $1 }' /proc/loadavg 2>/dev/null || true; }
sql() { psql -qAt -h 127.0.0.1 -p $((PORT + 2)) -U postgres headroom -c "$1"; }

echo "starting, with 500,000 rows to aggregate: a minute or two ($(load))" >&2
first --catalogs.enabled=statehub --catalogs.sample-scale="$SCALE"
URL=http://localhost:$PORT
until [ "$(curl -s "$URL/bench/version" -o /dev/null -D - | grep -c 'hit')" = 1 ]; do sleep 0.5; done

nginx_serving() { # the same bytes and headers as this path, at $PORT + 8 from a file in memory, at $PORT + 9 from its configuration
  curl -s "$URL$1" -o "$work/body"
  curl -s "$URL$1" -o /dev/null -D "$work/headers"
  {
    echo "daemon off; master_process off; pid $work/nginx.pid; error_log $work/nginx.log; events { worker_connections 4096; }"
    echo "http { access_log off; keepalive_requests 1000000000; tcp_nodelay on; tcp_nopush on; sendfile on; open_file_cache max=10 inactive=1h; server_tokens off;"
    # A folder of its own: started by root, nginx gives it to somebody else, and PostgreSQL could not reach its files.
    for use in client_body proxy fastcgi uwsgi scgi; do echo "${use}_temp_path $work/nginx;"; done
    echo "default_type application/json; etag off; if_modified_since off;"
    tr -d '\r' <"$work/headers" | grep -viE '^(HTTP|date|content-|connection|server|$)' |
      sed -n "s/^\([^:]*\): \(.*\)/add_header \1 '\2';/p"
    echo "server { listen 127.0.0.1:$((PORT + 8)) backlog=1024; location / { root $work; try_files /body =404; } }"
    if short; then
      echo "server { listen 127.0.0.1:$((PORT + 9)) backlog=1024; location / { return 200 '$(cat "$work/body")'; } }"
    fi
    echo "}"
  } >"$work/nginx.conf"
  "$NGINX" -p "$work" -c "$work/nginx.conf" >"$work/nginx.out" 2>&1 &
  nginx=$!
  pids="$pids $nginx"
  until curl -sf "http://localhost:$((PORT + 8))/" -o "$work/theirs"; do
    kill -0 $nginx || { cat "$work/nginx.out" "$work/nginx.log" >&2; exit 1; }
    sleep 0.1
  done
  cmp "$work/body" "$work/theirs"
  if short; then curl -sf "http://localhost:$((PORT + 9))/" | cmp "$work/body" -; fi
}
short() { [ "$(wc -c <"$work/body")" -lt 3000 ]; } # enough to stand in a configuration

if wants local; then
  id=$(sql "select id from statehub.tasks order by id limit 1")
  for path in "/tasks/$id" "/tasks/?limit=50" "/tasks/?limit=500"; do
    requests "$URL$path" >/dev/null; requests "$URL$path" >/dev/null # the JIT's warm-up is no part of it
    nginx_serving "$path"
    etag=$(tr -d '\r' <"$work/headers" | sed -n 's/^[Ee][Tt]ag: //p')
    rm -f "$work"/ours "$work"/nginx.r "$work"/literal "$work"/not
    requests -H "If-None-Match: $etag" "$URL$path" >/dev/null
    for run in $(seq "$RUNS"); do
      requests "$URL$path" >>"$work/ours"
      requests "http://localhost:$((PORT + 8))/" >>"$work/nginx.r"
      if short; then requests "http://localhost:$((PORT + 9))/" >>"$work/literal"; fi
      requests -H "If-None-Match: $etag" "$URL$path" >>"$work/not"
    done
    kill $nginx; wait $nginx 2>/dev/null || true
    ours=$(median <"$work/ours") theirs=$(median <"$work/nginx.r") not=$(median <"$work/not")
    bytes=$(wc -c <"$work/body")
    echo "local hit, $bytes bytes: $ours requests/s, nginx $theirs, ratio $(ratio "$ours" "$theirs") (at least 0.85) $(load)"
    if short; then
      literal=$(median <"$work/literal")
      echo "  nginx with the bytes in its configuration: $literal requests/s, ratio $(ratio "$ours" "$literal")"
    fi
    echo "304: $not requests/s, ratio $(ratio "$not" "$ours") (at least 0.95)"
  done
fi

if wants shared; then
  instance $((PORT + 10)) --cache.local-size=0 --redis.pool-size="$CLIENTS"
  shared=$started
  # Many answers in turn: requests for one and the same at once would share one look into Redis.
  cat >"$work/rows.lua" <<LUA
local n = 0
request = function() n = (n + 1) % 1000; return wrk.format("GET", "/bench/row/" .. n) end
LUA
  S=http://localhost:$((PORT + 10))
  requests -s "$work/rows.lua" "$S" >/dev/null; requests -s "$work/rows.lua" "$S" >/dev/null
  size=$(curl -s "$S/bench/row/1" | wc -c)
  [ "$(curl -s "$S/bench/row/1" -o /dev/null -D - | grep -c 'detail=shared')" = 1 ]
  for run in $(seq "$RUNS"); do
    requests -s "$work/rows.lua" "$S" >>"$work/shared"
    redis-benchmark -p $((PORT + 3)) -t set -d "$size" -n 1 -q >/dev/null
    redis-benchmark -p $((PORT + 3)) -t get -c "$CLIENTS" -n $((EACH * 40000)) -q --csv | awk -F'"' '$2 == "GET" { print $4 }' >>"$work/get"
  done
  kill $shared; wait $shared 2>/dev/null || true
  ours=$(median <"$work/shared") get=$(median <"$work/get")
  echo "shared hit, $size bytes: $ours requests/s, redis-benchmark GET $get/s, ratio $(ratio "$ours" "$get") (at least 0.38) $(load)"
fi

if wants cached; then
  instance $((PORT + 10)) --cache.enabled=false
  requests "$URL/state/summary" >/dev/null
  for run in $(seq "$RUNS"); do
    requests "$URL/state/summary" >>"$work/cached"
    wrk -t1 -c4 -d"${EACH}s" --timeout 60s "http://localhost:$((PORT + 10))/state/summary" | awk '/Requests\/sec/ { print $2 }' >>"$work/uncached"
  done
  kill $started; wait $started 2>/dev/null || true
  with=$(median <"$work/cached") without=$(median <"$work/uncached")
  echo "cached, $(sql 'select count(*) from statehub.tasks') rows: $with requests/s, without the cache $without, ratio $(awk "BEGIN { printf \"%d\", $with / $without }") (at least 1000) $(load)"
fi

if wants stale; then
  for path in fresh stale; do requests "$URL/bench/$path" >/dev/null; done
  for run in $(seq "$RUNS"); do
    p99 "$URL/bench/fresh" >>"$work/p99fresh"
    p99 "$URL/bench/stale" >>"$work/p99stale"
  done
  fresh=$(median <"$work/p99fresh") stale=$(median <"$work/p99stale")
  echo "stale: p99 $stale ms while a refresh runs, fresh $fresh ms, ratio $(ratio "$stale" "$fresh") (at most 1.5) $(load)"
fi

if wants cold || wants visible; then
  instance $((PORT + 10)); second=$started
  instance $((PORT + 20)); third=$started
  ALL=$URL,http://localhost:$((PORT + 10)),http://localhost:$((PORT + 20))
  sleep 4 # until all of them hear of changes
  if wants visible; then
    probe visible "$ALL" "$JDBC" 50 >/dev/null
    for run in $(seq "$RUNS"); do probe visible "$ALL" "$JDBC" 200 >>"$work/visible"; done
    echo "visible: p50 $(awk '{ print $1 }' "$work/visible" | median) ms, p99 $(awk '{ print $2 }' "$work/visible" | median) ms (at most 50) $(load)"
  fi
  if wants cold; then
    before=$(shared_errors)
    for run in $(seq "$RUNS"); do probe cold "$ALL" 200 "/bench/cold?number=$run" >>"$work/cold"; done
    unanswered=$(($(shared_errors) - before)) # each is an instance that computed by itself
    redis=$(pgrep -f "redis-server.*:$((PORT + 3))\$" | head -1)
    kill -STOP "$redis"
    for run in $(seq "$RUNS"); do probe cold "$ALL" 200 "/bench/cold?number=10$run" >>"$work/colder"; done
    kill -CONT "$redis"
    echo "cold: $(awk '{ print $1 }' "$work/cold" | sort -n | tail -1) statements at most (1), $(awk '{ print $1 }' "$work/colder" | sort -n | tail -1) with Redis frozen (at most 3)," \
      "$(cat "$work/cold" "$work/colder" | awk '{ n += $2 } END { print n }') failures, $unanswered questions to the healthy Redis unanswered $(load)"
  fi
  kill $second $third; wait $second $third 2>/dev/null || true
fi

heap() { # MB in use of this process after a collection
  "$JAVA_HOME/bin/jcmd" "$1" GC.run >/dev/null
  "$JAVA_HOME/bin/jcmd" "$1" GC.heap_info | # one line each generation
    awk '/Metaspace/ { exit } match($0, /used [0-9]+K/) { n += substr($0, RSTART + 5, RLENGTH - 6) } END { print int(n / 1024) }'
}
resident() { awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$1/status"; }
in_redis() { redis-cli -p $((PORT + 3)) info memory | tr -d '\r' | awk -F: '$1 == "used_memory" { print int($2 / 1048576) }'; }

if wants flood; then
  HEAP=512m instance $((PORT + 10))
  F=http://localhost:$((PORT + 10))
  for neighbour in /domains/ /topics/ /bench/version; do requests "$F$neighbour" >/dev/null; done
  heap=$(heap $started) resident=$(resident $started) redis=$(in_redis)
  neighbours=$(probe flood "$F" 8 /domains/,/topics/,/bench/version)
  echo "flood: Redis grew by $(($(in_redis) - redis)) MB (32), the process by $(($(resident $started) - resident)) MB resident and $(($(heap $started) - heap)) MB of heap (64)," \
    "neighbours p50, p99, most ms, requests, failures, seconds: $neighbours $(load)"
  kill $started; wait $started 2>/dev/null || true
fi

latency() { # p50 and p99 in ms of these requests
  wrk -t1 -c4 -d"${EACH}s" --latency "$@" | awk '
    function ms(v) { n = v; sub(/[a-z]+$/, "", n); return v ~ /us$/ ? n / 1000 : v ~ /ms$/ ? n : n * 1000 }
    $1 == "50%" { p50 = ms($2) } $1 == "99%" { p99 = ms($2) } END { printf "%s / %s", p50, p99 }'
}
if wants slow; then
  mkfifo "$work/delay"
  probe proxy $((PORT + 3)) <"$work/delay" >"$work/proxy" &
  proxy=$!
  pids="$pids $proxy"
  exec 7>"$work/delay"
  until [ -s "$work/proxy" ]; do sleep 0.2; done
  instance $((PORT + 10)) --redis.url="redis://127.0.0.1:$(cat "$work/proxy")"
  S=http://localhost:$((PORT + 10))
  fresh() { # numbers that nobody asked for
    from=$((${from:-10000000} + 10000000))
    printf 'local n = %s\nrequest = function() n = n + 1; return wrk.format("GET", "/bench/row/" .. n) end\n' "$from" >"$work/fresh.lua"
  }
  fresh; latency -s "$work/fresh.lua" "$S" >/dev/null
  latency "$S/bench/version" >/dev/null
  for redis in quick late dead; do
    case $redis in
      late) echo 90 >&7; sleep 1 ;;
      dead) exec 7>&-; kill $proxy; sleep 1 ;;
    esac
    fresh
    echo "slow Redis, $redis: uncached p50 / p99 $(latency -s "$work/fresh.lua" "$S") ms, local hit $(latency "$S/bench/version") ms $(load)"
  done
  kill $started; wait $started 2>/dev/null || true
fi

if wants memory; then
  redis-cli -p $((PORT + 3)) config set maxmemory 100mb maxmemory-policy allkeys-lru >/dev/null 2>&1 || {
    redis-cli -p $((PORT + 3)) config set maxmemory 100mb; redis-cli -p $((PORT + 3)) config set maxmemory-policy allkeys-lru; } >/dev/null
  HEAP=256m instance $((PORT + 10)) --cache.local-size=64MB --cache.endpoint-local-size=64MB
  failures=$(probe many "http://localhost:$((PORT + 10))" "$KEYS")
  "$JAVA_HOME/bin/jcmd" $started GC.run >/dev/null
  used=$("$JAVA_HOME/bin/jcmd" $started GC.heap_info | # one line each generation
    awk '/Metaspace/ { exit } match($0, /used [0-9]+K/) { n += substr($0, RSTART + 5, RLENGTH - 6) } END { print n }')
  resident=$(awk '/VmRSS/ { print int($2 / 1024) }' /proc/$started/status)
  kill $started; wait $started 2>/dev/null || true
  echo "memory: $KEYS answers through a level of 64 MB leave $((used / 1024)) MB of heap (of 256 MB), $resident MB resident, $failures failures $(load)"
fi

if wants hurt; then
  path=/bench/version
  redis=$(pgrep -f "redis-server.*:$((PORT + 3))\$" | head -1)
  rm -f "$work/errors"
  requests "$URL$path" >/dev/null
  for run in $(seq "$RUNS"); do
    requests "$URL$path" >>"$work/healthy"
    kill -STOP "$redis"; requests "$URL$path" >>"$work/frozen"; kill -CONT "$redis"
    sleep 1
  done
  frozen=$(median <"$work/frozen") healthy=$(median <"$work/healthy")
  kill -KILL "$redis"
  for run in $(seq "$RUNS"); do requests "$URL$path" >>"$work/dead"; done
  dead=$(median <"$work/dead")
  echo "Redis hurt: $healthy requests/s healthy, frozen $frozen, ratio $(ratio "$frozen" "$healthy"), dead $dead, ratio $(ratio "$dead" "$healthy") (at least 0.95), errors: $(cat "$work/errors" 2>/dev/null | wc -l) $(load)"
fi
