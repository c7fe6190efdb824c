{{/* What every pod of ours has, hooks too. */}}
{{- define "portico.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- $restricted := dict "runAsNonRoot" true "seccompProfile" (dict "type" "RuntimeDefault") }}
securityContext:
  {{- range $key, $value := include "portico.merge" (dict "base" $restricted "over" .Values.podSecurityContext) | fromJson }}
  {{ $key }}: {{ $value | toJson }}
  {{- end }}
{{- with include "portico.pullSecrets" . }}
{{ . }}
{{- end }}
{{- end -}}

{{- define "portico.pullSecrets" -}}
{{- with .Values.image.pullSecrets -}}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end -}}
{{- end -}}

{{- define "portico.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end -}}

{{/* Takes (root, workload). */}}
{{- define "portico.env" -}}
{{- $values := .workload.values -}}
- name: PORT
  value: "8080"
- name: LOG_LEVEL
  value: {{ .root.Values.logLevel }}
- name: START_WAIT_SECONDS
  value: {{ .root.Values.startWaitSeconds | quote }}
{{ include "portico.natsEnv" (dict "root" .root "user" .workload.service) }}
{{- if .workload.isPooled }}
{{ include "portico.databaseEnv" (dict "root" .root "component" .workload.key) }}
{{- $database := get .root.Values.databases .workload.key }}
{{- if and $database.listenKey (not .root.Values.quickstart.enabled) }}
- name: DATABASE_LISTEN_URL
  valueFrom: { secretKeyRef: { name: {{ $database.existingSecret | quote }}, key: {{ $database.listenKey | quote }} } }
{{- end }}
- name: POOLS
  value: {{ .workload.pools | quote }}
{{- else }}
- name: TOKENS_FILE
  value: /etc/portico/tokens/{{ ternary "tokens" .root.Values.adminTokens.key .root.Values.quickstart.enabled }}
{{- end }}
{{- if eq .workload.key "policy" }}
- name: POOLS_AVAILABLE
  value: {{ include "portico.pools" .root | quote }}
{{- end }}
{{- range $name, $value := $values.settings }}
- name: {{ $name | snakecase | upper }}
  value: {{ include "portico.number" $value | quote }}
{{- end }}
{{- with $values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "portico.volumes" -}}
{{- if .workload.hasTenantSecrets }}
- name: tenant-secrets
  projected:
    sources:
      {{- range .root.Values.tenantSecrets }}
      - secret: { name: {{ . | quote }}, optional: true }
      {{- end }}
{{- end }}
{{- if not .workload.isPooled }}
- name: tokens
  secret: { secretName: {{ ternary (include "portico.quickstartSecret" .root) .root.Values.adminTokens.existingSecret .root.Values.quickstart.enabled | quote }} }
{{- end }}
{{- with .workload.values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "portico.volumeMounts" -}}
{{- if .workload.hasTenantSecrets }}
- { name: tenant-secrets, mountPath: /etc/portico/secrets, readOnly: true }
{{- end }}
{{- if not .workload.isPooled }}
- { name: tokens, mountPath: /etc/portico/tokens, readOnly: true }
{{- end }}
{{- with .workload.values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The start waits for servers and migrations; liveness asks nothing of others. */}}
{{- define "portico.probes" -}}
startupProbe:
  httpGet: { path: /startupz, port: http }
  periodSeconds: 2
  timeoutSeconds: 3
  failureThreshold: {{ div (add .Values.startWaitSeconds 60) 2 }}
livenessProbe:
  httpGet: { path: /livez, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
{{- end -}}

{{- define "portico.topologySpread" -}}
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- maxSkew: 1
  topologyKey: {{ . }}
  whenUnsatisfiable: {{ $.root.Values.topologySpread.whenUnsatisfiable }}
  labelSelector:
    matchLabels:
      {{- include "portico.selectorLabels" $ | nindent 6 }}
{{- end }}
{{- end -}}

{{/* Where pods go; takes the values of a component or of the migration. */}}
{{- define "portico.placement" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- end -}}
