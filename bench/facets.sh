#!/bin/sh
# The filter over many items (/plots/filter): builds and requests at 3.6 k and 120 k images, beside the reference
# implementation that the tests compare with. One core for Java; PostgreSQL is embedded and has the others.
# usage: bench/facets.sh [scale…]     scale 1 is 120,000 images, 0.03 is 3,600
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
./mvnw -q package -DskipTests -pl service,testkit -am
[ $# -gt 0 ] || set -- 0.03 1
exec "$JAVA_HOME/bin/java" -Xmx1500m -XX:+UseSerialGC -XX:ActiveProcessorCount=1 --enable-native-access=ALL-UNNAMED \
  -Djava.util.logging.config.file=testkit/src/main/resources/test-logging.properties \
  -cp "service/target/test-classes:service/target/headroom-service.jar:service/target/lib/*:testkit/target/headroom-testkit.jar:testkit/target/lib/*" \
  dev.headroom.service.facets.FacetsBench "$@"
