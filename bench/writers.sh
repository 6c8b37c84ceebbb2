#!/bin/sh
# What the cache costs those who write: single-row updates of statehub.tasks by 8 clients with the change trigger
# (docs/change-triggers.sql) ÷ without, alternating. PostgreSQL takes the commits of transactions that notify one after
# the other, so this is the price of hearing of changes at all; `cache.changes: false` and no trigger avoid it.
# Needs wrk, psql and pgbench. SECONDS_EACH, RUNS and SCALE may be set.
set -eu
cd "$(dirname "$0")/.."
SCALE=${SCALE:-0.02}
. bench/on-sample
export PGPASSWORD=postgres PGHOST=127.0.0.1 PGPORT=$((PORT + 2)) PGUSER=postgres PGDATABASE=headroom
cat >"$work/update.sql" <<'SQL'
\set n random(0, 4095)
update statehub.tasks set updated_at = now() where id = (select id from statehub.tasks where id >= (lpad(to_hex((:n)::int), 3, '0') || '00000-0000-0000-0000-000000000000')::uuid order by id limit 1);
SQL
round() { pgbench -n -M prepared -c 8 -j 2 -T "${SECONDS_EACH:-5}" -f "$work/update.sql" 2>/dev/null | awk '/^tps/ { print $3 }'; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
round >/dev/null
for run in $(seq "${RUNS:-5}"); do
  round >>"$work/without"
  psql -qv schema=statehub -v tables=tasks -f docs/change-triggers.sql
  round >>"$work/with"
  psql -qc 'drop trigger headroom_changed on statehub.tasks; drop trigger headroom_replicated on statehub.tasks'
done
with=$(median <"$work/with") without=$(median <"$work/without")
echo "updates: $with/s with the trigger, $without/s without, ratio $(awk "BEGIN { printf \"%.2f\", $with / $without }") (fsync is off in this server: where it is on, the difference is smaller or larger)"
