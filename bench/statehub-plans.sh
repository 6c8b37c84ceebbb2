#!/bin/sh
# What the indexes of examples/statehub.yaml do for the statehub catalog's lists: each statement's plan and time before
# and after `headroom-operator apply`, on the sample at SCALE (1 is a million tasks), on a database of its own that is
# dropped at the end. Times are the median of five runs after one that warms up.
# Needs psql and a PostgreSQL: PGHOST, PGPORT, PGUSER and PGPASSWORD, as psql has them, of a role that may create databases.
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
export PGHOST="${PGHOST:-localhost}" PGPORT="${PGPORT:-5432}" PGUSER="${PGUSER:-postgres}"
SCALE=${SCALE:-0.3}
work=$(mktemp -d)
database=headroom_plans_$$
psql -qd postgres -c "create database $database"
trap 'psql -qd postgres -c "drop database $database with (force)"; rm -rf "$work"' EXIT

HEADROOM_DATABASE_PASSWORD="${PGPASSWORD:-}" "$JAVA_HOME/bin/java" -jar service/target/headroom-service.jar \
  --database.url="jdbc:postgresql://$PGHOST:$PGPORT/$database" --database.user="$PGUSER" --catalogs.enabled=statehub \
  --sample-scale="$SCALE" >"$work/sample.log" 2>&1 || { cat "$work/sample.log" >&2; exit 1; }
export PGDATABASE=$database PGOPTIONS='-c search_path=statehub'
psql -qc 'vacuum analyze'

# The catalog's statements with their tables and places filled in, as the service fills them.
catalog=service/src/main/resources/catalogs/statehub
statement() { # file, filters, repository
  sed -e '/^--/d' -e 's/{{filters}}/'"$2"'/' -e 's/{{order}}/created_at desc, id/' -e 's/[{]\([a-z_]*\)[}]/\1/g' \
    -e "s/:limit/500/; s/:offset/0/; s/:repo_id/'$3'/" "$catalog/$1"
}
repository=$(psql -Atc 'select repo_id from sbom_snapshots limit 1')
workstream=$(psql -Atc 'select workstream_id from tasks limit 1')
rare=$(psql -Atc 'select status from tasks group by 1 order by count(*) limit 1')
{
  echo "/tasks/|tasks.sql|true"
  echo "/tasks/?status=$rare|tasks.sql|status = '$rare'"
  echo "/tasks/?workstream_id=…|tasks.sql|workstream_id = '$workstream'"
  echo "/tasks/?workstream_id=…&status=$rare|tasks.sql|workstream_id = '$workstream' and status = '$rare'"
  echo "/workstreams/?status=active|workstreams.sql|status = 'active'"
  echo "/sbom/snapshots/|newest-snapshots.sql|true"
  echo "/sbom/snapshots/?repo_id=…|repo-snapshots.sql|true"
} >"$work/requests"

explain() { # before or after
  while IFS='|' read -r request file filters; do
    statement "$file" "$filters" "$repository" >"$work/statement"
    for run in 0 1 2 3 4 5; do
      { echo 'explain (analyze, buffers, costs off)'; cat "$work/statement"; } | psql -Atf - >"$work/plan.$run" </dev/stdin
    done
    time=$(grep -h '^Execution Time' "$work"/plan.[1-5] | awk '{ print $3 }' | sort -n | sed -n 3p)
    # What reads tables, without the never executed halves; of partitions of one node once.
    nodes=$(grep -oE '(Parallel )?(Seq Scan|Index Scan|Index Only Scan|Bitmap Index Scan)[^(]*\(actual' "$work/plan.5" \
      | sed -e 's/ (actual$//' -e 's/ Backward//' | sort -u | paste -sd ';' | sed 's/;/; /g')
    blocks=$(grep -m1 -oE 'Buffers: shared.*' "$work/plan.5" | grep -oE '(hit|read)=[0-9]+' | cut -d= -f2 | awk '{ s += $1 } END { print s }')
    printf '%s|%s|%s|%s\n' "$request" "$time" "$blocks" "$nodes"
  done <"$work/requests" >"$work/$1"
}
explain before
sed 's/mode: Observe/mode: Apply/; s/name: headroom$/name: '"$database"'/' examples/statehub.yaml >"$work/apply.yaml"
sed -i 's/^    credentialsSecretRef:.*/&\n    tls: {mode: disable}/' "$work/apply.yaml"
PGOPTIONS= bin/headroom-operator apply -f "$work/apply.yaml" --host "$PGHOST" --port "$PGPORT" --user "$PGUSER" >&2
psql -qc 'vacuum analyze'
explain after

echo "statehub at scale $SCALE, $(psql -Atc 'show server_version'), load $(cut -d' ' -f1 /proc/loadavg)"
paste -d'|' "$work/before" "$work/after" | awk -F'|' '{
  printf "%s\n  before %9.2f ms %8d blocks  %s\n  after  %9.2f ms %8d blocks  %s\n", $1, $2, $3, $4, $6, $7, $8 }'
