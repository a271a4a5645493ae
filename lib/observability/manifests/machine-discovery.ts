import { compact } from '../../core/kubernetes-object';
import type { AzureDiscovery, Ec2Discovery, GceDiscovery, MachineDiscovery } from '../machine-discovery';

type Data = Readonly<Record<string, unknown>>;

/** The part of a ScrapeConfig that says how machines are found, in prometheus-operator's form. */
export interface DiscoverySection {
  /** Its name, such as `ec2SDConfigs`. */
  readonly section: string;
  /** What stands in it. */
  readonly settings: Data;
  /** What Prometheus does to the targets that it finds: leaves some out, names them. */
  readonly relabelings: readonly Data[];
}

/** How machines are found. Clouds and a static list are told the port; files and servers tell it. */
export function discoverySection(discovery: MachineDiscovery, port: number): DiscoverySection {
  const { addresses = [], ec2, gce, azure, files, http } = discovery;
  if (ec2 !== undefined) return ec2Section(ec2, port);
  if (gce !== undefined) return gceSection(gce, port);
  if (azure !== undefined) return azureSection(azure, port);
  if (files !== undefined) return { section: 'fileSDConfigs', settings: { files }, relabelings: [] };
  if (http !== undefined) return { section: 'httpSDConfigs', settings: { url: http }, relabelings: [] };
  const targets = addresses.map((address) => target(address, port));
  return { section: 'staticConfigs', settings: { targets }, relabelings: [] };
}

function ec2Section({ region, tags, roleArn }: Ec2Discovery, port: number): DiscoverySection {
  const filters = [
    { name: 'instance-state-name', values: ['running'] },
    ...Object.entries(tags).map(([key, value]) => ({ name: `tag:${key}`, values: [value] })),
  ];
  return {
    section: 'ec2SDConfigs',
    settings: compact({ region, roleARN: roleArn, filters, port }),
    relabelings: [named('__meta_ec2_instance_id')],
  };
}

function gceSection({ project, zone, filter }: GceDiscovery, port: number): DiscoverySection {
  return {
    section: 'gceSDConfigs',
    settings: { project, zone, filter, port },
    relabelings: [kept('__meta_gce_instance_status', 'RUNNING'), named('__meta_gce_instance_name')],
  };
}

function azureSection({ subscriptionId, resourceGroup, tags, clientId }: AzureDiscovery, port: number) {
  const wanted = Object.entries(tags).map(([key, value]) =>
    kept(`__meta_azure_machine_tag_${labelName(key)}`, literal(value)),
  );
  return {
    section: 'azureSDConfigs',
    settings: compact({
      authenticationMethod: 'ManagedIdentity',
      subscriptionID: subscriptionId,
      resourceGroup,
      clientID: clientId,
      port,
    }),
    relabelings: [...wanted, named('__meta_azure_machine_name')],
  };
}

function target(address: string, port: number): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** The label `machine`: what the cloud calls the machine. */
function named(sourceLabel: string): Data {
  return { sourceLabels: [sourceLabel], targetLabel: 'machine' };
}

function kept(sourceLabel: string, regex: string): Data {
  return { action: 'keep', sourceLabels: [sourceLabel], regex };
}

/** Prometheus makes names of labels from tags so. */
function labelName(tag: string): string {
  return tag.replace(/[^A-Za-z0-9_]/g, '_');
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
