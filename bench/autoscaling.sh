#!/bin/sh
# Our replica scaler, pool sizer and sequencer beside HPA on CPU, HPA on latency, Knative's autoscaler and a fixed size, on
# the same requests: a simulation of single requests (docs/scaling-simulation.md). Needs nothing but a JDK.
#   bench/autoscaling.sh [--trace FILE] [--seed N] [--json]
# FILE has lines of seconds,requests per second (after at most one header; a week at most; a wrong line is named) and is
# run alone; its rates are scaled so that its busiest ten seconds need
# about 16 pods. --json prints one object a line for each scaler and trace. Others: --seeds N, --traces a,b, --scalers a,b,
# --start-up S, --scrape S, --coarse N, --scale FACTOR, --model name=value,…, --plots FOLDER, --verbose.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/.mvn/jdk.sh"
(cd "$root" && ./mvnw -q -pl operator -am test-compile) >&2
exec "$JAVA_HOME/bin/java" -Xmx512m -XX:+UseSerialGC -cp "$root/operator/target/classes:$root/operator/target/test-classes" \
  dev.headroom.operator.capacity.simulation.SimulationMain "$@"
