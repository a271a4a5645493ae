import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Tools } from '../tools/tools';

/**
 * The files that pilot-agent finds by paths relative to its working directory, which is `/` in a Pod and on a machine.
 * Here each proxy has a folder of its own in that role.
 */
export class ProxyFiles {
  constructor(
    readonly root: string,
    private readonly tools: Tools,
  ) {
    mkdirSync(join(root, 'etc/istio/proxy'), { recursive: true });
    this.copy(tools.envoyBootstrapTemplate, 'var/lib/istio/envoy/envoy_bootstrap_tmpl.json');
  }

  write(path: string, content: string): void {
    writeFileSync(this.prepare(path), content);
  }

  /** Like `write`, readable by the owner only. */
  writeSecret(path: string, content: string): void {
    const file = this.prepare(path);
    writeFileSync(file, content, { mode: 0o600 });
    chmodSync(file, 0o600);
  }

  copy(from: string, path: string): void {
    copyFileSync(from, this.prepare(path));
  }

  /** The path of Envoy, for the setting `binaryPath` of a ProxyConfig. */
  get envoy(): string {
    return this.tools.envoy;
  }

  private prepare(path: string): string {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    return file;
  }
}
