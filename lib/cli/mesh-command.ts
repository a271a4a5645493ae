import { parseArgs } from 'node:util';
import { meshProgram } from '../cluster/files/mesh-program';
import { needsOfMachines } from '../cluster/needs-of-machines';
import { NoMesh, readMesh } from '../cluster/read-mesh';
import { isDnsLabel } from '../core/values/names';
import { visible } from '../graph/text';
import { ExitCode } from './exit-code';
import { askBy, NoCluster } from './kubectl';
import { MESH_HELP } from './mesh-help';
import { misused } from './misused';

/** `meshvm mesh`. */
export async function meshCommand(args: readonly string[]): Promise<ExitCode> {
  const request = requestOf(args);
  if (typeof request === 'string') return misused('mesh', request);
  if (request.help) {
    process.stdout.write(MESH_HELP);
    return ExitCode.DONE;
  }
  const namespace = request['istio-namespace'] ?? 'istio-system';
  try {
    const mesh = await readMesh(askBy(request), { namespace, revision: request.revision });
    const needs = needsOfMachines(mesh);
    process.stdout.write(
      request.json
        ? `${JSON.stringify({ mesh, needs }, undefined, 2)}\n`
        : meshProgram(mesh, needs, request.pulumi ? 'pulumi' : 'cdk8s'),
    );
    return ExitCode.DONE;
  } catch (error) {
    if (!(error instanceof NoMesh || error instanceof NoCluster)) throw error;
    process.stderr.write(`meshvm mesh: ${error.message.split('\n').map(visible).join('\n')}\n`);
    return ExitCode.INPUT;
  }
}

const OPTIONS = {
  context: { type: 'string' },
  kubeconfig: { type: 'string' },
  'istio-namespace': { type: 'string', short: 'i' },
  revision: { type: 'string' },
  pulumi: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What is asked for, or what is wrong with how it is asked. */
function requestOf(args: readonly string[]) {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    const namespace = values['istio-namespace'] ?? 'istio-system';
    // It becomes a part of a path.
    if (!isDnsLabel(namespace))
      return `--istio-namespace is ${JSON.stringify(namespace)}, which is no name of a namespace`;
    if (values.json && values.pulumi) return '--json and --pulumi are two ways to write it: name one';
    return values;
  } catch (error) {
    return (error as Error).message;
  }
}
