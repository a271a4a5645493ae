"""cluster.env: which variables it may set, and to what. The sidecar's start script reads it as root, and hands all of it on."""
import re
import shlex

from .forms import HOST, HOST_PORT, LABEL, NAME, PORTS, has_form

TEXT = r'[^\x00-\x1f\x7f]*'
INTERFACE = r'[A-Za-z0-9_.:@-]{1,15}'
SWITCH = r'true|false'
NUMBER = r'\d{1,12}(?:\.\d{1,6})?'
DURATION = r'(?:\d{1,12}(?:\.\d{1,6})?(?:ns|us|ms|s|m|h))+'

# What the group says of its machines. No variable that names a program, a file, a library or a user is among them, nor one by
# which the start script would run the sidecar as root (ISTIO_INBOUND_INTERCEPTION_MODE, EXEC_USER).
VARIABLES = {
    'CANONICAL_REVISION': TEXT,
    'CANONICAL_SERVICE': TEXT,
    # Flags of pilot-agent: the domain of a cluster that is not called cluster.local, and no other.
    'ISTIO_AGENT_FLAGS': r'--domain ' + HOST,
    'ISTIO_EXCLUDE_INTERFACES': INTERFACE + r'(?:,' + INTERFACE + r')*',
    # An old bundle may still say "*" for a group without ports.
    'ISTIO_INBOUND_PORTS': r'\*|' + PORTS,
    'ISTIO_LOCAL_EXCLUDE_PORTS': PORTS,
    'ISTIO_LOCAL_OUTBOUND_PORTS_EXCLUDE': PORTS,
    'ISTIO_NAMESPACE': LABEL,
    'ISTIO_SERVICE': NAME,
    'ISTIO_SERVICE_CIDR': r'\*',
    'POD_NAMESPACE': LABEL,
    'SERVICE_ACCOUNT': NAME,
    'TRUST_DOMAIN': HOST,
}

# What a mesh may set in its proxyMetadata beside ISTIO_META_*, which only istiod reads. Upstream: istio
# pilot/cmd/pilot-agent/options, pkg/istio-agent, security/pkg/nodeagent, and Go's own. proxy-metadata.ts has the same names.
METADATA = {
    'BOOTSTRAP_XDS_AGENT': SWITCH,
    'CA_ADDR': HOST_PORT,
    'CLOUD_PLATFORM': r'aws|gcp|azure|none',
    'COMPLIANCE_POLICY': r'(?:fips-140-2|pqc)?',
    'DISABLE_ENVOY': SWITCH,
    'DNS_FORWARD_PARALLEL': SWITCH,
    'DNS_FORWARD_TIMEOUT': DURATION,
    'DNS_PROXY_ADDR': HOST_PORT,
    'ECC_CURVE': r'P256|P384',
    'ECC_SIGNATURE_ALGORITHM': r'ECDSA',
    'ENABLE_PROBE_KEEPALIVE_CONNECTIONS': SWITCH,
    'ENVOY_SKIP_DEPRECATED_LOGS': SWITCH,
    'EXIT_ON_ZERO_ACTIVE_CONNECTIONS': SWITCH,
    'FILE_DEBOUNCE_DURATION': DURATION,
    'GOGC': r'\d{1,4}|off',
    'GOMAXPROCS': NUMBER,
    'GOMEMLIMIT': r'\d{1,15}(?:B|KiB|MiB|GiB)?',
    'ISTIOD_SAN': HOST,
    'ISTIO_DELTA_XDS': SWITCH,
    'ISTIO_PROMETHEUS_ANNOTATIONS': TEXT,
    'ISTIO_SVC_IP': r'[0-9a-f.:]+',
    'METRICS_LOCALHOST_ACCESS_ONLY': SWITCH,
    'MINIMUM_DRAIN_DURATION': DURATION,
    'PEER_METADATA_DISCOVERY': SWITCH,
    'POD_NAME': NAME,
    'PROXY_CONFIG_XDS_AGENT': SWITCH,
    'REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION': SWITCH,
    'SECRET_GRACE_PERIOD_RATIO': NUMBER,
    'SECRET_GRACE_PERIOD_RATIO_JITTER': NUMBER,
    'SECRET_TTL': DURATION,
    'WASM_HTTP_REQUEST_MAX_RETRIES': NUMBER,
    'WASM_HTTP_REQUEST_TIMEOUT': DURATION,
    'WASM_MODULE_EXPIRY': DURATION,
    'WASM_PURGE_INTERVAL': DURATION,
    'WORKLOAD_RSA_KEY_SIZE': NUMBER,
}


def check_environment(text):
    """Raises ValueError for a line that is no quoted assignment, and for a variable that is not known, or not of its form."""
    # Quoted assignments only, nothing that a shell would run or expand.
    if not re.fullmatch(r"""(?:[A-Za-z_]\w*=(?:[\w@%+=:,./-]|'[^'\n]*'|"'")*\n)*""", text, re.ASCII):
        raise ValueError('cluster.env is not a list of quoted assignments')
    for line in text.splitlines():
        name, _, value = shlex.split(line)[0].partition('=')
        check_variable('cluster.env', name, value)


def check_variable(where, name, value):
    form = TEXT if re.match(r'ISTIO_META(?:JSON)?_[A-Z]', name) else VARIABLES.get(name) or METADATA.get(name)
    if form is None:
        raise ValueError('{} sets {}, which this agent does not let through'.format(where, name[:200]))
    if not has_form(form, value):
        raise ValueError('{} sets {} to {!r}'.format(where, name, str(value)[:200]))
