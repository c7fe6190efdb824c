{{- define "portico.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride }}
{{- else if contains .Chart.Name .Release.Name -}}
{{ .Release.Name }}
{{- else -}}
{{ .Release.Name }}-{{ .Chart.Name }}
{{- end -}}
{{- end -}}

{{/* Of an object: takes (root, component, pool). The chart's version is on objects, not on pods: it must restart nothing. */}}
{{- define "portico.labels" -}}
{{ include "portico.selectorLabels" . }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Takes (root, component, pool); without a component those of all pods of the release. */}}
{{- define "portico.selectorLabels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- with .pool }}
portico/pool: {{ . | quote }}
{{- end }}
{{- end -}}

{{- define "portico.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end -}}

{{- define "portico.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default (include "portico.fullname" .) }}
{{- else -}}
{{ .Values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end -}}

{{- define "portico.migrationMode" -}}
{{- .Values.migration.mode | default (ternary "job" "hook" .Values.quickstart.enabled) -}}
{{- end -}}

{{/* Of the quick start: the same password always gives the same, so that an upgrade changes nothing. Takes (root, user). */}}
{{- define "portico.derivedPassword" -}}
{{- printf "%s/%s" .root.Values.quickstart.password .user | sha256sum | trunc 40 -}}
{{- end -}}

{{- define "portico.quickstartSecret" -}}
{{ include "portico.fullname" . }}-quickstart
{{- end -}}

{{- define "portico.natsUrl" -}}
{{- if .Values.quickstart.enabled -}}
nats://{{ include "portico.fullname" . }}-nats:4222
{{- else -}}
{{ .Values.nats.url }}
{{- end -}}
{{- end -}}

{{- define "portico.natsSecret" -}}
{{- if .Values.quickstart.enabled }}{{ include "portico.quickstartSecret" . }}{{ else }}{{ .Values.nats.existingSecret }}{{ end -}}
{{- end -}}

{{- define "portico.natsMonitoring" -}}
{{- if .Values.quickstart.enabled -}}
{{ include "portico.fullname" . }}-nats.{{ .Release.Namespace }}:8222
{{- else -}}
{{ .Values.nats.monitoringEndpoint }}
{{- end -}}
{{- end -}}

{{/* Environment to reach NATS; takes (root, user). */}}
{{- define "portico.natsEnv" -}}
- name: NATS_URL
  value: {{ include "portico.natsUrl" .root | quote }}
{{- with include "portico.natsSecret" .root }}
- name: NATS_USER
  value: {{ $.user }}
- name: NATS_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ . | quote }}, key: {{ $.user }} } }
{{- end }}
{{- end -}}

{{/* Environment to reach a database; takes (root, component). */}}
{{- define "portico.databaseEnv" -}}
{{- $database := get .root.Values.databases .component -}}
- name: DATABASE_URL
  {{- if .root.Values.quickstart.enabled }}
  valueFrom: { secretKeyRef: { name: {{ include "portico.quickstartSecret" .root }}, key: {{ .component }}-url } }
  {{- else }}
  valueFrom: { secretKeyRef: { name: {{ $database.existingSecret | quote }}, key: {{ $database.key | quote }} } }
  {{- end }}
{{- end -}}

{{/* Written small for environment; JSON made every number a float. */}}
{{- define "portico.number" -}}
{{- if kindIs "float64" . }}{{ printf "%.0f" . }}{{ else }}{{ . }}{{ end -}}
{{- end -}}

{{/* What people outside may reach of the admin API: not its metrics and probes. */}}
{{- define "portico.publicPaths" -}}
["/v1", "/docs", "/openapi.json"]
{{- end -}}
