import { type Problems, rule } from '../core/problems';
import type { Scope } from '../core/scope';
import type { Member } from './member';
import { unservedPorts } from './resolve-member';

const SAME_LABELS = rule({
  id: 'group/same-labels',
  origin: 'ignored',
  allowed: 'groups of a namespace that differ in canonicalService or version',
  remedy: 'give one of the two another version, or make them one group',
  source: 'istio: labels are all that Services and policies know of a machine',
});
const SAME_SELECTOR = rule({
  id: 'group/same-selector',
  origin: 'ignored',
  allowed: 'one group of a canonicalService with Services; the others serve behind them',
  remedy: 'set services: [] on the groups that serve behind the Services of the first, or another canonicalService',
  source: 'istio: both Services would select the machines of both groups',
});
const NOT_SERVED_BEHIND = rule({
  id: 'group/not-served-behind-shared-service',
  origin: 'ignored',
  allowed: 'the ports of the Services that select the machines',
  remedy: 'give the machines the missing port, or another canonicalService',
  source: 'istio: the Service would send a share of its connections to machines that refuse them',
});
const DECLARED_TWICE = rule({
  id: 'object/declared-twice',
  origin: 'meshvm',
  allowed: 'one object of a kind, namespace and name',
  remedy: 'rename one of the two; for a namespace or ServiceAccount, let one own it and use existing() for the others',
  source: 'meshvm: the second would overwrite the first when applied',
});

/** A group or machine, as others of the program see it. */
export interface DeclaredMember {
  readonly path: string;
  readonly machines: Member;
}

/**
 * What the constructs of one program have declared so far: what two of them could contradict each other in. It belongs to the root
 * of the construct tree and is dropped with it.
 */
export class Environment {
  /** The environment of the tree that `scope` stands in. */
  public static of(scope: Scope): Environment {
    const { root } = scope.node;
    const existing = environments.get(root);
    if (existing) return existing;
    const created = new Environment();
    environments.set(root, created);
    return created;
  }

  private readonly objects = new Map<string, string>();
  private readonly groups = new Map<string, string>();
  private readonly applications = new Map<string, DeclaredMember[]>();

  /** Records an object; adds a problem when another construct declared it. */
  public declareObject(
    problems: Problems,
    path: string,
    object: {
      readonly apiVersion: string;
      readonly kind: string;
      readonly metadata: { readonly name: string; readonly namespace?: string };
    },
  ): void {
    const { name, namespace } = object.metadata;
    const group = object.apiVersion.slice(0, Math.max(0, object.apiVersion.lastIndexOf('/')));
    const key = `${group} ${object.kind} ${namespace ?? ''} ${name}`;
    const owner = this.objects.get(key);
    if (owner !== undefined) {
      const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
      problems.add(DECLARED_TWICE, 'name', name, {
        allowed: `one ${object.kind} ${name}${where}; ${owner} declares it already`,
      });
    }
    this.objects.set(key, path);
  }

  /** Adds a problem when a group would be taken for an earlier one. */
  public checkGroup(problems: Problems, machines: Member): void {
    const twin = this.groups.get(groupKey(machines));
    if (twin === undefined) return;
    problems.add(SAME_LABELS, 'version', machines.labels.version, {
      allowed: `a version other than that of ${twin}, or another canonicalService`,
    });
  }

  /** Adds problems when Services of one construct would select machines of another that don't serve them. */
  public checkSelection(problems: Problems, machines: Member): void {
    const others = this.applications.get(applicationKey(machines)) ?? [];
    const owner = others.find((other) => other.machines.services.length > 0);
    if (owner !== undefined && machines.services.length > 0) {
      const names = machines.services.map(({ name }) => name);
      problems.add(SAME_SELECTOR, 'services', names, {
        allowed: `services: [], because those of ${owner.path} select these machines too`,
      });
      return;
    }
    for (const other of others) {
      for (const service of other.machines.services) {
        for (const index of unservedPorts(service, machines.ports)) {
          problems.add(NOT_SERVED_BEHIND, 'ports', machines.ports, {
            allowed: `ports that serve Service ${service.name} of ${other.path}: ${service.ports[index].targetPort} is missing`,
          });
        }
      }
      for (const service of machines.services) {
        for (const index of unservedPorts(service, other.machines.ports)) {
          problems.add(NOT_SERVED_BEHIND, 'services', service.name, {
            allowed: `ports that ${other.path} serves too: it does not serve ${service.ports[index].targetPort}`,
          });
        }
      }
    }
  }

  /** Records a group once its properties are known to be good. */
  public declareGroup(path: string, machines: Member): void {
    this.groups.set(groupKey(machines), path);
    this.declareMachines(path, machines);
  }

  /** Records a group or a single machine as machines that Services select. */
  public declareMachines(path: string, machines: Member): void {
    const key = applicationKey(machines);
    const list = this.applications.get(key);
    if (list) list.push({ path, machines });
    else this.applications.set(key, [{ path, machines }]);
  }

  /** All groups and machines so far. */
  public get machines(): readonly DeclaredMember[] {
    return [...this.applications.values()].flat();
  }

  /** Groups and machines of a namespace that carry all of `labels`. */
  public select(namespace: string, labels: Readonly<Record<string, string>>): readonly DeclaredMember[] {
    const wanted = Object.entries(labels);
    // Machines are kept by the label that every Service selects them by, so that a fleet of groups isn't searched for each.
    const candidates =
      labels.app === undefined ? this.machines : (this.applications.get(`${namespace} ${labels.app}`) ?? []);
    return candidates
      .filter(({ machines }) => machines.namespace === namespace)
      .filter(({ machines }) => wanted.every(([key, value]) => machines.labels[key] === value));
  }
}

/** What Services select by. */
function applicationKey(machines: Member): string {
  return `${machines.namespace} ${machines.selector.app}`;
}

/** What tells groups apart. */
function groupKey(machines: Member): string {
  return `${applicationKey(machines)} ${machines.labels.version}`;
}

const environments = new WeakMap<object, Environment>();
