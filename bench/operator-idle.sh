#!/bin/sh
# The operator at rest: 500 DbPerformance resources, each with a Secret and a valid index, on 20 databases. Over a whole
# round of looks (300 s): status writes (promised: none), CPU (< 5 % of one core), resident memory (< 200 MiB).
# The operator runs as it does in its image, from its jar, with the JVM flags below; PostgreSQL is embedded.
# Needs a real API server: KUBEBUILDER_ASSETS=<folder with kube-apiserver and etcd>, or KUBECONFIG=<file> of a cluster from
# which this machine's 127.0.0.1 may be named as a database (the operator runs here, not there).
#   bench/operator-idle.sh [resources] [seconds]
set -eu
cd "$(dirname "$0")/.."
if [ -z "${KUBEBUILDER_ASSETS:-}${KUBECONFIG:-}" ]; then
  echo "SKIPPED: bench/operator-idle.sh needs an API server: KUBEBUILDER_ASSETS=<folder> or KUBECONFIG=<file>" >&2
  exit 0
fi
[ -z "${KUBECONFIG:-}" ] || export TEST_KUBECONFIG="$KUBECONFIG"
. ./.mvn/jdk.sh
./mvnw -q package -DskipTests -pl operator,testkit -am
# C1 alone: the compiled code stays small, and a look is a few milliseconds of waiting for the database anyway.
FLAGS=${OPERATOR_JVM_FLAGS:--Xmx64m -Xss512k -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:MaxMetaspaceSize=96m}
# shellcheck disable=SC2086
"$JAVA_HOME/bin/java" -Xmx512m --enable-native-access=ALL-UNNAMED \
  -Djava.util.logging.config.file=testkit/src/main/resources/test-logging.properties \
  -cp "operator/target/test-classes:operator/target/headroom-operator.jar:operator/target/lib/*:testkit/target/headroom-testkit.jar:testkit/target/lib/*" \
  dev.headroom.operator.IdleBench "${1:-500}" "${2:-300}" "$JAVA_HOME/bin/java" $FLAGS -jar operator/target/headroom-operator.jar run
