import type { Registered } from './program';

/**
 * The tree of a first `pulumi up`, in the form of the engine's preview, from what a program has registered. Siblings stand in the order of
 * their names: the engine's own order is that of their arrival.
 */
export function previewTree(project: string, stack: string, resources: readonly Registered[]): string {
  const lines: (readonly [string, string])[] = [['pulumi:pulumi:Stack', `${project}-${stack}`]];
  const add = (children: readonly Registered[], indent: string): void => {
    const sorted = [...children].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    sorted.forEach((child, index) => {
      const last = index === children.length - 1;
      lines.push([`${indent}${last ? '└─' : '├─'} ${shortType(child.type)}`, child.resourceName]);
      add(childrenOf(resources, child), `${indent}${last ? '   ' : '│  '}`);
    });
  };
  add(
    resources.filter(({ parent }) => parent === '' || parent === `${project}-${stack}`),
    '',
  );
  const width = Math.max(...lines.map(([type]) => type.length));
  const rows = lines.map(([type, name]) => ` +   ${type.padEnd(width)}  ${name}`);
  return [`     ${'Type'.padEnd(width)}  Name`, ...rows].map((line) => `${line.trimEnd()}\n`).join('');
}

function childrenOf(resources: readonly Registered[], parent: Registered): readonly Registered[] {
  return resources
    .flatMap((child) => (child.content === undefined ? [child] : [child, child.content]))
    .filter((child) => child.parent === parent.name && child !== parent);
}

/** Objects of several kinds may share a name. */
function keyOf({ resourceName, type }: Registered): string {
  return `${resourceName} ${type}`;
}

/** As Pulumi's display shortens a type: `aws:ec2/launchTemplate:LaunchTemplate` is `aws:ec2:LaunchTemplate`. */
function shortType(type: string): string {
  const [pkg = '', module = '', name = ''] = type.split(':');
  const parts = module.split('/');
  const last = parts.at(-1) ?? '';
  const repeats = parts.length > 1 && last.toLowerCase() === name.toLowerCase();
  return `${pkg}:${repeats ? parts.slice(0, -1).join('/') : module}:${name}`;
}
