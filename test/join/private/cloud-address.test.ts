import { Problems } from '../../../lib/core/problems';
import { checkCloudRanges } from '../../../lib/join/private/cloud-address';

function verdict(kind: string, ...cidrs: readonly string[]): readonly string[] {
  const problems = new Problems();
  checkCloudRanges(problems, 'network.flat.cidrs', cidrs, kind);
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

test.each(['eks', 'gke', 'aks'])('machines of %s have no public address and none of IPv6', (kind) => {
  const refused = ['network.flat.cidrs [network/ranges-without-cloud-address]'];
  expect(verdict(kind, '2600:1f13:abc::/56')).toStrictEqual(refused);
  expect(verdict(kind, '20.50.0.0/16')).toStrictEqual(refused);
});

test.each(['10.20.0.0/16', '172.31.0.0/16', '192.168.1.0/24', '100.64.0.0/16', '0.0.0.0/1'])('%s has some', (cidr) => {
  expect(verdict('eks', cidr)).toStrictEqual([]);
  expect(verdict('gke', '2600:1f13:abc::/56', cidr)).toStrictEqual([]);
});

test('machines elsewhere have the address of their way to the API server', () => {
  expect(verdict('kubeconfig', '2600:1f13:abc::/56')).toStrictEqual([]);
  expect(verdict('tokenFile', '20.50.0.0/16')).toStrictEqual([]);
});
