#!/bin/sh
# Rows of /tasks/?limit=500 per second, Database.list ÷ plain JDBC on the same SELECT (promised: at least 0.85).
# The JVM of the test run has one JIT tier, which would measure the wrong thing: this one has both.
# Needs nothing but a JDK: the server is the testkit's. Rounds alternate; medians are compared.
#   bench/rows.sh [rounds] [milliseconds per round]
set -eu
cd "$(dirname "$0")/.."
./mvnw -q -pl service -am test -Dtest=RowsBench -Dsurefire.failIfNoSpecifiedTests=false \
  -Dtest.jvm="-Xmx1g --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow" -Dbench.rounds="${1:-15}" -Dbench.round-millis="${2:-1000}" | grep '^bench rows' 
