# Every target is one line of work; `make help` lists them. A JDK 25 is found by .mvn/jdk.sh.
.DEFAULT_GOAL := help
SHELL := /bin/sh
ARGS ?=

BUILT := service/target/.built
SOURCES := $(shell find pom.xml */pom.xml support/src/main insight/src/main service/src/main testkit/src/main -type f 2>/dev/null)
DEMO_BUILT := operator/target/.built-demo
# From the first line on: the driver logs before the service could choose.
LOGS := -Djava.util.logging.manager=dev.headroom.service.LastingLogs
# How the service is meant to be run, see docs/decisions/0045.
JVM := -XX:+UseSerialGC -XX:+UseCompactObjectHeaders
LAPTOP := service/target/headroom-service.jar:testkit/target/headroom-testkit.jar:service/target/lib/*:testkit/target/lib/*

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(BUILT) ## start PostgreSQL, Redis and the service on this machine, print the URLs (Ctrl-C stops all)
	@. ./.mvn/jdk.sh && exec "$$JAVA_HOME/bin/java" $(JVM) $(LOGS) -cp "$(LAPTOP)" dev.headroom.testkit.Laptop dev.headroom.service.ServiceMain --catalogs.sample-scale=0.01 "--documents.roots=$(CURDIR)/target/run/repositories" $(ARGS)

check-catalogs: $(BUILT) ## check every catalog against a PostgreSQL started for it, or ARGS=--database.url=… (lists all mistakes; make then ends with 2)
	@. ./.mvn/jdk.sh && exec "$$JAVA_HOME/bin/java" $(LOGS) -cp "$(LAPTOP)" dev.headroom.testkit.Laptop dev.headroom.service.ServiceMain --run.folder=target/check --run.postgres-port=15442 --run.redis-port=16389 --check-catalogs $(ARGS)

SCALE ?= 0.01
sample: $(BUILT) ## fill a database's empty tables: make sample SCALE=1 ARGS="--database.url=… --database.user=…"
	@. ./.mvn/jdk.sh && exec "$$JAVA_HOME/bin/java" -jar service/target/headroom-service.jar --sample-scale=$(SCALE) $(ARGS)

test: ## every test, on real embedded servers
	./mvnw verify --fail-at-end

POSTGRES_VERSIONS ?= 14.18.0 15.13.0 16.9.0 17.5.0
ON_OLDER := 'dev/headroom/insight/**/*Test,dev/headroom/operator/index/**/*Test,dev/headroom/operator/index/*IT'
test-postgres: ## insight and the operator's indexes on older PostgreSQLs, and that 14.3 is refused
	@failed=; for version in $(POSTGRES_VERSIONS); do echo "== PostgreSQL $$version"; \
	  ./mvnw test -pl insight,operator -am --fail-at-end -Dpostgres.version=$$version -Dtest=$(ON_OLDER) \
	    -Dsurefire.failIfNoSpecifiedTests=false || failed="$$failed $$version"; done; \
	[ -z "$$failed" ] || { echo "failed on PostgreSQL$$failed"; exit 1; }
	./mvnw test -pl operator -am -Dpostgres.version=14.3.0 -Dtest=ServerVersionTest -Dsurefire.failIfNoSpecifiedTests=false

check: ## what needs no server: compile, format, house rules, dependency rules, generated files up to date
	./mvnw verify -Dtest='House*Test,*DriftTest' -DskipITs -Dsurefire.failIfNoSpecifiedTests=false

format: ## rewrite the sources in the house format
	./mvnw -q spotless:apply

images: ## write the container images of both programs to target/*-image.tar, no Docker needed (Linux; ARGS=--help: names, AOT cache)
	@./mvnw -q package -Dmaven.test.skip=true -pl service,operator,images -am
	@. ./.mvn/jdk.sh && exec env -u TEST_BACKEND -u TEST_KUBECONFIG "$$JAVA_HOME/bin/java" --sun-misc-unsafe-memory-access=allow \
	  -Djava.util.logging.config.file=testkit/src/main/resources/test-logging.properties -cp "images/target/headroom-images.jar:images/target/lib/*" dev.headroom.images.BuildImages $(ARGS)

# How a node gets an image: kind does it so; on one node of your own, LOAD="ctr -n k8s.io images import".
LOAD ?= kind load image-archive
e2e: images ## install both programs on the cluster of the current kubeconfig and hold them to their promises; needs an empty cluster, ten minutes (LOAD=…: how a node gets an image)
	@for program in operator service; do $(LOAD) target/headroom-$$program-image.tar || exit 1; done
	@rm -f charts/target/failsafe-reports/TEST-*EndToEndIT.xml target/e2e.xml
	@./mvnw -q verify -pl charts -am -Dtest=none -Dit.test=EndToEndIT -Dheadroom.e2e=true -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false; \
	  ended=$$?; mkdir -p target && cp charts/target/failsafe-reports/TEST-*EndToEndIT.xml target/e2e.xml && echo "The summary as JUnit XML: target/e2e.xml"; exit $$ended

crds: ## write crds/, docs/reference and the copy in charts/ from the records (a breaking change is refused)
	./mvnw -q -pl operator,charts -am -Dtest='*DriftTest' -Dheadroom.write-generated=true -Dsurefire.failIfNoSpecifiedTests=false test $(ARGS)

charts: ## write what is generated in charts/: tables of values, descriptions in schemas, copies, manifests to compare with
	./mvnw -q -pl charts -am -Dtest='*DriftTest' -Dheadroom.write-generated=true -Dsurefire.failIfNoSpecifiedTests=false test $(ARGS)

bench: $(BUILT) ## the measurements of bench/, one after the other (minutes; needs what bench/README.md lists)
	@for script in bench/*.sh; do echo "== $$script" && "$$script" || exit 1; done

demo-scaling: $(DEMO_BUILT) ## watch pools and replicas follow a load: real pods, PostgreSQL, the operator; 4 minutes, Linux (Ctrl-C stops all)
	@. ./.mvn/jdk.sh && cd operator && exec "$$JAVA_HOME/bin/java" -Xmx256m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
	  -Djava.util.logging.config.file=../bench/demo-scaling/logging.properties \
	  -cp "target/test-classes:target/classes:target/lib/*:../testkit/target/headroom-testkit.jar:../testkit/target/lib/*" \
	  dev.headroom.operator.loop.ScalingDemo

check-scaling: ## the loop of demo-scaling as a test; four minutes of a machine that nobody else uses, Linux
	./mvnw -q verify -pl service,operator -am -Dtest=none -Dit.test=ScalingLoopIT -Dheadroom.scaling-loop=true -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

clean: ## remove everything that was built
	./mvnw -q clean

$(BUILT): $(SOURCES)
	@echo "Building, which takes a minute or two the first time." >&2
	@./mvnw -q package -DskipTests -pl service,testkit -am && touch $@

$(DEMO_BUILT): $(SOURCES) $(shell find operator/src crds -type f 2>/dev/null)
	@echo "Building, which takes a minute or two the first time." >&2
	@./mvnw -q package -DskipTests -pl service,operator -am && touch $@

.PHONY: help run check-catalogs sample test test-postgres check format crds charts images e2e bench demo-scaling check-scaling clean
