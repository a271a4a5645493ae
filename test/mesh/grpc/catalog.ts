import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../harness';
import { toolFolder } from '../tools/tools';

/** The service of catalog.proto: its descriptor set, a server of it, and a client that speaks gRPC. */
export class Catalog {
  /** Makes the descriptor set and the code of server and client with protoc, in `folder`. */
  static async build(folder: string): Promise<Catalog> {
    const python = join(await toolFolder('grpc'), 'bin/python');
    mkdirSync(folder, { recursive: true });
    const { stdout } = await runCommand(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']);
    const sources = ['-I', __dirname, '-I', stdout.trim(), 'catalog.proto'];
    const made = ['--include_imports', `--descriptor_set_out=${join(folder, 'catalog.pb')}`];
    const code = [`--python_out=${folder}`, `--grpc_python_out=${folder}`];
    await runCommand(python, ['-m', 'grpc_tools.protoc', ...made, ...code, ...sources]);
    return new Catalog(python, folder);
  }

  private constructor(
    private readonly python: string,
    private readonly folder: string,
  ) {}

  get descriptorSet(): Uint8Array {
    return readFileSync(join(this.folder, 'catalog.pb'));
  }

  /** The command line of the server. */
  server(address: string): readonly string[] {
    return [this.python, PROGRAM, 'serve', this.folder, address];
  }

  /** The command line of a client that prints an item. */
  client(address: string, id: string): readonly string[] {
    return [this.python, PROGRAM, 'get', this.folder, address, id];
  }
}

const PROGRAM = join(__dirname, 'catalog.py');
