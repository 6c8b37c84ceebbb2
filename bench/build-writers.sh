#!/bin/sh
# How long a writer waits while an index is built: single-row inserts into a table of ROWS rows, during CREATE INDEX
# CONCURRENTLY by psql and during `headroom-operator apply`, in turn. The server logs each wait for a lock over 100 ms, so
# a slow insert is known to be a lock or the disk. Needs initdb, pg_ctl, psql and pgbench (PG_BIN names their folder).
#   bench/build-writers.sh [rows]      RUNS and PORT may be set
set -eu
cd "$(dirname "$0")/.."
ROWS=${1:-1000000} PORT=${PORT:-15471}
PATH=${PG_BIN:-/usr/lib/postgresql/15/bin}:$PATH
work=$(mktemp -d)
as() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "PATH=$PATH; $1"; else sh -c "$1"; fi; }
[ "$(id -u)" = 0 ] && chown postgres "$work"
trap 'as "pg_ctl -D $work/data -m immediate stop" >/dev/null 2>&1; rm -rf "$work"' EXIT
as "initdb -D $work/data -U postgres --auth=trust" >/dev/null
as "pg_ctl -D $work/data -w -l $work/log -o '-p $PORT -k $work -c log_lock_waits=on -c deadlock_timeout=100ms' start" >/dev/null
export PGHOST=127.0.0.1 PGPORT="$PORT" PGUSER=postgres PGDATABASE=postgres PGPASSWORD=none
psql -qc "create table tasks (id bigint generated always as identity primary key, status text, title text);
  insert into tasks (status, title) select (array['open','done','blocked'])[1 + i % 3], md5(i::text) from generate_series(1, $ROWS) i" \
  -c "vacuum analyze tasks" -c checkpoint
echo "insert into tasks (status, title) values ('open', 'x');" >"$work/insert.sql"
cat >"$work/resource.yaml" <<YAML
apiVersion: headroom.dev/v1alpha1
kind: DbPerformance
metadata: {name: bench}
spec:
  mode: Apply
  database: {host: 127.0.0.1, port: $PORT, name: postgres, credentialsSecretRef: {name: none}, tls: {mode: prefer}}
  indexes: {declared: [{name: ix_bench, table: tasks, columns: [status, title]}]}
YAML
bin/headroom-operator --version >/dev/null # builds it, where that is not done
# One build beside a writer. Prints the writer's slowest insert in milliseconds.
beside() {
  (cd "$work" && exec pgbench -n -c 1 -T 3600 -l --log-prefix="$work/$1" -f "$work/insert.sql") >/dev/null 2>&1 & writer=$!
  sleep 1
  shift; "$@" >/dev/null
  kill "$writer"; wait "$writer" 2>/dev/null || true
  cat "$work"/[a-z]*.[0-9]* | awk '$3 > worst { worst = $3 } END { printf "%.0f\n", worst / 1000 }'
  rm -f "$work"/[a-z]*.[0-9]*; psql -qc 'drop index if exists ix_bench' -c checkpoint
}
for run in $(seq "${RUNS:-5}"); do
  beside plain psql -qc 'create index concurrently ix_bench on tasks (status, title)' >>"$work/worst-plain"
  beside ours bin/headroom-operator apply -f "$work/resource.yaml" --user postgres >>"$work/worst-ours"
done
echo "slowest insert of each run, ms: psql $(tr '\n' ' ' <"$work/worst-plain"), operator $(tr '\n' ' ' <"$work/worst-ours")"
echo "waits for a lock over 100 ms: $(grep -c 'still waiting' "$work/log" || true), of inserts: $(grep -A3 'still waiting' "$work/log" | grep -ci 'STATEMENT: *insert' || true)"
