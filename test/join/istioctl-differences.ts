/** One point in which our files differ from what `istioctl x workload entry configure` writes, on purpose. */
export interface Difference {
  readonly id: string;
  /** What istioctl does. */
  readonly istioctl: string;
  /** What meshvm does, and why. */
  readonly meshvm: string;
}

/**
 * Every deliberate difference; there is no other. The parity test runs the real istioctl and undoes exactly these before it compares
 * `cluster.env` by bytes and `mesh.yaml` by value.
 *
 * Upstream: istioctl/pkg/workload/workload.go of Istio 1.31.
 */
export const DIFFERENCES: readonly Difference[] = [
  {
    id: 'inbound-ports-sorted',
    istioctl: 'writes ISTIO_INBOUND_PORTS in the random order of a Go map',
    meshvm: 'sorts the ports by number, so that the same group gives the same file',
  },
  {
    id: 'no-ports-no-capture',
    istioctl:
      'writes ISTIO_INBOUND_PORTS=* for a group without ports, so that SSH on another port and agents of others are captured, too',
    meshvm: 'captures nothing inbound of a group without ports',
  },
  {
    id: 'ca-address',
    istioctl:
      'writes CA_ADDR for a revision only, and then over the one that proxy.istio.io/config gives; a control plane outside istio-system gets none, and machines ask istio-system for certificates',
    meshvm:
      'writes CA_ADDR wherever the start script would compute another address than discoveryAddress: revision, other namespace, DNS name of your own',
  },
  {
    id: 'istiod-access',
    istioctl:
      'knows no DNS name of istiod but its Service; one has to write discoveryAddress and CA_ADDR into an annotation',
    meshvm: 'takes both from IstiodAccess.dnsName',
  },
  {
    id: 'revision-tag',
    istioctl: 'dials istiod-<tag>.<namespace>.svc, a name that no certificate carries',
    meshvm: 'dials istiod.<namespace>.svc, which every revision carries, and lets the gateway follow the tag',
  },
  {
    id: 'backslash-quoted',
    istioctl: 'leaves a value of nothing but "\\", "w" and @%+=:,./- unquoted, so that the shell drops its backslashes',
    meshvm: 'quotes every value with a backslash',
  },
  {
    id: 'locality-label',
    istioctl:
      "leaves the WorkloadGroup's locality to istiod, which overwrites it with what the sidecar reports: nothing outside of AWS, GCP and Azure",
    meshvm:
      "adds the label istio-locality to ISTIO_METAJSON_LABELS, by which the sidecar reports the group's locality; istiod keeps it out of the entry",
  },
];
