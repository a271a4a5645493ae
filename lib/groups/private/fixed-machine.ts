import { Problems, rule } from '../../core/problems';

const REGISTERS_ITSELF = rule({
  id: 'group/fixed-machine-registers-itself',
  origin: 'meshvm',
  allowed: 'sidecar: false, in a group with an identity',
  remedy:
    'leave the machine out: with the user-data of the group it registers itself under its address, with health and drain. A machine whose files come by other means belongs into a group without identity',
  source:
    'istio pilot/pkg/autoregistration: an entry of its own for each machine that connects, whatever entries are there',
});

/** @throws ValidationError for a machine that would be in the mesh twice: by its fixed entry, and by the one that it registers. */
export function checkFixedMachine(
  path: string,
  group: { readonly identity?: unknown },
  machine: { readonly sidecar?: boolean },
): void {
  const problems = new Problems();
  if (group.identity !== undefined)
    problems.check(REGISTERS_ITSELF, 'sidecar', machine.sidecar ?? true, (sidecar) => !sidecar);
  problems.throwIfAny(path);
}
