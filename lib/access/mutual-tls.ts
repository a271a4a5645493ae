import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { readSpec } from '../core/spec/spec';
import type { MutualTlsProps } from './mutual-tls-props';
import { planMutualTls } from './private/mutual-tls';
import shapes from './shapes.json';

/**
 * Whether workloads take plain text, or mutual TLS alone: a PeerAuthentication. A group or machine has one policy at most; it goes
 * before that of the namespace, which goes before that of the mesh.
 *
 * The sidecar keeps the promise, and only while it runs: a machine whose sidecar is stopped, or not yet started, has no capture and
 * takes plain text on every port that its application opens. On machines STRICT needs a firewall beside it. A machine added with
 * `sidecar: false` takes plain text whatever the policy of its group says.
 *
 * A group's policy selects the label `version`. Machines that still run with the labels of before a change of `version` fall under
 * the policy of the namespace: make that one STRICT too.
 *
 * @example
 * new MutualTls(chart, 'mtls', { mesh, target: WorkloadTarget.namespace('payments') });
 * @throws ValidationError with every problem of the properties.
 */
export class MutualTls extends Construct {
  /** Name of the PeerAuthentication. */
  public readonly policyName: string;
  /** Namespace of the PeerAuthentication: for the whole mesh that of the control plane. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: MutualTlsProps) {
    super(scope, id);
    const spec = readSpec(this.node.path, props, shapes, 'MutualTlsProps');
    const planned = planMutualTls(spec, placeOf(this));

    this.policyName = planned.name;
    this.namespace = planned.namespace;

    emitAll(this, planned.objects);
  }
}
