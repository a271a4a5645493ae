import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MachineDiscovery, MachineScrapeConfig, MeshVmGroup } from 'meshvm';
import { stringify } from 'yaml';
import { aChart, groupProps } from '../fixtures';
import { runCommand } from './harness';

const WAYS = {
  addresses: MachineDiscovery.addresses(['10.20.0.5', 'fd00:20::5']),
  ec2: MachineDiscovery.ec2({
    region: 'eu-west-1',
    tags: { Name: 'payment-service' },
    roleArn: 'arn:aws:iam::123456789012:role/prometheus',
  }),
  gce: MachineDiscovery.gce({ project: 'acme', zone: 'europe-west1-b', filter: 'labels.group=payment-service' }),
  azure: MachineDiscovery.azure({
    subscriptionId: '11111111-2222-3333-4444-555555555555',
    resourceGroup: 'payments',
    tags: { 'mesh-group': 'payment-service' },
    clientId: '66666666-7777-8888-9999-000000000000',
  }),
  files: MachineDiscovery.files(['/etc/prometheus/machines-*.json']),
  http: MachineDiscovery.http('https://inventory.acme.example/payment-service'),
};

test('Prometheus takes every way to find machines', async () => {
  const group = new MeshVmGroup(aChart(), 'payment-service', groupProps());
  const jobs = Object.entries(WAYS).map(([jobName, discovery]) =>
    MachineScrapeConfig.prometheusJob({ group, discovery, jobName, intervalSeconds: 30, timeoutSeconds: 10 }),
  );
  const folder = mkdtempSync(join(tmpdir(), 'meshvm-scrape-'));
  try {
    writeFileSync(join(folder, 'prometheus.yaml'), stringify({ scrape_configs: jobs }));
    const { exitCode, stderr } = await runCommand('promtool', ['check', 'config', 'prometheus.yaml'], {
      cwd: folder,
      allowFailure: true,
    });
    expect([exitCode, stderr]).toStrictEqual([0, '']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
