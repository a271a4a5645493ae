import { IstiodAccess, Mesh, MeshVmGroup, Network, Revision } from 'meshvm';
import * as pulumiFace from 'meshvm/pulumi';
import { aChart, errorOf, groupProps, problemsOf } from '../fixtures';
import { groupArgs, meshArgs, refusal } from '../pulumi/fixtures';

/** Properties that no compiler has looked at. */
type Given = Readonly<Record<string, unknown>>;

const MESH = { meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' };
const ofMesh = (given: unknown) => problemsOf(() => new Mesh(given as never));
const inPulumi = (given: Given) => refusal(() => new pulumiFace.MeshVmGroup('shop', { ...groupArgs(), ...given }));

describe('what plain JavaScript or another language says of a mesh', () => {
  test.each<[string, Given, string]>([
    ['no network', { network: undefined }, 'network [shape/missing]'],
    ["revision: '1-31-1'", { revision: '1-31-1' }, 'revision [shape/type]'],
    ['revision: { named, tag }', { revision: { named: 'a', tag: 'b' } }, 'revision [shape/choice]'],
    ["istiodAccess: 'a.example'", { istiodAccess: 'a.example' }, 'istiodAccess [shape/type]'],
    ['istiodDnsName', { istiodDnsName: 'a.example' }, 'istiodDnsName [shape/unknown-property]'],
    ["proxy: { accessLog: 'on' }", { proxy: { accessLog: 'on' } }, 'proxy.accessLog [shape/type]'],
    ['a number in proxyMetadata', { proxy: { proxyMetadata: { A: 1 } } }, 'proxy.proxyMetadata["A"] [shape/type]'],
  ])('%s is one problem, in either face', async (_, given, problem) => {
    expect(ofMesh({ ...MESH, ...given })).toStrictEqual([problem]);
    expect(await inPulumi({ mesh: { ...MESH, ...given } })).toStrictEqual([`mesh.${problem}`]);
  });

  test('no properties at all', () => {
    expect(ofMesh(undefined)).toStrictEqual([' [shape/type]']);
    expect(ofMesh({})).toStrictEqual([
      ...['meshId', 'clusterName', 'network', 'istioVersion'].map((property) => `${property} [shape/missing]`),
    ]);
  });

  test('data says the same as factories do', () => {
    const revision = { tag: 'prod' };
    const istiodAccess = { dnsName: 'istiod.example.com' };
    expect(new Mesh({ ...MESH, revision, istiodAccess })).toEqual(
      new Mesh({ ...MESH, revision: Revision.tag('prod'), istiodAccess: IstiodAccess.dnsName('istiod.example.com') }),
    );
  });

  test('its properties in the place of a Mesh are told what to write, in cdk8s', () => {
    const group = () => new MeshVmGroup(aChart(), 'shop', groupProps({ mesh: MESH as never }));
    expect(errorOf(group).problems.map(({ property, id, allowed, remedy }) => [property, id, allowed, remedy])).toEqual(
      [['mesh', 'shape/type', 'a Mesh', 'make one by new Mesh({ … })']],
    );
  });
});

describe('values judge nothing: who takes them tells all problems at once', () => {
  const problems = ['network.flat.cidrs[0] [address/cidr]', 'weight [machine/weight]'];

  test('Network.flat with an address that is no range', async () => {
    const network = Network.flat(['10.20.0.1/16']);
    expect(network).toEqual({ flat: { cidrs: ['10.20.0.1/16'] } });
    const found = problemsOf(() => new MeshVmGroup(aChart(), 'shop', groupProps({ network, weight: 0 })));
    expect([...found].sort()).toStrictEqual(problems);
    expect([...(await inPulumi({ network, weight: 0 }))].sort()).toStrictEqual(problems);
  });

  test('a mesh of a Pulumi program', async () => {
    const mesh = meshArgs({ network: 'VPC', revision: { named: '1.31' } });
    expect(await inPulumi({ mesh, weight: 0 })).toStrictEqual([
      ...['mesh.network [mesh/network-name]', 'mesh.revision.named [name/dns-label]', 'weight [machine/weight]'],
    ]);
  });
});
