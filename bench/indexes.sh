#!/bin/sh
# From apply to all four statehub indexes valid, against the same CREATE INDEX CONCURRENTLY statements run bare, one after
# the other (promised: at most 1.05 times as long and 3 s more). The operator's part includes its looks, Flyway's history,
# locks and renames. Needs nothing but a JDK: the server is the testkit's.
#   bench/indexes.sh [tasks]
set -eu
cd "$(dirname "$0")/.."
./mvnw -q -pl operator -am test -Dtest=IndexesBench -Dsurefire.failIfNoSpecifiedTests=false \
  -Dtest.jvm="-Xmx1g -Dbench.rows=${1:-1000000} --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow" \
  | grep '^bench indexes'
