{{- define "headroom.component" -}}operator{{- end -}}

{{/* Contradictions that a schema cannot see, each told with what to change. */}}
{{- define "headroom-operator.check" -}}
{{- $taken := dict "watch-namespaces" "watchNamespaces" "database-hosts" "databaseHosts" "leader-election" "nothing: it is always on" "lease-namespace" "nothing: it is the namespace of the release" "admin-host" "nothing" "admin-port" "nothing: it is 8081" -}}
{{- range $name, $value := .Values.settings -}}
{{- if hasKey $taken $name -}}
{{- fail (printf "settings.%s is set by the chart: use %s" $name (get $taken $name)) -}}
{{- end -}}
{{- end -}}
{{- range .Values.rbac.secretNamespaces -}}
{{- if and $.Values.watchNamespaces (not (has . $.Values.watchNamespaces)) -}}
{{- fail (printf "rbac.secretNamespaces names %s, which is not in watchNamespaces: nothing there would read a Secret" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Rights on what is in the watched namespaces. */}}
{{- define "headroom-operator.watchedRules" -}}
- apiGroups: [headroom.dev]
  resources: [dbperformances]
  verbs: [get, list, watch, patch, update] # patch and update: the finalizer
- apiGroups: [headroom.dev]
  resources: [dbperformances/status]
  verbs: [patch]
- apiGroups: [headroom.dev]
  resources: [dbperformances/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [events]
  verbs: [create]
# From here on for targets, with pool or replicas.
- apiGroups: [apps]
  resources: [deployments, statefulsets]
  verbs: [get, list, watch, patch] # patch: replicas, and an annotation that ends the writes of an earlier leader
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, patch] # patch: an annotation that makes the kubelet look at the ConfigMap at once
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch, create, patch] # <resource>-pool
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [list] # a target that another one scales is left alone
- apiGroups: [keda.sh]
  resources: [scaledobjects]
  verbs: [list]
{{- end -}}

{{/* Secrets are read by name, neither listed nor watched: docs/decisions/0130. */}}
{{- define "headroom-operator.secretRules" -}}
- apiGroups: [""]
  resources: [secrets]
  {{- with .Values.rbac.secretNames }}
  resourceNames: {{ toJson . }}
  {{- end }}
  verbs: [get]
{{- end -}}

{{/* Rights on what is in no namespace. */}}
{{- define "headroom-operator.clusterRules" -}}
- apiGroups: [""]
  resources: [namespaces]
  resourceNames: [kube-system] # its uid is the identity of the cluster
  verbs: [get]
- apiGroups: [apiextensions.k8s.io]
  resources: [customresourcedefinitions]
  resourceNames: [dbperformances.headroom.dev]
  verbs: [get]
{{- end -}}

{{- define "headroom-operator.leaseRules" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [get, create, update, patch]
{{- end -}}

{{/* A role and its binding to the operator. Argument: context, name, namespace ("" for the whole cluster), template of the rules. */}}
{{- define "headroom-operator.role" -}}
{{- $ := index . 0 -}}
{{- $name := index . 1 -}}
{{- $namespace := index . 2 -}}
{{- $kind := ternary "Role" "ClusterRole" (ne $namespace "") -}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $kind }}
metadata:
  {{- include "headroom.metadata" (dict "root" $ "name" $name "namespace" $namespace) | nindent 2 }}
rules:
  {{- include (index . 3) $ | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $kind }}Binding
metadata:
  {{- include "headroom.metadata" (dict "root" $ "name" $name "namespace" $namespace) | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ $kind }}
  name: {{ $name }}
subjects:
  - kind: ServiceAccount
    name: {{ include "headroom.serviceAccountName" $ }}
    namespace: {{ $.Release.Namespace }}
{{ end -}}
