{{- define "portico.requireImage" -}}
{{- with .Values.image }}
  {{- if not .repository }}
    {{- fail "image.repository is empty: write registry and name of the image, such as ghcr.io/portico/portico" }}
  {{- end }}
  {{- if regexMatch "(:[^/]*|@.*)$" .repository }}
    {{- fail (printf "image.repository is %q, with a tag or a digest: write these in image.tag or image.digest" .repository) }}
  {{- end }}
{{- end }}
{{- with .Values.podSecurityContext }}
  {{- if or (eq (toString .runAsNonRoot) "false") (eq (toString .runAsUser) "0") }}
    {{- fail "podSecurityContext runs pods as root, which the restricted Pod Security standard forbids and Portico does not need: write another runAsUser, or null to leave it to the cluster" }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Labels by which Services and policies find pods are the chart's own; takes (where, labels). */}}
{{- define "portico.requireLabels" -}}
{{- range $name := list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component" "app.kubernetes.io/version" "app.kubernetes.io/managed-by" "helm.sh/chart" "portico/pool" }}
  {{- if hasKey ($.labels | default dict) $name }}
    {{- fail (printf "%s has %s, which the chart sets itself: leave it out, or choose another label" $.where $name) }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Takes (where, budget). */}}
{{- define "portico.requireBudget" -}}
{{- $given := toString .budget.maxUnavailable }}
{{- if .budget.enabled }}
  {{- if has $given (list "0" "0%") }}
    {{- fail (printf "%s.podDisruptionBudget.maxUnavailable is 0, which keeps a node from ever being drained: write 1 or more" .where) }}
  {{- end }}
  {{- if not (regexMatch "^[0-9]+%?$" $given) }}
    {{- fail (printf "%s.podDisruptionBudget.maxUnavailable is %q: write a number of pods, such as 1, or a share of them, such as 25%%" .where $given) }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* What an escape hatch adds must not be there already; takes (where, kind, key, all: entries of the chart and of the hatch). */}}
{{- define "portico.requireOwnNames" -}}
{{- $seen := dict }}
{{- range .all }}
  {{- $name := get . $.key | default "" }}
  {{- if not $name }}
    {{- fail (printf "%s.%s has an entry without %s: write each as Kubernetes has it in a pod" $.where $.kind $.key) }}
  {{- end }}
  {{- if hasKey $seen $name }}
    {{- fail (printf "%s.%s has %s, which is there already: write the chart's own value for it, or choose another %s" $.where $.kind $name $.key) }}
  {{- end }}
  {{- $_ := set $seen $name true }}
{{- end }}
{{- end -}}

{{/* What a hook needs is there before anything is made; `helm template` and the like can't look. */}}
{{- define "portico.requireSecrets" -}}
{{- $canLook := lookup "v1" "ServiceAccount" .Release.Namespace "default" }}
{{- if and $canLook .Values.quickstart.enabled }}
  {{- include "portico.requireSamePassword" . }}
{{- else if and $canLook (eq (include "portico.migrationMode" .) "hook") }}
  {{- range $key, $database := .Values.databases }}
    {{- include "portico.requireSecret" (dict "root" $ "value" (printf "databases.%s" $key) "name" $database.existingSecret "keys" (compact (list $database.key $database.listenKey)) "holds" "the URL postgres://role:password@host:5432/database") }}
  {{- end }}
  {{- $users := list "portico-migrate" "admin-api" "bamboohr-ingestion" "realm-policy" "learnupon-provisioning" }}
  {{- include "portico.requireSecret" (dict "root" $ "value" "nats" "name" .Values.nats.existingSecret "keys" $users "holds" "the password of that NATS user") }}
  {{- if not .Values.extraObjects }}
    {{- include "portico.requireSecret" (dict "root" $ "value" "adminTokens" "name" .Values.adminTokens.existingSecret "keys" (list .Values.adminTokens.key) "holds" "lines of `<token> <tenant or *> <admin or viewer> <name>`") }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Takes (root, value, name, keys, holds). No name is another requirement's fault, or no fault. */}}
{{- define "portico.requireSecret" -}}
{{- if .name }}
  {{- $secret := lookup "v1" "Secret" .root.Release.Namespace .name }}
  {{- if not $secret }}
    {{- fail (printf "%s.existingSecret is %s, and the namespace %s has no such Secret: make it first, with the key %s for %s" .value .name .root.Release.Namespace (join ", " .keys) .holds) }}
  {{- end }}
  {{- range $key := compact .keys }}
    {{- if not (hasKey ($secret.data | default dict) $key) }}
      {{- fail (printf "%s.existingSecret is %s, which has no key %q for %s, only %s: add the key, or write which one it is" $.value $.name $key $.holds (keys ($secret.data | default dict) | sortAlpha | join ", ")) }}
    {{- end }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* The quick start's servers know the passwords that they were made with. */}}
{{- define "portico.requireSamePassword" -}}
{{- with lookup "v1" "Secret" .Release.Namespace (include "portico.quickstartSecret" .) }}
  {{- if ne (.data.postgresql | b64dec) (include "portico.derivedPassword" (dict "root" $ "user" "postgresql")) }}
    {{- fail "quickstart.password is another than the one this release was installed with, and its PostgreSQL knows only that one: write the first again, or uninstall and begin anew" }}
  {{- end }}
{{- end }}
{{- end -}}
