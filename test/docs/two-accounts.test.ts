import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtime } from '@pulumi/pulumi';
import { inAws } from '../pulumi/aws/fleet';
import { FakeProvider, nameOfProvider } from '../pulumi/aws/provider';
import { runProgram, settled } from '../pulumi/program';
import { programsOf, typeErrorsOf, withPrograms } from './programs';

const [program, ...others] = programsOf('docs/pulumi.md');

test('the page has one program, and it compiles', () => {
  expect(others).toStrictEqual([]);
  withPrograms([program], (folders) => expect(typeErrorsOf(folders)).toStrictEqual([]));
}, 120_000);

describe('run, it', () => {
  const folder = mkdtempSync(join(__dirname, '../../examples/docs-'));

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('makes the machines in their account, and what lets them in in that of the cluster', async () => {
    writeFileSync(join(folder, 'index.ts'), program);
    runtime.setAllConfig({ 'project:machineVpc': 'vpc-machines', 'project:machineSubnets': '["subnet-a"]' });
    const identity = (accountId: string) => ({ 'aws:index/getCallerIdentity:getCallerIdentity': { accountId } });
    const ami = { id: 'ami-0arm', architecture: 'arm64', rootDeviceName: '/dev/sda1' };
    const provider = new FakeProvider(
      { 'aws:ec2/getAmi:getAmi': ami },
      { machines: identity('111111111111'), clusters: identity('222222222222') },
    );
    const { resources } = await runProgram(
      async () => settled((require(join(folder, 'index.ts')) as { readonly roleArn: never }).roleArn),
      inAws({ provider }),
    );
    const owned = resources.filter(({ type }) => type.startsWith('aws:'));
    const of = (owner: string) => owned.filter((resource) => nameOfProvider(resource.provider) === owner);
    expect(
      of('clusters')
        .map(({ name }) => name)
        .sort(),
    ).toStrictEqual(['payments-access-entry', 'payments-api-server-0-peer', 'payments-istiod-0-peer']);
    expect(of('machines')).toHaveLength(owned.length - 3);
    expect(owned.find(({ name }) => name === 'payments-istiod-0')?.inputs.referencedSecurityGroupId).toBe(
      '222222222222/sg-0gateway',
    );
  });
});
