import { type Problems, rule } from '../core/problems';

const TOO_OLD = rule({
  id: 'bootstrap/kubernetes-too-old',
  origin: 'kubernetes',
  allowed: 'Kubernetes 1.31 or later, for groups with an identity',
  remedy: 'upgrade the cluster, or leave identity out and give machines their files by other means',
  source:
    'Kubernetes: ValidatingAdmissionPolicy v1 is there from 1.30 on, ip() and cidr() of its expressions from 1.31 on. What is older takes the rights of machines and refuses their guards',
});

/** Adds a problem for a cluster that would take the rights of machines without what bounds them. */
export function checkKubernetesVersion(problems: Problems, version: string | undefined): void {
  problems.check(TOO_OLD, 'mesh.kubernetesVersion', version, guardsMachines);
}

/** Whether a cluster takes what bounds the rights of machines. A version of another form is not ours to judge. */
export function guardsMachines(version: string): boolean {
  const [, minor] = /^v?1\.(\d+)/.exec(version) ?? [];
  return minor === undefined || Number(minor) >= LEAST_MINOR;
}

const LEAST_MINOR = 31;
