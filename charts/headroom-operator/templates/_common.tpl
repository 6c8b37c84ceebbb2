{{/*
What both charts share. charts/headroom-service/templates/_common.tpl is a copy: edit the one of headroom-operator, then run
`make charts`.
*/}}

{{- define "headroom.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Name of the objects: the release's, with the chart's where it does not say so itself. 50 letters leave room for suffixes. */}}
{{- define "headroom.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "headroom.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "headroom.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* The labels that never change. Argument: context, component (empty for the program itself). */}}
{{- define "headroom.selectorLabels" -}}
{{- $ := index . 0 -}}
app.kubernetes.io/name: {{ include "headroom.name" $ }}
app.kubernetes.io/instance: {{ $.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "headroom.labels" -}}
{{- $ := index . 0 -}}
helm.sh/chart: {{ printf "%s-%s" $.Chart.Name $.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "headroom.selectorLabels" . }}
app.kubernetes.io/version: {{ $.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: headroom
app.kubernetes.io/managed-by: {{ $.Release.Service }}
{{- with $.Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/*
Metadata of an object in the release's namespace. Argument: a dict with root, and any of name, namespace, component, labels,
annotations. namespace "" leaves it out, for objects of the whole cluster.
*/}}
{{- define "headroom.metadata" -}}
{{- $ := .root -}}
name: {{ .name | default (include "headroom.fullname" $) }}
{{- if not (hasKey . "namespace") }}
namespace: {{ $.Release.Namespace }}
{{- else if .namespace }}
namespace: {{ .namespace }}
{{- end }}
labels:
  {{- include "headroom.labels" (list $ (.component | default (include "headroom.component" $))) | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (.annotations | default dict) $.Values.annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Metadata of the program's pods. Argument: a dict with root, and annotations. */}}
{{- define "headroom.podMetadata" -}}
{{- $ := .root -}}
labels:
  {{- include "headroom.labels" (list $ (include "headroom.component" $)) | nindent 2 }}
  {{- with $.Values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (.annotations | default dict) $.Values.podAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "headroom.image" -}}
{{- with .Values.image -}}
{{- with .registry }}{{ . }}/{{ end -}}
{{- .repository -}}
{{- if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* What the restricted Pod Security Standard asks of a pod. Argument: the user's number. */}}
{{- define "headroom.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "headroom.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* The fields of the program's pod that are the same in both charts. Argument: context, whether the pod has a token. */}}
{{- define "headroom.podSpec" -}}
{{- $ := index . 0 -}}
serviceAccountName: {{ include "headroom.serviceAccountName" $ }}
automountServiceAccountToken: {{ index . 1 }}
enableServiceLinks: false
securityContext:
  {{- include "headroom.podSecurityContext" 65532 | nindent 2 }}
{{- range $field := list "imagePullSecrets" "nodeSelector" "tolerations" "affinity" }}
{{- with get $.Values $field }}
{{ $field }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with $.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- if kindIs "slice" $.Values.topologySpreadConstraints }}
{{- with $.Values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- else }}
topologySpreadConstraints:
{{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - topologyKey: {{ $key }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels:
        {{- include "headroom.selectorLabels" (list $ (include "headroom.component" $)) | nindent 8 }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The fields of the program's container that are the same in both charts. */}}
{{- define "headroom.container" -}}
name: {{ include "headroom.component" . }}
image: {{ include "headroom.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  {{- include "headroom.containerSecurityContext" . | nindent 2 }}
resources:
  {{- toYaml .Values.resources | nindent 2 }}
{{- end -}}

{{/* A probe of the admin port. Argument: path, seconds between two, failures that are too many. */}}
{{- define "headroom.probe" -}}
httpGet: {path: {{ index . 0 }}, port: admin}
periodSeconds: {{ index . 1 }}
timeoutSeconds: 2
failureThreshold: {{ index . 2 }}
{{- end -}}

{{/* What is the same in the policies of both charts. Argument: context. */}}
{{- define "headroom.networkPolicyEgress" -}}
- ports: # names
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
{{- with .Values.networkPolicy.extraEgress }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* A rule of a policy. Argument: "to" or "from", peers (none: anywhere), ports. */}}
{{- define "headroom.networkPolicyRule" -}}
- ports:
    {{- range index . 2 }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
  {{- with index . 1 }}
  {{ index $ 0 }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "headroom.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "headroom.metadata" (dict "root" . "name" (include "headroom.serviceAccountName" .) "annotations" .Values.serviceAccount.annotations) | nindent 2 }}
automountServiceAccountToken: false
{{- end -}}
{{- end -}}

{{- define "headroom.podDisruptionBudget" -}}
{{- if .Values.podDisruptionBudget.enabled -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "headroom.metadata" (dict "root" .) | nindent 2 }}
spec:
  maxUnavailable: {{ .Values.podDisruptionBudget.maxUnavailable }}
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "headroom.selectorLabels" (list . (include "headroom.component" .)) | nindent 6 }}
{{- end -}}
{{- end -}}

{{/* The service of the admin port: metrics, and what monitors select. It has no address of its own: each pod is scraped. */}}
{{- define "headroom.metricsService" -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "headroom.metadata" (dict "root" . "name" (printf "%s-metrics" (include "headroom.fullname" .)) "labels" (dict "headroom.dev/metrics" "true")) | nindent 2 }}
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector:
    {{- include "headroom.selectorLabels" (list . (include "headroom.component" .)) | nindent 4 }}
  ports:
    - {name: admin, port: 8081, targetPort: admin, protocol: TCP}
{{- end -}}

{{- define "headroom.serviceMonitor" -}}
{{- with .Values.monitoring.serviceMonitor -}}
{{- if .enabled -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  {{- include "headroom.metadata" (dict "root" $ "labels" .labels) | nindent 2 }}
spec:
  selector:
    matchLabels:
      {{- include "headroom.selectorLabels" (list $ (include "headroom.component" $)) | nindent 6 }}
      headroom.dev/metrics: "true"
  endpoints:
    - port: admin
      path: /metrics
      interval: {{ .interval }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
The alerts of files/alerts.yaml, each with the pods of this release in place of RELEASE, and OBJECTIVE, where it says so, as the
values have it. An alert with a `needs` is left out unless it is in the list. `page` is below docs/, and becomes the annotation
runbook_url where the values say where docs/ is published. Argument: context, what the release has.
*/}}
{{- define "headroom.prometheusRule" -}}
{{- $ := index . 0 -}}
{{- $has := index . 1 -}}
{{- with $.Values.monitoring.prometheusRule -}}
{{- if .enabled -}}
{{- $release := printf "namespace=%q,service=%q" $.Release.Namespace (printf "%s-metrics" (include "headroom.fullname" $)) -}}
{{- $objective := get . "objectiveSeconds" | default 1 | toString -}}
{{- $docs := .docsUrl | default "" | trimSuffix "/" -}}
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  {{- include "headroom.metadata" (dict "root" $ "labels" .labels) | nindent 2 }}
spec:
  groups:
    - name: {{ include "headroom.fullname" $ }}
      rules:
      {{- range ($.Files.Get "files/alerts.yaml" | replace "RELEASE" $release | replace "OBJECTIVE" $objective | fromYamlArray) }}
      {{- if or (not .needs) (has .needs $has) }}
        {{- $page := ternary (dict "runbook_url" (printf "%s/%s" $docs .page)) (dict "runbook" (printf "docs/%s" .page)) (ne $docs "") }}
        - {{ merge (dict "annotations" (merge $page .annotations)) (omit . "needs" "page") | toYaml | indent 10 | trim }}
      {{- end }}
      {{- end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The dashboard of files/dashboard.yaml, which names title and panels, as Grafana's JSON in a ConfigMap for its sidecar. */}}
{{- define "headroom.dashboard" -}}
{{- with .Values.monitoring.dashboard -}}
{{- if .enabled -}}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "headroom.metadata" (dict "root" $ "name" (printf "%s-dashboard" (include "headroom.fullname" $)) "labels" .labels "annotations" .annotations) | nindent 2 }}
data:
  {{ $.Chart.Name }}.json: {{ include "headroom.dashboardJson" ($.Files.Get "files/dashboard.yaml" | fromYaml) | quote }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "headroom.dashboardJson" -}}
{{- $source := dict "type" "prometheus" "uid" "${datasource}" -}}
{{- $panels := list -}}
{{- range $place, $panel := .panels -}}
{{- $targets := list -}}
{{- range $number, $query := $panel.queries -}}
{{- $targets = append $targets (dict "refId" (printf "Q%d" $number) "datasource" $source "expr" $query.query "legendFormat" $query.legend) -}}
{{- end -}}
{{- $grid := dict "h" 8 "w" 8 "x" (mul 8 (mod $place 3)) "y" (mul 8 (div $place 3)) -}}
{{- $defaults := dict "defaults" (dict "unit" $panel.unit "min" 0) "overrides" list -}}
{{- $panels = append $panels (dict "id" (add1 $place) "type" "timeseries" "title" $panel.title "description" $panel.description "datasource" $source "gridPos" $grid "fieldConfig" $defaults "targets" $targets) -}}
{{- end -}}
{{- $variables := list (dict "name" "datasource" "label" "Data source" "type" "datasource" "query" "prometheus") -}}
{{- range list "namespace" "service" -}}
{{- $within := ternary "" "namespace=\"$namespace\"" (eq . "namespace") -}}
{{- $variables = append $variables (dict "name" . "label" (title .) "type" "query" "datasource" $source "refresh" 2 "query" (printf "label_values(%s{%s}, %s)" $.found $within .)) -}}
{{- end -}}
{{- dict "uid" .uid "title" .title "tags" (list "headroom") "schemaVersion" 39 "editable" true "refresh" "30s" "time" (dict "from" "now-1h" "to" "now") "templating" (dict "list" $variables) "panels" $panels | toPrettyJson -}}
{{- end -}}

{{/* A settings value as the programs read it: text as it is, numbers without an exponent, lists with commas. */}}
{{- define "headroom.settingText" -}}
{{- if kindIs "string" . -}}
{{- . -}}
{{- else if kindIs "slice" . -}}
{{- join "," . -}}
{{- else -}}
{{- toJson . -}}
{{- end -}}
{{- end -}}
