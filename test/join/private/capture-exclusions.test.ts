import { Problems } from '../../../lib/core/problems';
import type { BootstrapProps } from '../../../lib/join/bootstrap-props';
import { checkExclusions } from '../../../lib/join/private/capture-exclusions';
import { member } from '../../machines/member';

function verdict(bootstrap: BootstrapProps): readonly string[] {
  const problems = new Problems();
  checkExclusions(problems, bootstrap, member);
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

test('ports and interfaces of others are left alone', () => {
  expect(
    verdict({
      excludeInboundPorts: [9100],
      excludeOutboundPorts: [111, 2049],
      excludeInterfaces: ['docker0', 'br-1a2b'],
    }),
  ).toStrictEqual([]);
});

test('a port of the group is not, nor one by which machines reach the mesh', () => {
  expect(verdict({ excludeInboundPorts: [9100, 8080], excludeOutboundPorts: [15012, 15443] })).toStrictEqual([
    'excludeInboundPorts[1] [bootstrap/excluded-port-of-group]',
    'excludeOutboundPorts[0] [bootstrap/excluded-port-of-sidecar]',
    'excludeOutboundPorts[1] [bootstrap/excluded-port-of-sidecar]',
  ]);
});

test('what is no port and no interface is told', () => {
  expect(verdict({ excludeInboundPorts: [0], excludeOutboundPorts: [70000] })).toHaveLength(2);
  expect(verdict({ excludeInterfaces: ['', 'a b', 'docker+', '$(id)', 'x'.repeat(16)] })).toHaveLength(5);
});
