import { MachineDiscovery } from 'meshvm';
import { problemsOf } from '../fixtures';

describe('MachineDiscovery', () => {
  test('finds EC2 instances that run, by their tags, and calls them by their ID', () => {
    const { section, settings, relabelings } = MachineDiscovery.ec2({ region: 'eu-west-1', tags: { Name: 'pay' } });
    expect([section, settings, relabelings]).toStrictEqual([
      'ec2SDConfigs',
      {
        region: 'eu-west-1',
        filters: [
          { name: 'instance-state-name', values: ['running'] },
          { name: 'tag:Name', values: ['pay'] },
        ],
      },
      [{ sourceLabels: ['__meta_ec2_instance_id'], targetLabel: 'machine' }],
    ]);
  });

  test('takes a role of another account', () => {
    const roleArn = 'arn:aws:iam::123456789012:role/prometheus';
    const { settings } = MachineDiscovery.ec2({ region: 'eu-west-1', tags: { Name: 'pay' }, roleArn });
    expect(settings.roleARN).toBe(roleArn);
  });

  test('finds instances of Compute Engine by a filter', () => {
    const { settings, relabelings } = MachineDiscovery.gce({
      project: 'acme',
      zone: 'europe-west1-b',
      filter: 'labels.group=pay',
    });
    expect([settings, relabelings]).toStrictEqual([
      { project: 'acme', zone: 'europe-west1-b', filter: 'labels.group=pay' },
      [
        { action: 'keep', sourceLabels: ['__meta_gce_instance_status'], regex: 'RUNNING' },
        { sourceLabels: ['__meta_gce_instance_name'], targetLabel: 'machine' },
      ],
    ]);
  });

  test('finds Azure virtual machines, and keeps those with the tags', () => {
    const { settings, relabelings } = MachineDiscovery.azure({
      subscriptionId: '11111111-2222-3333-4444-555555555555',
      resourceGroup: 'payments',
      tags: { 'mesh-group': 'pay.v1' },
      clientId: 'prometheus',
    });
    expect([settings, relabelings]).toStrictEqual([
      {
        authenticationMethod: 'ManagedIdentity',
        subscriptionID: '11111111-2222-3333-4444-555555555555',
        resourceGroup: 'payments',
        clientID: 'prometheus',
      },
      [
        { action: 'keep', sourceLabels: ['__meta_azure_machine_tag_mesh_group'], regex: 'pay\\.v1' },
        { sourceLabels: ['__meta_azure_machine_name'], targetLabel: 'machine' },
      ],
    ]);
  });

  test('takes what an inventory says in files or over HTTP', () => {
    expect(MachineDiscovery.files(['/etc/prometheus/pay-*.json']).settings).toStrictEqual({
      files: ['/etc/prometheus/pay-*.json'],
    });
    expect(MachineDiscovery.http('https://inventory.acme.example/pay').settings).toStrictEqual({
      url: 'https://inventory.acme.example/pay',
    });
  });

  test.each([
    [() => MachineDiscovery.addresses([]), ['addresses [discovery/nothing]']],
    [() => MachineDiscovery.addresses(['10.0.0.1', 'vm-1']), ['addresses[1] [address/ip-required]']],
    [() => MachineDiscovery.ec2({ region: '', tags: {} }), ['region [property/required]', 'tags [discovery/nothing]']],
    [() => MachineDiscovery.ec2({ region: 'eu-west-1', tags: { Name: '' } }), ['tags.Name [property/required]']],
    [
      () => MachineDiscovery.gce({ project: '', zone: '', filter: '' }),
      ['project [property/required]', 'zone [property/required]', 'filter [property/required]'],
    ],
    [
      () => MachineDiscovery.azure({ subscriptionId: '', resourceGroup: '', tags: {} }),
      ['subscriptionId [property/required]', 'resourceGroup [property/required]', 'tags [discovery/nothing]'],
    ],
    [() => MachineDiscovery.files([]), ['files [discovery/nothing]']],
    [
      () => MachineDiscovery.files(['targets.txt', 'a*/b.json']),
      ['files[0] [discovery/file]', 'files[1] [discovery/file]'],
    ],
    [() => MachineDiscovery.http('inventory'), ['url [discovery/url]']],
    [() => MachineDiscovery.http('ftp://inventory'), ['url [discovery/url]']],
  ])('refuses what finds nothing: %#', (action, problems) => {
    expect(problemsOf(action)).toStrictEqual(problems);
  });
});
