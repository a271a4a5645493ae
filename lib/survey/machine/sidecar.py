"""What a sidecar brings along: its ports, its user, and from where it calls the application on its own machine."""
import ipaddress

SIDECAR_USER = 'istio-proxy'
SIDECAR_PORTS = range(15000, 15091)
SIDECAR_ADDRESS = ipaddress.ip_address('127.0.0.6')
