{{- define "name" -}}
{{- contains .Chart.Name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) | trunc 52 | trimSuffix "-" }}
{{- end }}

{{- define "selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "labels" -}}
{{ include "selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "image" -}}
{{- $repository := required "image.repository must be set: the image is in no public registry" .Values.image.repository -}}
{{- if eq .Values.image.tag "latest" }}{{ fail "image.tag must not be latest: replicas of one release could differ" }}{{ end -}}
{{- with .Values.image.digest }}{{ $repository }}@{{ . }}{{ else }}{{ $repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- /* The Secret and key of METRICS_TOKEN_FILE as YAML; nothing without one. */}}
{{- define "metricsToken" -}}
{{- range .Values.files }}
{{- if and .secret .settings.METRICS_TOKEN_FILE }}{ name: {{ .secret }}, key: {{ .settings.METRICS_TOKEN_FILE }} }{{ end }}
{{- end }}
{{- end }}

{{- /* `yes`, or nothing. */}}
{{- define "hasRedis" -}}
{{- if .Values.settings.REDIS_URL }}yes{{ else }}{{ range .Values.files }}{{ if .settings.REDIS_URL_FILE }}yes{{ end }}{{ end }}{{ end }}
{{- end }}

{{- /* Whether the NetworkPolicy lets through what the values name; addresses in files are not known here. */}}
{{- define "checkPorts" -}}
{{- $settings := .Values.settings -}}
{{- $called := pick $settings "REDIS_URL" "HTTP_PROXY" "HTTPS_PROXY" "OTEL_EXPORTER_OTLP_ENDPOINT" "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" -}}
{{- /* A proxy calls the rest. */}}
{{- if not (or $settings.HTTP_PROXY $settings.HTTPS_PROXY) -}}
{{- $called = merge $called (pick $settings "IAM_URL" "VPCEP_URL" (hasKey $settings "JWT_JWKS_URL" | ternary "JWT_JWKS_URL" "JWT_ISSUER")) -}}
{{- range $project := .Values.projects.projects -}}
{{- range $name, $url := pick $project "url" "iamUrl" }}{{ $_ := set $called (printf "%s of project %s" $name ($project.name | default $project.id)) $url }}{{ end -}}
{{- end -}}
{{- end -}}
{{- $open := list -}}
{{- range .Values.networkPolicy.ports }}{{ $open = append $open (toString .) }}{{ end -}}
{{- $defaults := dict "http" "80" "https" "443" "redis" "6379" "rediss" "6379" "redis+sentinel" "26379" "rediss+sentinel" "26379" -}}
{{- range $name, $value := $called -}}
{{- $url := toString $value -}}
{{- $default := get $defaults (regexFind "^[a-z+]+" $url) -}}
{{- range splitList "," $url -}}
{{- /* An entry after the last comma is empty. */}}
{{- $address := regexReplaceAll "^[a-z+]+://" . "" | regexFind "^[^/?#]+" -}}
{{- $port := eq $address "" | ternary "" (regexFind ":[0-9]+$" $address | trimPrefix ":" | default $default) -}}
{{- if not (or (eq $port "") (regexMatch "^(localhost|127\\.|\\[::1])" $address) (has $port $open)) -}}
{{- fail (printf "%s needs port %s, which the NetworkPolicy closes: add it to networkPolicy.ports" $name $port) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- /* What a value schema cannot say. */}}
{{- define "check" -}}
{{- $mode := required "settings.AUTH_MODE must be set: jwt, iam-token or none (docs/guides/authentication.md)" .Values.settings.AUTH_MODE -}}
{{- $names := keys .Values.settings -}}
{{- $folders := list -}}
{{- if .Values.projects }}{{ $names = append $names "PROJECTS_FILE" }}{{ end -}}
{{- range .Values.files -}}
{{- $folder := .secret | default .configMap -}}
{{- if has $folder $folders }}{{ fail (printf "files: %s is named twice, and gives the name of a folder" $folder) }}{{ end -}}
{{- $folders = append $folders $folder -}}
{{- range $name := keys .settings -}}
{{- if has $name $names }}{{ fail (printf "%s is set twice: keep one of settings, files and projects" $name) }}{{ end -}}
{{- $names = append $names $name -}}
{{- end -}}
{{- end -}}
{{- range $name, $value := .Values.settings -}}
{{- $text := toString $value -}}
{{- if and (or (contains "://" $text) (regexMatch "_(URL|PROXY)$" $name)) (regexMatch "@|sentinelPassword=" $text) -}}
{{- fail (printf "settings.%s must not hold a password: the Deployment shows it%s" $name (eq $name "REDIS_URL" | ternary "; use REDIS_URL_FILE in files, from a Secret" "")) -}}
{{- end -}}
{{- end -}}
{{- if .Values.networkPolicy.enabled }}{{ include "checkPorts" . }}{{ end -}}
{{- if and (eq $mode "none") (not .Values.settings.ALLOWED_ORIGINS) -}}
{{- fail (printf "AUTH_MODE none answers known hosts only: name http://%s:4000 and the host of the ingress in settings.ALLOWED_ORIGINS" (include "name" .)) -}}
{{- end -}}
{{- if hasKey .Values.settings "MAX_CONNECTIONS" -}}
{{- fail "settings.MAX_CONNECTIONS closes the connections of probes as well, so that Kubernetes would restart a replica that is full: limit connections at the ingress" -}}
{{- end -}}
{{- if gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas) -}}
{{- fail "autoscaling.minReplicas must not be greater than autoscaling.maxReplicas" -}}
{{- end -}}
{{- $several := or .Values.autoscaling.enabled (gt (int .Values.replicaCount) 1) -}}
{{- if and $several (not (include "hasRedis" .)) -}}
{{- fail "several replicas need Redis: set settings.REDIS_URL, or REDIS_URL_FILE in files; or replicaCount: 1" -}}
{{- end -}}
{{- if and .Values.serviceMonitor.enabled (not (include "metricsToken" .)) -}}
{{- fail "serviceMonitor needs METRICS_TOKEN_FILE in files, from a Secret: without a token /metrics is closed, or with AUTH_MODE none refuses the addresses of pods" -}}
{{- end -}}
{{- if and .Values.prometheusRule.enabled (not .Values.serviceMonitor.enabled) -}}
{{- fail "prometheusRule needs serviceMonitor: its alerts go by the job of that, and would fire without it" -}}
{{- end -}}
{{- end }}
