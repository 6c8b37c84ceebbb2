#!/bin/sh
# Many small indexes, from apply to all valid: 250 on 25 empty tables by one resource (promised: 10 s), beside the same CREATE INDEX
# CONCURRENTLY statements on one session; then 300 resources with one index each on one database (60 s). Also what this
# process, operator and measurement together, has resident (250 MiB). Needs nothing but a JDK: the server is the testkit's.
#   bench/many-indexes.sh [resources [indexes of each]]
set -eu
cd "$(dirname "$0")/.."
./mvnw -q -pl operator -am test -Dtest=ManyIndexesBench -Dsurefire.failIfNoSpecifiedTests=false \
  -Dtest.jvm="-Xmx128m -Dbench.resources=${1:-300} -Dbench.of-each=${2:-1} --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow" \
  | grep '^bench many indexes'
