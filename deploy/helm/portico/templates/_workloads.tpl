{{/* The services. The key is the component in the values; `service` its name everywhere else in Portico. */}}
{{- define "portico.components" -}}
ingestion: { name: ingestion, service: bamboohr-ingestion, isPooled: true, hasTenantSecrets: true }
policy: { name: policy, service: realm-policy, isPooled: true, hasTenantSecrets: false }
provisioning: { name: provisioning, service: learnupon-provisioning, isPooled: true, hasTenantSecrets: true }
adminApi: { name: admin-api, service: admin-api, isPooled: false, hasTenantSecrets: false }
{{- end -}}

{{/* `over` on top of `base`, as JSON. Sprig's own merges take 0, false and "" for unset. */}}
{{- define "portico.merge" -}}
{{- $out := deepCopy .base -}}
{{- range $key, $value := .over -}}
  {{- if and (kindIs "map" $value) (kindIs "map" (get $out $key)) -}}
    {{- $_ := set $out $key (include "portico.merge" (dict "base" (get $out $key) "over" $value) | fromJson) -}}
  {{- else if kindIs "invalid" $value -}}
    {{- $_ := unset $out $key -}}
  {{- else -}}
    {{- $_ := set $out $key $value -}}
  {{- end -}}
{{- end -}}
{{- toJson $out -}}
{{- end -}}

{{/* The pools that the pods of a component in a pool serve: their own, and in `shared` those without pods of that component. */}}
{{- define "portico.served" -}}
{{- $served := list .pool -}}
{{- if eq .pool "shared" -}}
  {{- range $other, $components := .root.Values.pools -}}
    {{- if and (ne $other "shared") (not (hasKey ($components | default dict) $.component)) -}}
      {{- $served = append $served $other -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- join "," $served -}}
{{- end -}}

{{- define "portico.pools" -}}
{{- keys (.Values.pools | default dict) | sortAlpha | join "," -}}
{{- end -}}

{{/* The values of a workload as JSON; whoever says that there are no pods does not have them scaled either. */}}
{{- define "portico.valuesOf" -}}
{{- $values := . -}}
{{- if eq (toString .replicas) "0" -}}
  {{- $values = include "portico.merge" (dict "base" . "over" (dict "autoscaling" (dict "enabled" false))) | fromJson -}}
{{- end -}}
{{- toJson $values -}}
{{- end -}}

{{/* All workloads as a JSON array: component, service, pool, name, pools (served), values (merged). */}}
{{- define "portico.workloads" -}}
{{- $root := . -}}
{{- $all := list -}}
{{- range $key, $component := include "portico.components" . | fromYaml -}}
  {{- $base := get $root.Values $key -}}
  {{- if $component.isPooled -}}
    {{- range $pool, $components := $root.Values.pools -}}
      {{- if hasKey ($components | default dict) $key -}}
        {{- $values := include "portico.merge" (dict "base" $base "over" (get $components $key | default dict)) | fromJson -}}
        {{- $values = include "portico.valuesOf" $values | fromJson -}}
        {{- $pools := include "portico.served" (dict "root" $root "pool" $pool "component" $key) -}}
        {{- $name := printf "%s-%s-%s" (include "portico.fullname" $root) $component.name $pool -}}
        {{- $all = append $all (merge (dict "key" $key "component" $component.name "pool" $pool "pools" $pools "name" $name "values" $values) $component) -}}
      {{- end -}}
    {{- end -}}
  {{- else -}}
    {{- $name := printf "%s-%s" (include "portico.fullname" $root) $component.name -}}
    {{- $all = append $all (merge (dict "key" $key "component" $component.name "pool" "" "pools" "" "name" $name "values" (include "portico.valuesOf" $base | fromJson)) $component) -}}
  {{- end -}}
{{- end -}}
{{- toJson $all -}}
{{- end -}}

{{/* The names of those that have pods, as a JSON array. */}}
{{- define "portico.runningWorkloads" -}}
{{- $names := list -}}
{{- range include "portico.workloads" . | fromJsonArray -}}
  {{- if or .values.autoscaling.enabled (ne (int .values.replicas) 0) -}}
    {{- $names = append $names .name -}}
  {{- end -}}
{{- end -}}
{{- toJson $names -}}
{{- end -}}
