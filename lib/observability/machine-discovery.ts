import { Problems } from '../core/problems';
import { checkDiscovery } from './private/machine-discovery';

/** EC2 instances by their tags. Prometheus needs the right `ec2:DescribeInstances`. */
export interface Ec2Discovery {
  /** Region, such as `eu-west-1`. */
  readonly region: string;

  /** Tags that the instances of the group have, and no others: such as `Name`, which VmAutoScalingGroup sets to the fleet's name. */
  readonly tags: Readonly<Record<string, string>>;

  /**
   * Role to take for reading instances, such as one of another account.
   * @default - Prometheus's own identity
   */
  readonly roleArn?: string;
}

/** Instances of Compute Engine in one zone. Prometheus needs the right `compute.instances.list`. */
export interface GceDiscovery {
  /** ID of the project. */
  readonly project: string;

  /** Zone, such as `europe-west1-b`; for several zones make a scrape configuration of each. */
  readonly zone: string;

  /**
   * What the instances of the group have in common, and no others: a filter of the Compute Engine API, such as
   * `labels.group=payment-service`.
   */
  readonly filter: string;
}

/** Azure virtual machines by their tags. Prometheus needs the role Reader, and takes its managed identity. */
export interface AzureDiscovery {
  /** ID of the subscription. */
  readonly subscriptionId: string;

  /** Resource group of the machines. */
  readonly resourceGroup: string;

  /** Tags that the machines of the group have, and no others. */
  readonly tags: Readonly<Record<string, string>>;

  /**
   * Client ID of the managed identity.
   * @default - the identity that the system has assigned
   */
  readonly clientId?: string;
}

/**
 * How Prometheus finds the machines of a group. WorkloadEntries are no role of its Kubernetes discovery, and EndpointSlices do not
 * contain them: machines that come and go are found where they are made, by the API of the cloud or by an inventory. That finds machines
 * that run and have not joined, too, which is what an alert is about.
 */
export class MachineDiscovery {
  /**
   * Machines with fixed addresses.
   *
   * @param addresses IPv4 or IPv6 addresses.
   * @throws ValidationError for none, and for what is no address.
   */
  public static addresses(addresses: readonly string[]): MachineDiscovery {
    return new MachineDiscovery('addresses', 'staticConfigs', { targets: [...addresses] });
  }

  /**
   * EC2 instances that run and have all of the tags.
   * @throws ValidationError without region or tags.
   */
  public static ec2({ region, tags, roleArn }: Ec2Discovery): MachineDiscovery {
    const filters = [
      { name: 'instance-state-name', values: ['running'] },
      ...Object.entries(tags).map(([key, value]) => ({ name: `tag:${key}`, values: [value] })),
    ];
    const discovery = { region, ...(roleArn === undefined ? {} : { roleARN: roleArn }), filters };
    return new MachineDiscovery('ec2', 'ec2SDConfigs', discovery, [named('__meta_ec2_instance_id')], { region, tags });
  }

  /**
   * Instances of Compute Engine that a filter selects.
   * @throws ValidationError without project, zone or filter.
   */
  public static gce({ project, zone, filter }: GceDiscovery): MachineDiscovery {
    return new MachineDiscovery(
      'gce',
      'gceSDConfigs',
      { project, zone, filter },
      [kept('__meta_gce_instance_status', 'RUNNING'), named('__meta_gce_instance_name')],
      { project, zone, filter },
    );
  }

  /**
   * Azure virtual machines, also those of scale sets, that have all of the tags.
   * @throws ValidationError without subscription, resource group or tags.
   */
  public static azure({ subscriptionId, resourceGroup, tags, clientId }: AzureDiscovery): MachineDiscovery {
    const identity = clientId === undefined ? {} : { clientID: clientId };
    return new MachineDiscovery(
      'azure',
      'azureSDConfigs',
      { authenticationMethod: 'ManagedIdentity', subscriptionID: subscriptionId, resourceGroup, ...identity },
      [
        ...Object.entries(tags).map(([key, value]) =>
          kept(`__meta_azure_machine_tag_${labelName(key)}`, literal(value)),
        ),
        named('__meta_azure_machine_name'),
      ],
      { subscriptionId, resourceGroup, tags },
    );
  }

  /**
   * Machines that an inventory writes to files that Prometheus reads and follows, each with the port: 15020, or 15090 for
   * MachineMetrics.ENVOY. For machines on premises.
   *
   * @param files Paths in Prometheus's file system that end in `.json`, `.yml` or `.yaml`; the last part may have a `*`.
   * @throws ValidationError for none, and for another ending.
   */
  public static files(files: readonly string[]): MachineDiscovery {
    return new MachineDiscovery('files', 'fileSDConfigs', { files: [...files] });
  }

  /**
   * Machines that an inventory tells over HTTP in the form of Prometheus's HTTP discovery, each with the port: 15020, or 15090 for
   * MachineMetrics.ENVOY. For machines on premises.
   *
   * @param url Such as `https://inventory.acme.example/prometheus/payment-service`.
   * @throws ValidationError for what is no URL of HTTP.
   */
  public static http(url: string): MachineDiscovery {
    return new MachineDiscovery('http', 'httpSDConfigs', { url });
  }

  private constructor(
    name: string,
    /** The part of a ScrapeConfig that says it, such as `ec2SDConfigs`. */
    public readonly section: string,
    /** What stands in that part, without the port. */
    public readonly settings: Readonly<Record<string, unknown>>,
    /** What Prometheus does to the targets that it finds, in prometheus-operator's form. */
    public readonly relabelings: readonly Readonly<Record<string, unknown>>[] = [],
    given: Readonly<Record<string, unknown>> = settings,
  ) {
    const problems = new Problems();
    checkDiscovery(problems, given);
    problems.throwIfAny(`MachineDiscovery.${name}`);
  }
}

/** The label `machine`: what the cloud calls the machine. */
function named(sourceLabel: string): Readonly<Record<string, unknown>> {
  return { sourceLabels: [sourceLabel], targetLabel: 'machine' };
}

function kept(sourceLabel: string, regex: string): Readonly<Record<string, unknown>> {
  return { action: 'keep', sourceLabels: [sourceLabel], regex };
}

/** Prometheus makes names of labels from tags so. */
function labelName(tag: string): string {
  return tag.replace(/[^A-Za-z0-9_]/g, '_');
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Which metrics of a machine Prometheus takes. */
export enum MachineMetrics {
  /** Those of the agent, of Envoy and of the application together, on port 15020. Alerts and dashboard need them. */
  MERGED = 'MERGED',
  /**
   * Those of Envoy alone, on port 15090. Take one of the two: with a scrape configuration of each the dashboard counts every machine
   * twice.
   */
  ENVOY = 'ENVOY',
}
