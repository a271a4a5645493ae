/** Prints what an example wrote: charts, objects by kind, where they are, and the next step. Usage: tsx summary.ts <folder> */
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Yaml } from 'cdk8s';

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const [folder = 'dist'] = process.argv.slice(2);
const shown = relative(process.env.INIT_CWD ?? process.cwd(), folder) || '.';
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

for (const file of files.sort()) {
  const objects = Yaml.load(join(folder, file)) as readonly KubernetesObject[];
  console.log(`${file}  ${objects.length} objects`);
  const names = new Map<string, string[]>();
  for (const { kind, metadata } of objects) names.set(kind, [...(names.get(kind) ?? []), metadata.name]);
  for (const [kind, list] of names) console.log(`  ${kind.padEnd(33)} ${list.join(', ')}`);
}
const controlPlane = join(folder, 'control-plane');
for (const subfolder of ['control-plane', 'monitoring', 'user-data']) {
  const path = join(folder, subfolder);
  if (existsSync(path)) console.log(`${subfolder}/  ${readdirSync(path).sort().join(', ')}`);
}
console.log(`\nWritten to ${shown}/. Next:`);
if (existsSync(controlPlane)) console.log(`  istioctl install -f ${shown}/control-plane/istio-operator.yaml`);
console.log(`  kubectl apply -f ${shown}/`);
