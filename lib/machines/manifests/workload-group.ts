import type { WorkloadGroupSpec } from '../../../imports/networking.istio.io';
import type { KubernetesObject, Plain } from '../../core/kubernetes-object';
import { compact, nonEmpty } from '../../core/kubernetes-object';
import { APPLICATION_ANNOTATION } from '../application-annotation';
import type { KubernetesProbe } from '../kubernetes-probe';
import type { Member } from '../member';
import { portMap } from './workload-entry';

/**
 * The WorkloadGroup from which istiod makes a WorkloadEntry for each machine that connects.
 *
 * Labels stand in `metadata.labels` alone: istioctl and istiod disagree on which of the two lists of labels wins.
 */
export function workloadGroup(
  member: Member,
  probe: KubernetesProbe | undefined,
): KubernetesObject<Plain<WorkloadGroupSpec>> {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadGroup',
    metadata: { name: member.name, namespace: member.namespace },
    spec: compact({
      metadata: {
        labels: member.labels,
        annotations: { ...member.annotations, [APPLICATION_ANNOTATION]: member.selector.app },
      },
      template: compact({
        ports: nonEmpty(portMap(member.ports)),
        serviceAccount: member.serviceAccount,
        network: member.network,
        locality: member.locality,
        weight: member.weight,
      }),
      probe: probe && readinessProbe(probe),
    }),
  };
}

/** The probe in the order of the CRD, without what was left out. */
function readinessProbe(probe: KubernetesProbe): Plain<WorkloadGroupSpec>['probe'] {
  const { httpGet, tcpSocket, exec, grpc, ...thresholds } = probe;
  return compact({
    ...compact(thresholds),
    httpGet: httpGet && compact({ ...httpGet, httpHeaders: httpGet.httpHeaders?.map((header) => ({ ...header })) }),
    tcpSocket: tcpSocket && compact({ ...tcpSocket }),
    exec: exec && { command: [...exec.command] },
    grpc: grpc && { ...grpc },
  });
}
