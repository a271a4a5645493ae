{{- range $index := until (int .Values.groups) }}
{{- $name := printf "payments-%d" $index }}
{{- $namespace := printf "team-%d" $index }}
---
apiVersion: v1
kind: Namespace
metadata:
  labels:
    istio-injection: enabled
  name: {{ $namespace }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  namespace: {{ $namespace }}
automountServiceAccountToken: false
---
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata:
  name: {{ $name }}
  namespace: {{ $namespace }}
spec:
  metadata:
    labels:
      app: {{ $name }}
      service.istio.io/canonical-name: {{ $name }}
      service.istio.io/canonical-revision: latest
      version: latest
  probe:
    httpGet:
      path: /healthz
      port: 8080
      scheme: HTTP
  template:
    network: vpc-prod
    ports:
      http: 8080
      http-admin: 9090
    serviceAccount: {{ $name }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  namespace: {{ $namespace }}
spec:
  ports:
    - name: http
      port: 80
      protocol: TCP
      targetPort: 8080
  selector:
    app: {{ $name }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}-admin
  namespace: {{ $namespace }}
spec:
  ports:
    - name: http-admin
      port: 80
      protocol: TCP
      targetPort: 9090
  selector:
    app: {{ $name }}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: {{ $name }}
  namespace: {{ $namespace }}
spec:
  mtls:
    mode: STRICT
  selector:
    matchLabels:
      app: {{ $name }}
      version: latest
{{- end }}
