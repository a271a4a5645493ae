import { App, Chart } from 'cdk8s';
import { IstiodAccess, MeshVmGroup, type MeshVmGroupProps } from 'meshvm';
import type { PinnedSidecar } from '../../lib/join/files/pinned-sidecar';
import { MachineIdentity } from '../../lib/join/machine-identity';
import type { UserDataProps } from '../../lib/join/user-data';
import { aMesh, groupProps } from '../fixtures';

/** A certificate in its form only: 1.2 KB, as those of real clusters. */
export const CA = `-----BEGIN CERTIFICATE-----\n${`${'MIIDBTCCAe2gAwIBAgIIV4'.repeat(3).slice(0, 64)}\n`.repeat(17)}-----END CERTIFICATE-----\n`;

/** What user-data settles of a package from Istio whose checksums are known. */
export const SIDECAR: PinnedSidecar = {
  verification: 'pinned',
  version: '1.31.1',
  packagesSha256: 'a'.repeat(64),
};

/** A group whose machines join by themselves, without a gateway. */
export function joiningGroup(props: Partial<MeshVmGroupProps> = {}): MeshVmGroup {
  const chart = new Chart(new App(), 'payments', { namespace: 'payments' });
  return new MeshVmGroup(chart, 'payment-service', {
    ...groupProps(),
    mesh: aMesh({ istiodAccess: IstiodAccess.dnsName('istiod.mesh.example.com') }),
    identity: MachineIdentity.eks({ cluster: 'prod-eu' }),
    ...props,
  });
}

/** Good properties of user-data, to change one at a time. */
export function userDataProps(props: Partial<UserDataProps> = {}): UserDataProps {
  return { apiServer: 'https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com', caCertificate: CA, ...props };
}
