import { MachineDiscovery } from '../../../lib/observability/machine-discovery';
import { discoverySection } from '../../../lib/observability/manifests/machine-discovery';

const AZURE = {
  subscriptionId: '11111111-2222-3333-4444-555555555555',
  resourceGroup: 'payments',
  tags: { 'mesh-group': 'pay.v1' },
  clientId: 'prometheus',
};

describe('how Prometheus finds machines', () => {
  test('EC2 instances that run, by their tags, and calls them by their ID', () => {
    const discovery = MachineDiscovery.ec2({ region: 'eu-west-1', tags: { Name: 'pay' } });
    expect(discoverySection(discovery, 15020)).toStrictEqual({
      section: 'ec2SDConfigs',
      settings: {
        region: 'eu-west-1',
        filters: [
          { name: 'instance-state-name', values: ['running'] },
          { name: 'tag:Name', values: ['pay'] },
        ],
        port: 15020,
      },
      relabelings: [{ sourceLabels: ['__meta_ec2_instance_id'], targetLabel: 'machine' }],
    });
  });

  test('with a role of another account', () => {
    const roleArn = 'arn:aws:iam::123456789012:role/prometheus';
    const discovery = MachineDiscovery.ec2({ region: 'eu-west-1', tags: { Name: 'pay' }, roleArn });
    expect(discoverySection(discovery, 15020).settings.roleARN).toBe(roleArn);
  });

  test('instances of Compute Engine by a filter', () => {
    const found = { project: 'acme', zone: 'europe-west1-b', filter: 'labels.group=pay' };
    expect(discoverySection(MachineDiscovery.gce(found), 15090)).toStrictEqual({
      section: 'gceSDConfigs',
      settings: { ...found, port: 15090 },
      relabelings: [
        { action: 'keep', sourceLabels: ['__meta_gce_instance_status'], regex: 'RUNNING' },
        { sourceLabels: ['__meta_gce_instance_name'], targetLabel: 'machine' },
      ],
    });
  });

  test('Azure virtual machines, of which those with the tags are kept', () => {
    expect(discoverySection(MachineDiscovery.azure(AZURE), 15020)).toStrictEqual({
      section: 'azureSDConfigs',
      settings: {
        authenticationMethod: 'ManagedIdentity',
        subscriptionID: '11111111-2222-3333-4444-555555555555',
        resourceGroup: 'payments',
        clientID: 'prometheus',
        port: 15020,
      },
      relabelings: [
        { action: 'keep', sourceLabels: ['__meta_azure_machine_tag_mesh_group'], regex: 'pay\\.v1' },
        { sourceLabels: ['__meta_azure_machine_name'], targetLabel: 'machine' },
      ],
    });
  });

  test('by addresses, with the port', () => {
    const discovery = MachineDiscovery.addresses(['10.20.0.5', 'fd00:20::5']);
    expect(discoverySection(discovery, 15020)).toStrictEqual({
      section: 'staticConfigs',
      settings: { targets: ['10.20.0.5:15020', '[fd00:20::5]:15020'] },
      relabelings: [],
    });
  });

  test('as an inventory says in files or over HTTP, which tells the port', () => {
    expect(discoverySection(MachineDiscovery.files(['/etc/prometheus/pay-*.json']), 15020)).toStrictEqual({
      section: 'fileSDConfigs',
      settings: { files: ['/etc/prometheus/pay-*.json'] },
      relabelings: [],
    });
    expect(discoverySection(MachineDiscovery.http('https://inventory.acme.example/pay'), 15020)).toStrictEqual({
      section: 'httpSDConfigs',
      settings: { url: 'https://inventory.acme.example/pay' },
      relabelings: [],
    });
  });
});
