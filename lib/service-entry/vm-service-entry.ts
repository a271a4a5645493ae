import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { emit } from '../core/emit';
import { Problems } from '../core/problems';
import { Registry } from '../core/registry';
import { serviceEntry } from './manifests/service-entry';
import { checkSelectedMachines } from './private/service-entry-machines';
import { checkServiceEntry, resolveServiceEntry } from './resolve-service-entry';
import { checkHostOwners, claimEntryHosts } from './service-entry-hosts';
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
    const entry = resolveServiceEntry(props, id, Chart.of(this).namespace ?? '');
    const problems = new Problems();
    const program = Registry.ofProgram(this);
    checkServiceEntry(problems, props, entry);
    checkHostOwners(problems, program, entry);
    checkSelectedMachines(problems, program, props, entry);
    problems.throwIfAny(this.node.path);
    claimEntryHosts(program, this.node.path, entry);

    this.entryName = entry.name;
    this.namespace = entry.namespace;
    this.hosts = entry.hosts;

    emit(this, 'Resource', serviceEntry(entry));
  }
}
