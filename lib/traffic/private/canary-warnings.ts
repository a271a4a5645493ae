import type { Registry } from '../../core/registry';
import { type Warnings, warning } from '../../core/warnings';
import { isRegistering, selectMembers } from '../../machines/declared-members';
import type { CanaryReleaseProps } from '../canary-release-props';

const SINGLE_MACHINE = warning({
  id: 'release/single-machine',
  says: 'one machine alone serves the version: its whole share fails with it',
  remedy: 'add machines to the group, or set outlierDetection in traffic and retries',
  source: 'istio: the share of a subset does not move to another when its endpoints are gone; callers get 503',
});

/** Warns of a version with a share of the calls that one fixed machine of the complete program serves. */
export function warnOfSingleMachines(warnings: Warnings, program: Registry, { versions }: CanaryReleaseProps): void {
  versions.forEach(({ group, percent }, index) => {
    const { namespace, labels, node } = group;
    if (percent === 0 || isRegistering(program, node.path)) return;
    const { app, version } = labels;
    const machines = selectMembers(program, namespace, { app, version }).filter(({ path }) => path !== node.path);
    if (machines.length !== 1) return;
    const [{ path }] = machines;
    warnings.add(SINGLE_MACHINE, `versions[${index}].percent`, percent, `${SINGLE_MACHINE.says}; it is ${path}`);
  });
}
