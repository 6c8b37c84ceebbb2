#!/bin/sh
# What capacity costs the operator: the decision for 200 pods with 60 routes (promised: 50 ms, and what reading the pages takes), and the
# processor time of asking 50 pods each 15 s and deciding (promised: 2 % of a core), for the page of the service and for one of 60
# routes. With the JVM flags of the operator; the pods are played by a process of its own. Needs nothing but a JDK.
#   bench/capacity.sh [seconds]
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
./mvnw -q package -DskipTests -pl operator,testkit -am
FLAGS=${OPERATOR_JVM_FLAGS:--Xmx64m -Xss512k -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:MaxMetaspaceSize=96m}
bench() { # replaces the shell that it is called in
  # shellcheck disable=SC2086
  exec "$JAVA_HOME/bin/java" $FLAGS \
    -cp "operator/target/test-classes:operator/target/headroom-operator.jar:operator/target/lib/*:testkit/target/headroom-testkit.jar:testkit/target/lib/*" \
    dev.headroom.operator.capacity.control.CapacityBench "$@"
}
(bench decide)
for routes in 0 60; do
  port=$((15000 + $$ % 10000 + routes))
  bench serve $port $routes &
  pods=$!
  trap 'kill $pods 2>/dev/null' EXIT
  echo "routes: $routes (0: the page of the service)"
  (bench collect $port 50 "${1:-120}")
  kill $pods
done
