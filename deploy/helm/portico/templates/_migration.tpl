{{/* Takes (root, database: a component, or none for NATS). */}}
{{- define "portico.migrationEnv" -}}
- name: START_WAIT_SECONDS
  value: {{ .root.Values.migration.waitSeconds | quote }}
{{- if .database }}
{{ include "portico.databaseEnv" (dict "root" .root "component" .database) }}
{{- else }}
{{ include "portico.natsEnv" (dict "root" .root "user" "portico-migrate") }}
- name: POOLS
  value: {{ include "portico.pools" .root | quote }}
- name: REPLICAS
  value: {{ .root.Values.nats.replicas | quote }}
- name: LEARNERS_DAYS
  value: {{ .root.Values.nats.retention.learnersDays | quote }}
- name: OPERATIONS_DAYS
  value: {{ .root.Values.nats.retention.operationsDays | quote }}
- name: DEAD_DAYS
  value: {{ .root.Values.nats.retention.deadDays | quote }}
{{- end }}
{{- with .root.Values.migration.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "portico.migrationContainer" -}}
- name: {{ .name }}
  image: {{ include "portico.image" .root }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  args: [apps/{{ .service }}/dist/migrate.js]
  {{- include "portico.containerSecurity" .root | nindent 2 }}
  resources:
    {{- toYaml .root.Values.migration.resources | nindent 4 }}
  env:
    {{- include "portico.migrationEnv" . | nindent 4 }}
  {{- with .root.Values.migration.extraVolumeMounts }}
  volumeMounts:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "portico.migrationSpec" -}}
# A hook fails within the five minutes that Helm waits unless told.
backoffLimit: {{ ternary 1 6 (eq (include "portico.migrationMode" .) "hook") }}
activeDeadlineSeconds: {{ .Values.migration.deadlineSeconds }}
template:
  metadata:
    labels:
      {{- include "portico.selectorLabels" (dict "root" . "component" "migration") | nindent 6 }}
      {{- with merge (dict) (.Values.migration.podLabels | default dict) (.Values.commonLabels | default dict) }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- with .Values.migration.podAnnotations }}
    annotations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  spec:
    # OnFailure would take the pod away with the log that says why.
    restartPolicy: Never
    {{- include "portico.podSecurity" . | nindent 4 }}
    containers:
      {{- include "portico.migrationContainer" (dict "root" . "name" "nats" "service" "admin-api") | nindent 6 }}
      {{- range $key, $component := include "portico.components" . | fromYaml }}
      {{- if $component.isPooled }}
      {{- include "portico.migrationContainer" (dict "root" $ "name" $component.name "service" $component.service "database" $key) | nindent 6 }}
      {{- end }}
      {{- end }}
    {{- with .Values.migration.extraVolumes }}
    volumes:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with include "portico.placement" .Values.migration | trim }}
    {{- . | nindent 4 }}
    {{- end }}
{{- end -}}
