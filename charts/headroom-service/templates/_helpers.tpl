{{- define "headroom.component" -}}service{{- end -}}

{{- define "headroom-service.performanceName" -}}
{{- default (include "headroom.fullname" .) .Values.performance.name -}}
{{- end -}}

{{/* The Secret with the credentials of the database. */}}
{{- define "headroom-service.databaseSecret" -}}
{{- if .Values.dev.enabled -}}
{{- include "headroom.fullname" . }}-dev
{{- else -}}
{{- .Values.database.existingSecret -}}
{{- end -}}
{{- end -}}

{{/* "true" where host, port and name of the database are in its Secret. */}}
{{- define "headroom-service.hostInSecret" -}}
{{- if not (or .Values.database.url .Values.database.host) -}}true{{- end -}}
{{- end -}}

{{- define "headroom-service.redisUrl" -}}
{{- if .Values.dev.enabled -}}
redis://{{ include "headroom.fullname" . }}-redis:6379
{{- else -}}
{{- .Values.redis.url -}}
{{- end -}}
{{- end -}}

{{/* "true" where some Redis is used. */}}
{{- define "headroom-service.hasRedis" -}}
{{- if or (include "headroom-service.redisUrl" .) (dig "redis" "sentinel" "nodes" "" .Values.settings) (dig "redis" "cluster" "nodes" "" .Values.settings) -}}true{{- end -}}
{{- end -}}

{{/* Who else sets the number of replicas; empty where the chart does. */}}
{{- define "headroom-service.scaledBy" -}}
{{- if .Values.scaledBy -}}
{{- .Values.scaledBy -}}
{{- else if and .Values.performance.enabled .Values.performance.spec.replicas -}}
DbPerformance
{{- end -}}
{{- end -}}

{{- define "headroom-service.poolConfigMap" -}}
{{- if .Values.pool.configMap -}}
{{- .Values.pool.configMap -}}
{{- else if .Values.performance.enabled -}}
{{- include "headroom-service.performanceName" . }}-pool
{{- end -}}
{{- end -}}

{{- define "headroom-service.tlsSecret" -}}
{{- if .Values.tls.certManager.enabled -}}
{{- include "headroom.fullname" . }}-tls
{{- else -}}
{{- .Values.tls.existingSecret -}}
{{- end -}}
{{- end -}}

{{/* The URL of the database. Where its parts are in the Secret, the kubelet fills in variables of the container. */}}
{{- define "headroom-service.databaseUrl" -}}
{{- with .Values.database -}}
{{- $url := .url -}}
{{- if .host -}}
{{- $url = printf "jdbc:postgresql://%s:%d/%s" .host (int .port) .name -}}
{{- else if not $url -}}
{{- $url = "jdbc:postgresql://$(DATABASE_HOST):$(DATABASE_PORT)/$(DATABASE_NAME)" -}}
{{- end -}}
{{- $parameters := list -}}
{{- with .tls.mode -}}
{{- $parameters = append $parameters (printf "sslmode=%s" .) -}}
{{- end -}}
{{- if .tls.caSecret -}}
{{- $parameters = append $parameters (printf "sslrootcert=/etc/headroom/database-ca/%s" .tls.caKey) -}}
{{- end -}}
{{- if $parameters -}}
{{- $url }}{{ ternary "&" "?" (contains "?" $url) }}{{ join "&" $parameters -}}
{{- else -}}
{{- $url -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The settings file: what the values of this chart say, and what the user sets by name. */}}
{{- define "headroom-service.settings" -}}
{{- $pool := dict -}}
{{- if include "headroom-service.poolConfigMap" . -}}
{{- $pool = dict "pool" (dict "size-file" "/etc/headroom/pool/pool") -}}
{{- end -}}
{{- $database := merge (dict) $pool -}}
{{- with .Values.database.user -}}
{{- $_ := set $database "user" . -}}
{{- end -}}
{{- if not (include "headroom-service.hostInSecret" .) -}}
{{- $_ := set $database "url" (include "headroom-service.databaseUrl" .) -}}
{{- end -}}
{{- if include "headroom-service.databaseSecret" . -}}
{{- $_ := set $database "password-file" "/etc/headroom/database/password" -}}
{{- end -}}
{{- $redis := dict -}}
{{- with include "headroom-service.redisUrl" . -}}
{{- $_ := set $redis "url" . -}}
{{- end -}}
{{- with .Values.redis -}}
{{- with .user -}}
{{- $_ := set $redis "user" . -}}
{{- end -}}
{{- if or .existingSecret $.Values.dev.enabled -}}
{{- $_ := set $redis "password-file" "/etc/headroom/redis/password" -}}
{{- end -}}
{{- if .sentinel.existingSecret -}}
{{- $_ := set $redis "sentinel" (dict "password-file" "/etc/headroom/redis-sentinel/password") -}}
{{- end -}}
{{- if .trustStore.existingSecret -}}
{{- $_ := set $redis "trust-store" "/etc/headroom/redis-trust/store" -}}
{{- $_ := set $redis "trust-store-password-file" "/etc/headroom/redis-trust/password" -}}
{{- end -}}
{{- end -}}
{{- $catalogs := dict "migrate" .Values.catalogs.migrate -}}
{{- if kindIs "slice" .Values.catalogs.bundled -}}
{{- $_ := set $catalogs "enabled" .Values.catalogs.bundled -}}
{{- end -}}
{{- if or .Values.catalogs.inline .Values.catalogs.configMaps -}}
{{- $_ := set $catalogs "folders" (list "/etc/headroom/catalogs") -}}
{{- end -}}
{{- with ternary .Values.dev.sampleScale .Values.catalogs.sampleScale (and .Values.dev.enabled (not .Values.catalogs.sampleScale)) -}}
{{- $_ := set $catalogs "sample-scale" . -}}
{{- end -}}
{{- $server := dict "shutdown-delay" (printf "%ds" (int .Values.shutdown.delaySeconds)) "shutdown-grace" (printf "%ds" (int .Values.shutdown.graceSeconds)) -}}
{{- $settings := dict "server" $server "database" $database "catalogs" $catalogs -}}
{{- if $redis -}}
{{- $_ := set $settings "redis" $redis -}}
{{- end -}}
{{- mergeOverwrite $settings (deepCopy .Values.settings) | toYaml -}}
{{- end -}}

{{/* Contradictions that a schema cannot see, each told with what to change. */}}
{{- define "headroom-service.check" -}}
{{- $taken := dict "server.host" "nothing: it is the pod's address" "server.port" "service.port" "admin.host" "nothing" "admin.port" "nothing: it is 8081" "server.shutdown-delay" "shutdown.delaySeconds" "server.shutdown-grace" "shutdown.graceSeconds" "database.url" "database.url" "database.user" "database.user" "database.password" "database.existingSecret" "database.password-file" "database.existingSecret" "database.pool.size-file" "pool.configMap" "redis.url" "redis.url" "redis.user" "redis.user" "redis.password" "redis.existingSecret" "redis.password-file" "redis.existingSecret" "redis.sentinel.password" "redis.sentinel.existingSecret" "redis.sentinel.password-file" "redis.sentinel.existingSecret" "redis.trust-store" "redis.trustStore" "redis.trust-store-password" "redis.trustStore" "redis.trust-store-password-file" "redis.trustStore" "catalogs.enabled" "catalogs.bundled" "catalogs.folders" "catalogs.inline or catalogs.configMaps" "catalogs.migrate" "catalogs.migrate" "catalogs.sample-scale" "catalogs.sampleScale" -}}
{{- range $key, $instead := $taken -}}
{{- $found := $.Values.settings -}}
{{- range splitList "." $key -}}
{{- if kindIs "map" $found -}}
{{- $found = get $found . -}}
{{- else -}}
{{- $found = "" -}}
{{- end -}}
{{- end -}}
{{- if ne (toString $found) "" -}}
{{- fail (printf "settings.%s is set by the chart: use %s" $key $instead) -}}
{{- end -}}
{{- end -}}
{{- with .Values.database -}}
{{- $given := or .url .host .existingSecret -}}
{{- if and $.Values.dev.enabled $given -}}
{{- fail "dev.enabled brings a PostgreSQL of its own: leave database.url, database.host and database.existingSecret empty, or dev.enabled false" -}}
{{- end -}}
{{- if not (or $.Values.dev.enabled $given) -}}
{{- fail "no database: set database.url, or database.host and database.name, or database.existingSecret with the keys host, port and dbname; for a first look, dev.enabled=true" -}}
{{- end -}}
{{- if and .url .host -}}
{{- fail "database.url and database.host say the same: keep one" -}}
{{- end -}}
{{- if and .host (not .name) -}}
{{- fail "database.host needs database.name" -}}
{{- end -}}
{{- if and .url $.Values.performance.enabled (not (dig "database" "credentialsSecretRef" "" $.Values.performance.spec)) (not .existingSecret) -}}
{{- fail "performance.enabled needs database.existingSecret, which the operator logs in with, or performance.spec.database.credentialsSecretRef" -}}
{{- end -}}
{{- end -}}
{{- if and $.Values.dev.enabled (or .Values.redis.url .Values.redis.existingSecret) -}}
{{- fail "dev.enabled brings a Redis of its own: leave redis.url and redis.existingSecret empty, or dev.enabled false" -}}
{{- end -}}
{{- if and (eq .Values.scaledBy "Autoscaler") .Values.performance.enabled .Values.performance.spec.replicas -}}
{{- fail "scaledBy is Autoscaler and performance.spec.replicas is given: two would scale one Deployment; keep one" -}}
{{- end -}}
{{- if and .Values.tls.existingSecret .Values.tls.certManager.enabled -}}
{{- fail "tls.existingSecret and tls.certManager.enabled are both given: keep one" -}}
{{- end -}}
{{- if and .Values.tls.certManager.enabled (not .Values.tls.certManager.issuerRef.name) -}}
{{- fail "tls.certManager.enabled needs tls.certManager.issuerRef.name" -}}
{{- end -}}
{{- if and (or .Values.ingress.enabled .Values.httpRoute.enabled (include "headroom-service.tlsSecret" .)) (not .Values.hosts) -}}
{{- fail "ingress, httpRoute and tls need hosts, the names by which clients know the service" -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) -}}
{{- fail "httpRoute.enabled needs httpRoute.parentRefs, the Gateways" -}}
{{- end -}}
{{- range .Values.catalogs.configMaps -}}
{{- if hasKey $.Values.catalogs.inline (.catalog | default .configMap) -}}
{{- fail (printf "the catalog %s is in catalogs.inline and in catalogs.configMaps: keep one" (.catalog | default .configMap)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The ConfigMaps of the catalogs as they are on the cluster, so that a change of one rolls the pods at the next upgrade. */}}
{{- define "headroom-service.mountedCatalogs" -}}
{{- range .Values.catalogs.configMaps -}}
{{- with lookup "v1" "ConfigMap" $.Release.Namespace .configMap -}}
{{- toJson .data }}{{ toJson .binaryData -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* A volume of some keys of a Secret. Argument: name, Secret, file by key. */}}
{{- define "headroom-service.secretVolume" -}}
- name: {{ index . 0 }}
  secret:
    secretName: {{ index . 1 }}
    defaultMode: 0440
    items:
      {{- range $key, $path := index . 2 }}
      - {key: {{ $key }}, path: {{ $path }}}
      {{- end }}
{{- end -}}

{{/* The operator's pods, in whatever namespace. */}}
{{- define "headroom-service.operatorPeer" -}}
namespaceSelector: {}
podSelector: {matchLabels: {app.kubernetes.io/name: headroom-operator}}
{{- end -}}

{{/*
A server of dev.enabled: StatefulSet, Service and NetworkPolicy. Argument: a dict with root, name, port, image, data and run (folders it
writes), env (keys of the Secret by variable), args, ready (its own check).
*/}}
{{- define "headroom-service.devServer" -}}
{{- $ := .root -}}
{{- $name := printf "%s-%s" (include "headroom.fullname" $) .name }}
---
apiVersion: v1
kind: Service
metadata:
  {{- include "headroom.metadata" (dict "root" $ "name" $name "component" .name) | nindent 2 }}
spec:
  selector:
    {{- include "headroom.selectorLabels" (list $ .name) | nindent 4 }}
  ports:
    - {name: {{ .name }}, port: {{ .port }}, targetPort: {{ .name }}, protocol: TCP}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  {{- include "headroom.metadata" (dict "root" $ "name" $name "component" .name "annotations" (dict "headroom.dev/dev" "for a first look, not for production")) | nindent 2 }}
spec:
  replicas: 1
  serviceName: {{ $name }}
  selector:
    matchLabels:
      {{- include "headroom.selectorLabels" (list $ .name) | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "headroom.labels" (list $ .name) | nindent 8 }}
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext:
        {{- include "headroom.podSecurityContext" 999 | nindent 8 }}
      {{- with $.Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .name }}
          image: {{ .image }}
          securityContext:
            {{- include "headroom.containerSecurityContext" . | nindent 12 }}
          resources:
            requests: {cpu: 100m, memory: 128Mi}
            limits: {memory: 512Mi}
          {{- with .args }}
          args: {{ toJson . }}
          {{- end }}
          env:
            {{- range $variable, $key := .env }}
            - name: {{ $variable }}
              valueFrom: {secretKeyRef: {name: {{ include "headroom.fullname" $ }}-dev, key: {{ $key }}}}
            {{- end }}
          ports:
            - {name: {{ .name }}, containerPort: {{ .port }}, protocol: TCP}
          readinessProbe:
            exec: {command: {{ toJson .ready }}}
            periodSeconds: 2
            timeoutSeconds: 2
          volumeMounts:
            - {name: data, mountPath: {{ .data }}}
            - {name: tmp, mountPath: /tmp}
            {{- if .run }}
            - {name: run, mountPath: {{ .run }}}
            {{- end }}
      volumes:
        - {name: data, emptyDir: {}}
        - {name: tmp, emptyDir: {}}
        {{- if .run }}
        - {name: run, emptyDir: {}}
        {{- end }}
{{- if $.Values.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "headroom.metadata" (dict "root" $ "name" $name "component" .name) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "headroom.selectorLabels" (list $ .name) | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- $service := dict "podSelector" (dict "matchLabels" (include "headroom.selectorLabels" (list $ "service") | fromYaml)) }}
    {{- include "headroom.networkPolicyRule" (list "from" (list $service (include "headroom-service.operatorPeer" $ | fromYaml)) (list .port)) | nindent 4 }}
{{- end }}
{{- end -}}
