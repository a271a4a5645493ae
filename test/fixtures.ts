import { App, Chart } from 'cdk8s';
import { Mesh, type MeshProps, type MeshVmGroupProps, Network, ValidationError } from 'meshvm';

/** The mesh that most tests speak of. */
export function aMesh(props: Partial<MeshProps> = {}): Mesh {
  return new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1', ...props });
}

/** An empty chart of its own program, in namespace `payments`. */
export function aChart(): Chart {
  return new Chart(new App(), 'payments', { namespace: 'payments' });
}

/** Good properties of a group, to change one at a time. */
export function groupProps(props: Partial<MeshVmGroupProps> = {}): MeshVmGroupProps {
  return { mesh: aMesh(), ports: [{ name: 'http', port: 8080 }], network: Network.flat(['10.20.0.0/16']), ...props };
}

/** What `action` complains of, as `property [rule]`; fails the test when it complains of nothing. */
export function problemsOf(action: () => unknown): readonly string[] {
  return errorOf(action).problems.map((p) => `${p.property} [${p.id}]`);
}

/** The ValidationError that `action` throws; fails the test when it throws nothing or something else. */
export function errorOf(action: () => unknown): ValidationError {
  try {
    action();
  } catch (error) {
    if (error instanceof ValidationError) return error;
    throw error;
  }
  throw new Error('expected a ValidationError, but nothing was thrown');
}
