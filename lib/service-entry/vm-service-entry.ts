import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { readSpec } from '../core/spec/spec';
import { planServiceEntry } from './private/vm-service-entry';
import shapes from './shapes.json';
import type { VmServiceEntryProps } from './vm-service-entry-props';

/**
 * Names that are no Kubernetes Service, known to the mesh: a legacy DNS name of machines, or a host outside that machines or pods
 * call. For a name inside the cluster use the Services of a MeshVmGroup.
 *
 * @example
 * new VmServiceEntry(chart, 'legacy-name', {
 *   mesh,
 *   hosts: ['payments.corp.example.com'],
 *   ports: [{ name: 'http', port: 80, protocol: ServiceEntryProtocol.HTTP, targetPort: 8080 }],
 *   endpoints: VmServiceEndpoints.group(group),
 * });
 * @throws ValidationError with every problem of the properties.
 */
export class VmServiceEntry extends Construct {
  /** Name of the ServiceEntry. */
  public readonly entryName: string;
  /** Namespace of the ServiceEntry. */
  public readonly namespace: string;
  /** DNS names. */
  public readonly hosts: readonly string[];

  public constructor(scope: Construct, id: string, props: VmServiceEntryProps) {
    super(scope, id);
    const spec = readSpec(this.node.path, props, shapes, 'VmServiceEntryProps');
    const planned = planServiceEntry(spec, placeOf(this));

    this.entryName = planned.name;
    this.namespace = planned.namespace;
    this.hosts = planned.hosts;

    emitAll(this, planned.objects);
  }
}
