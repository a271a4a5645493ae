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

const GOOD = { job_name: 'machines', scrape_interval: '30s', scrape_timeout: '10s' };
const RULES = { name: 'machines', rules: [{ alert: 'Always', expr: 'vector(1)' }] };

test('Prometheus takes every way to find machines', async () => {
  const group = new MeshVmGroup(aChart(), 'payment-service', groupProps());
  const jobs = Object.entries(WAYS).map(([jobName, discovery]) =>
    MachineScrapeConfig.prometheusJob({ group, discovery, jobName, intervalSeconds: 30, timeoutSeconds: 10 }),
  );
  expect(await promtool('config', { scrape_configs: jobs })).toStrictEqual([0, '']);
});

test.each([
  ['monitoring/timeout-above-interval', 'config', { scrape_configs: [{ ...GOOD, scrape_timeout: '31s' }] }],
  ['discovery/file', 'config', { scrape_configs: [{ ...GOOD, file_sd_configs: [{ files: ['targets.txt'] }] }] }],
  ['discovery/url', 'config', { scrape_configs: [{ ...GOOD, http_sd_configs: [{ url: 'inventory' }] }] }],
  ['monitoring/group-twice', 'rules', { groups: [RULES, RULES] }],
])('Prometheus refuses what %s refuses, and nothing but that', async (_, kind, file) => {
  const good = kind === 'config' ? { scrape_configs: [GOOD] } : { groups: [RULES] };
  expect(await promtool(kind, good)).toStrictEqual([0, '']);
  expect((await promtool(kind, file))[0]).not.toBe(0);
});

/** Exit code and errors of `promtool check`. */
async function promtool(kind: string, file: object): Promise<readonly [number, string]> {
  const folder = mkdtempSync(join(tmpdir(), 'meshvm-scrape-'));
  try {
    writeFileSync(join(folder, 'file.yaml'), stringify(file));
    const { exitCode, stderr } = await runCommand('promtool', ['check', kind, 'file.yaml'], {
      cwd: folder,
      allowFailure: true,
    });
    return [exitCode, stderr];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
