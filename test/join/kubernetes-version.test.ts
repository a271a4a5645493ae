import { IstiodAccess, MachineIdentity, MeshVmGroup } from 'meshvm';
import { aChart, aMesh, groupProps, problemsOf } from '../fixtures';

const group = (kubernetesVersion: string | undefined, identity: MachineIdentity | undefined) => {
  const mesh = aMesh({ istiodAccess: IstiodAccess.dnsName('istiod.example.com'), kubernetesVersion });
  return new MeshVmGroup(aChart(), 'shop', groupProps({ mesh, identity }));
};
const EKS = MachineIdentity.eks({ cluster: 'c' });

test.each(['1.30', 'v1.30.9', '1.29.4-eks-1', '1.9'])(
  'a cluster of Kubernetes %s gives machines no rights that it does not guard',
  (version) => {
    expect(problemsOf(() => group(version, EKS))).toStrictEqual([
      'mesh.kubernetesVersion [bootstrap/kubernetes-too-old]',
    ]);
    expect(() => group(version, undefined)).not.toThrow();
  },
);

test.each(['1.31', 'v1.31.0', '1.33.4-gke.100', '1.100', undefined])('one of %s may', (version) => {
  expect(() => group(version, EKS)).not.toThrow();
});

test.each(['latest', '31', '1', '2.0', '', '1.31 or so'])('%j is no version of Kubernetes', (kubernetesVersion) => {
  expect(problemsOf(() => aMesh({ kubernetesVersion }))).toStrictEqual(['kubernetesVersion [mesh/kubernetes-version]']);
});
