import { comment, literal } from '../../survey/files/typescript';
import type { InstalledMesh } from '../installed-mesh';
import type { Need } from '../needs-of-machines';

/** In which spelling the mesh is written. */
export type Face = 'cdk8s' | 'pulumi';

/**
 * The lines of a program that say of a mesh what its cluster says, and as comments what machines still need. Whatever stands in the cluster,
 * it becomes nothing but a string literal or a comment.
 */
export function meshProgram(mesh: InstalledMesh, needs: readonly Need[], face: Face): string {
  const cdk8s = face === 'cdk8s';
  const revision = revisionOf(mesh, cdk8s);
  const imports = cdk8s
    ? `import { ${['Mesh', ...(mesh.customHosts.length > 0 ? ['IstiodAccess'] : []), ...(revision ? ['Revision'] : [])].sort().join(', ')} } from 'meshvm';`
    : "import type { MeshArgs } from 'meshvm/pulumi';";
  const [open, close] = cdk8s ? ['const mesh = new Mesh({', '});'] : ['const mesh: MeshArgs = {', '};'];
  const lines = [
    comment(
      `Read from istiod in the namespace ${mesh.namespace}${mesh.kubernetes === '' ? '' : `, Kubernetes ${mesh.kubernetes}`}.`,
    ),
    imports,
    '',
    open,
    ...properties(mesh, revision, cdk8s).map((line) => `  ${line}`),
    close,
    ...section('Machines need:', needs, 'needed'),
    ...section('Worth knowing:', needs, 'note'),
  ];
  return `${lines.join('\n')}\n`;
}

function properties(mesh: InstalledMesh, revision: string | undefined, cdk8s: boolean): readonly string[] {
  const { trustDomain, clusterDomain, namespace, istioVersion, customHosts } = mesh;
  const network = mesh.networkLabel || mesh.network;
  const [host] = customHosts;
  const version = istioVersion === undefined ? "'', // put in the version of istiod" : `${literal(istioVersion)},`;
  return [
    `meshId: ${literal(mesh.meshId)},`,
    `clusterName: ${literal(mesh.clusterName)},`,
    network === '' ? "network: '', // it has none: see below" : `network: ${literal(network)},`,
    ...(trustDomain === 'cluster.local' ? [] : [`trustDomain: ${literal(trustDomain)},`]),
    ...(clusterDomain === 'cluster.local' ? [] : [`clusterDomain: ${literal(clusterDomain)},`]),
    ...(namespace === 'istio-system' ? [] : [`controlPlaneNamespace: ${literal(namespace)},`]),
    ...(revision === undefined ? [] : [`${revision},`]),
    `istioVersion: ${version}`,
    ...(host === undefined
      ? []
      : [
          cdk8s
            ? `istiodAccess: IstiodAccess.dnsName(${literal(host)}),`
            : `istiodAccess: { dnsName: ${literal(host)} },`,
        ]),
    ...proxy(mesh),
  ];
}

/** A tag where exactly one points to the revision: whoever has tags moves machines by them. */
function revisionOf({ revision, tags }: InstalledMesh, cdk8s: boolean): string | undefined {
  const own = tags.filter((tag) => tag !== 'default');
  const [key, name] = own.length === 1 ? ['tag', own[0]] : ['named', revision];
  if (name === '') return undefined;
  if (cdk8s) return `revision: Revision.${key}(${literal(name)})`;
  return `revision: { ${key}: ${literal(name)} }`;
}

/** What the cluster says other than meshvm would, so that machines are treated as its pods are. */
function proxy({ proxy: settings }: InstalledMesh): readonly string[] {
  const { ISTIO_META_DNS_CAPTURE: dns, ISTIO_META_DNS_AUTO_ALLOCATE: allocate, ...others } = settings.proxyMetadata;
  const keys = Object.entries(others);
  const lines = [
    `holdApplicationUntilProxyStarts: ${settings.holdApplicationUntilProxyStarts ?? false},`,
    `dnsCapture: ${dns === 'true'},`,
    ...(dns === 'true' && allocate === 'false' ? ['dnsAutoAllocate: false,'] : []),
    ...(settings.tracingSamplingPercent === undefined
      ? []
      : [`tracingSamplingPercent: ${settings.tracingSamplingPercent},`]),
    ...(settings.accessLog ? ['accessLog: true,'] : []),
    ...(keys.length === 0
      ? []
      : [`proxyMetadata: { ${keys.map(([key, value]) => `${literal(key)}: ${literal(value)}`).join(', ')} },`]),
  ];
  return ['proxy: {', ...lines.map((line) => `  ${line}`), '},'];
}

function section(title: string, needs: readonly Need[], level: Need['level']): readonly string[] {
  const of = needs.filter((need) => need.level === level);
  if (of.length === 0) return [];
  const lines = of.flatMap(({ text, adds = [] }) => [
    ...text.split('\n').map((line, index) => comment(`${index === 0 ? '- ' : '  '}${line}`)),
    ...adds.map((line) => comment(`    ${line}`)),
  ]);
  return ['', comment(title), ...lines];
}
