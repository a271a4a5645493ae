import type { ArgumentProblems } from '../../core/arguments';
import { MachineArchitecture } from '../machine-image-args';
import { notAllowed } from './reasons';

/** A type of EC2 instances, and the argument that names it. */
export interface NamedInstanceType {
  readonly path: string;
  readonly type: string;
}

/**
 * Processor of an instance type by its name; undefined for what is no name, and for Mac instances, which run no Linux.
 *
 * `g` after the generation says Graviton, `a1` was the first of them, and `gb` is NVIDIA's Grace Blackwell.
 * Upstream: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function architectureOf(instanceType: unknown): MachineArchitecture | undefined {
  if (typeof instanceType !== 'string' || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*\.[a-z0-9-]+$/.test(instanceType))
    return undefined;
  const [family] = instanceType.split('.');
  if (/^mac\d*(-|$)/.test(family)) return undefined;
  return family === 'a1' || /^[a-z]+\d+g/.test(family) || /-gb\d+$/.test(family)
    ? MachineArchitecture.Arm64
    : MachineArchitecture.X86_64;
}

/** Notes names that are none, and types of another processor than the image's. */
export function checkInstanceTypes(
  problems: ArgumentProblems,
  types: readonly NamedInstanceType[],
  image: { readonly architecture: MachineArchitecture; readonly path: string } | undefined,
): void {
  for (const { path, type } of types) {
    const architecture = architectureOf(type);
    if (architecture === undefined) {
      problems.add(path, notAllowed(type, 'an instance type that runs Linux, such as m7g.large'));
    } else if (image !== undefined && architecture !== image.architecture) {
      const fix = `choose an instance type for ${image.architecture}, or give an image for ${architecture} (image)`;
      problems.add(
        path,
        `${type} is for ${architecture}, but the image (${image.path}) for ${image.architecture}; fix: ${fix}`,
      );
    }
  }
}
