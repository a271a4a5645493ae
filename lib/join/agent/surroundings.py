"""Where a program of ours runs: overrides for containers and tests. A machine sets none of them."""
import hashlib
import os

ROOT = os.environ.get('MESHVM_ROOT', '')  # Prefix of every path below.
IMDS = os.environ.get('MESHVM_IMDS_ENDPOINT', 'http://169.254.169.254')
SIDECAR_USER = 'istio-proxy'


def sha256(data):
    return hashlib.sha256(data).hexdigest()
