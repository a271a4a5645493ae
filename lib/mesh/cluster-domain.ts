import { isDeferred, type Problems, rule } from '../core/problems';
import { FactKind, type Registry } from '../core/registry';
import { DEFAULT_CLUSTER_DOMAIN } from './service-host';

const OTHER_DOMAIN = rule({
  id: 'mesh/other-cluster-domain',
  origin: 'ignored',
  allowed: "the clusterDomain of the program's Mesh",
  remedy:
    'declare a group, machine or gateway of the mesh before it, or write the whole host (target.host, destinations.host)',
  source:
    "istio pilot-discovery --domain: hosts of istiod's registry end in its domain alone, and others match nothing",
});

/** The domain of a cluster that the program has machines or a gateway of; undefined where it becomes known only at deployment. */
const CLUSTER_DOMAIN = new FactKind<string | undefined>('cluster domain');

/** Records the domain of a mesh that something is declared in. */
export function declareClusterDomain(program: Registry, path: string, mesh: { readonly clusterDomain: string }): void {
  const { clusterDomain } = mesh;
  // A placeholder means something to the component alone whose argument it stands for.
  program.declare(CLUSTER_DOMAIN, path, isDeferred(clusterDomain) ? undefined : clusterDomain);
}

/** The domain that Services are called by where no mesh is named: that of the first one that the program has named. */
export function clusterDomainOf(program: Registry | undefined): string {
  return program?.first(CLUSTER_DOMAIN)?.value ?? DEFAULT_CLUSTER_DOMAIN;
}

/** What of a Place is needed here; its own module has constructs. */
interface Asked {
  readonly program: Registry;
  readonly whenComplete: (check: (problems: Problems) => void) => void;
}

/**
 * Checks, once the program is complete, that no mesh of it contradicts the domain by which a property's Service is called: a mesh may be
 * named later than the Service.
 */
export function checkDomainWhenComplete({ program, whenComplete }: Asked, property: string): void {
  const domain = clusterDomainOf(program);
  whenComplete((problems) => checkClusterDomain(problems, program, property, domain));
}

/** Adds a problem when Services were called by a domain that another mesh of the program contradicts. */
function checkClusterDomain(problems: Problems, program: Registry, property: string, domain: string): void {
  const other = program.facts(CLUSTER_DOMAIN).find(({ value }) => value !== domain);
  if (other === undefined) return;
  const { path, value } = other;
  problems.add(
    OTHER_DOMAIN,
    property,
    domain,
    value === undefined
      ? {
          allowed: `the domain that the mesh of ${path} has, which becomes known only at deployment`,
          remedy:
            'give clusterDomain of the mesh as a plain value, or write the whole host (target.host, destinations.host)',
        }
      : { allowed: `the domain ${value}, which the mesh of ${path} has` },
  );
}
