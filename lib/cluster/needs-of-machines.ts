import { isDnsLabel } from '../core/values/names';
import { guardsMachines } from '../join/kubernetes-version';
import { isSupportedVersion } from '../mesh/istio-version';
import type { InstalledGateway, InstalledMesh } from './installed-mesh';

/** Something that machines need and the cluster lacks, or that whoever adds machines should know. */
export interface Need {
  /** `needed`: no machine joins without it, or safely. `note`: worth knowing. */
  readonly level: 'needed' | 'note';
  /** What is so, and what it means. */
  readonly text: string;
  /** Lines of a program that add it, or of a shell. */
  readonly adds?: readonly string[];
}

/** What a cluster lacks for machines: what is needed first. */
export function needsOfMachines(mesh: InstalledMesh): readonly Need[] {
  const needs = [
    ...version(mesh),
    ...mesh.missingKinds.map(missingKind),
    ...mesh.switchedOff.map(switchedOff),
    ...gateway(mesh),
    ...network(mesh),
    ...names(mesh),
    ...notes(mesh),
    ...mesh.unseen.map((what) => note(`not seen, so nothing is said of it: ${what}`)),
  ];
  return [...needs.filter(({ level }) => level === 'needed'), ...needs.filter(({ level }) => level === 'note')];
}

function needed(text: string, ...adds: readonly string[]): Need {
  return { level: 'needed', text, ...(adds.length > 0 && { adds }) };
}

function note(text: string, ...adds: readonly string[]): Need {
  return { level: 'note', text, ...(adds.length > 0 && { adds }) };
}

function version({ istioVersion, image, kubernetes }: InstalledMesh): readonly Need[] {
  return [
    ...(istioVersion === undefined
      ? [needed(`the version of istiod can't be told by its image, ${image}: write it as istioVersion`)]
      : []),
    ...(istioVersion !== undefined && !isSupportedVersion(istioVersion)
      ? [needed(`istiod is ${istioVersion}; meshvm needs 1.30 or later`)]
      : []),
    ...(guardsMachines(kubernetes)
      ? []
      : [
          needed(
            `Kubernetes is ${kubernetes}, which takes the rights of machines and refuses the ValidatingAdmissionPolicies that guard registration and bundles: 1.31 or later takes both`,
          ),
        ]),
  ];
}

function missingKind(kind: string): Need {
  const [group] = kind.split(' ');
  const isIstio = group.startsWith('networking.istio.io');
  return needed(
    `the cluster serves no ${kind}${isIstio ? ": Istio's chart base brings it" : ': Kubernetes 1.30 and later do'}`,
    ...(isIstio ? ['helm upgrade --install istio-base istio/base --namespace istio-system'] : []),
  );
}

function switchedOff(variable: string): Need {
  return needed(
    `istiod runs with ${variable}=false: ${variable.includes('HEALTH') ? 'no probe of a machine counts' : 'no machine registers itself'}. Take the variable away, or set it to true`,
    'new ControlPlane({ mesh }).helmValues; // values of its charts, with both switches on',
  );
}

function gateway({ gateways }: InstalledMesh): readonly Need[] {
  if (gateways.some(({ passesIstiod, addresses }) => passesIstiod && addresses.length > 0)) {
    return gateways.filter(({ passesIstiod }) => passesIstiod).map(known);
  }
  const unexposed = gateways.find(({ helmRelease }) => helmRelease !== undefined);
  if (unexposed?.helmRelease !== undefined && !unexposed.passesIstiod) {
    return [
      needed(
        `the gateway ${nameOf(unexposed)} has port 15012, and no Gateway passes it on to istiod`,
        `const gateway = EastWestGateway.fromHelmRelease(chart, 'gateway', { mesh, namespace: '${unexposed.namespace}', releaseName: '${unexposed.helmRelease}' });`,
      ),
    ];
  }
  const waiting = gateways.find(({ passesIstiod }) => passesIstiod);
  if (waiting !== undefined) {
    return [
      needed(
        `the gateway ${nameOf(waiting)} (${waiting.type}) has no address: look at its events (kubectl -n ${waiting.namespace} describe service ${waiting.name})`,
      ),
    ];
  }
  return [
    needed(
      'no gateway passes port 15012 on to istiod, so machines outside of the cluster do not reach it',
      "const gateway = new EastWestGateway(chart, 'gateway', { mesh, loadBalancer: LoadBalancer.awsNlb({ sourceRanges: ['10.0.0.0/8'] }) }); // or the one of your cloud",
    ),
  ];
}

function known(gateway: InstalledGateway): Need {
  return note(
    `machines reach istiod through ${nameOf(gateway)}, at ${gateway.addresses.join(', ') || 'no address yet'}`,
  );
}

function nameOf({ namespace, name }: InstalledGateway): string {
  return `${namespace}/${name}`;
}

function network({ network, networkLabel, namespace }: InstalledMesh): readonly Need[] {
  if (network === '' && networkLabel === '') {
    return [
      needed(
        'the mesh was installed without a network, so istiod takes every pod and machine to reach each other directly. That is right where they do, by routing: give any name, and say Network.flat of the ranges of machines. Where they do not, the pods need a network of their own name first, and a gateway',
        `kubectl label namespace ${namespace} topology.istio.io/network=<name>`,
        'helm upgrade istiod istio/istiod --reuse-values --set global.network=<name>    # then restart the pods of the mesh',
      ),
    ];
  }
  if (network !== networkLabel) {
    const told = (value: string) => (value === '' ? 'none' : JSON.stringify(value));
    return [
      needed(
        `sidecars say that their network is ${told(network)} (global.network), and the label topology.istio.io/network of the namespace ${namespace} says ${told(networkLabel)}: istiod needs both, and alike`,
        ...(network === ''
          ? []
          : [`kubectl label --overwrite namespace ${namespace} topology.istio.io/network=${network}`]),
      ),
    ];
  }
  return [];
}

/** A name must fit into the name of an object, because istiod appends it to the name of a machine's entry. */
function names({ network, networkLabel }: InstalledMesh): readonly Need[] {
  const name = network || networkLabel;
  if (name === '' || isDnsLabel(name)) return [];
  return [
    needed(
      `the network is called ${JSON.stringify(name)}, and no machine registers in it: istiod appends the name to that of an object. It may have a-z, 0-9 and "-"`,
    ),
  ];
}

function notes(mesh: InstalledMesh): readonly Need[] {
  const { revision, tags, otherRevisions, ambient, customHosts } = mesh;
  return [
    ...(otherRevisions.length > 0
      ? [note(`there are other revisions: ${otherRevisions.map((each) => each || 'default').join(', ')} (--revision)`)]
      : []),
    ...(tags.length > 1 || (tags.length === 1 && revision === '')
      ? [note(`tags that point to it: ${tags.join(', ')}`)]
      : []),
    ...(customHosts.length > 1
      ? [note(`istiod's certificate has several names of yours (${customHosts.join(', ')}): the first is taken`)]
      : []),
    ...(ambient ? [note('istiod serves an ambient mesh; meshvm was tried with sidecars alone')] : []),
  ];
}
