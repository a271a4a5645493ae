import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeProvider } from '../pulumi/aws/provider';
import { inAwsWithProxies } from '../pulumi/aws/proxies';
import { runProgram, settled } from '../pulumi/program';
import { programsOf, typeErrorsOf, withPrograms } from './programs';

const [program, ...others] = programsOf('docs/standalone.md').filter((text) => text.includes("'meshvm/pulumi"));

test('the page has one program for Pulumi, and it compiles', () => {
  expect(others).toStrictEqual([]);
  withPrograms([program], (folders) => expect(typeErrorsOf(folders)).toStrictEqual([]));
}, 120_000);

describe('run, it', () => {
  const folder = mkdtempSync(join(__dirname, '../../examples/docs-'));

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('makes proxies behind a load balancer, which the group lets in', async () => {
    writeFileSync(join(folder, 'index.ts'), program);
    const ami = { id: 'ami-0arm', architecture: 'arm64', rootDeviceName: '/dev/sda1' };
    const provider = new FakeProvider({ 'aws:ec2/getAmi:getAmi': ami });
    const { value, resources } = await runProgram(
      async () => settled((require(join(folder, 'index.ts')) as { readonly address: never }).address),
      { ...inAwsWithProxies(), call: provider.call },
    );
    expect(value).toBe('proxies.elb.amazonaws.com');
    const ours = /^(aws:autoscaling|aws:lb|kubernetes:security)|:ServiceAccount$/;
    expect(
      resources
        .filter(({ type }) => ours.test(type))
        .map(({ type, name }) => `${type} ${name}`)
        .sort(),
    ).toStrictEqual([
      'aws:autoscaling/group:Group proxies-auto-scaling-group',
      'aws:autoscaling/policy:Policy proxies-scale-cpu',
      'aws:lb/listener:Listener proxies-listener-8080',
      'aws:lb/loadBalancer:LoadBalancer proxies-load-balancer',
      'aws:lb/targetGroup:TargetGroup proxies-target-group-8080',
      'kubernetes:core/v1:ServiceAccount ServiceAccount payments/payment-service',
      'kubernetes:core/v1:ServiceAccount ServiceAccount proxies/proxies',
      'kubernetes:security.istio.io/v1:AuthorizationPolicy AuthorizationPolicy payments/proxies-call',
    ]);
    const policy = resources.find(({ name }) => name === 'AuthorizationPolicy payments/proxies-call');
    expect(JSON.stringify(policy?.inputs)).toContain('"principals":["cluster.local/ns/proxies/sa/proxies"]');
  });
});
