import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ControlPlane } from '../harness';
import { http } from '../harness/http';
import { freePort } from '../harness/ports';
import { ManagedProcess } from '../harness/process';

/** A sample of an instant vector. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A rule, as Prometheus tells of it. */
export interface RunningRule {
  readonly name: string;
  readonly health: string;
  readonly state: string;
  readonly lastError?: string;
}

/** A real Prometheus that scrapes and evaluates every second. */
export class Prometheus {
  static async start(
    controlPlane: ControlPlane,
    jobs: readonly Readonly<Record<string, unknown>>[],
    rules: Readonly<Record<string, unknown>>,
  ): Promise<Prometheus> {
    const { workspace } = controlPlane;
    const folder = workspace.subfolder('prometheus');
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'rules.yaml'), stringify(rules));
    const config = {
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: ['rules.yaml'],
      scrape_configs: jobs,
    };
    writeFileSync(join(folder, 'prometheus.yaml'), stringify(config));
    const address = `127.0.0.1:${await freePort()}`;
    const process = ManagedProcess.start({
      workspace,
      name: 'prometheus',
      command: 'prometheus',
      args: [
        `--config.file=${join(folder, 'prometheus.yaml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
      ],
      cwd: folder,
    });
    controlPlane.own(process);
    const url = `http://${address}`;
    await process.waitUntil('it is ready', async () => (await http({ url: `${url}/-/ready` })).status === 200);
    return new Prometheus(process, url);
  }

  private constructor(
    readonly process: ManagedProcess,
    private readonly url: string,
  ) {}

  /** Evaluates an expression; throws what Prometheus complains of. */
  async query(expression: string): Promise<readonly Sample[]> {
    interface Data {
      readonly result: readonly { readonly metric: Sample['metric']; readonly value: readonly [number, string] }[];
    }
    const { result } = await this.get<Data>(`query?query=${encodeURIComponent(expression)}`);
    return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  /** Waits for samples that satisfy. */
  until(what: string, expression: string, satisfies = (samples: readonly Sample[]) => samples.length > 0) {
    return this.process.waitUntil(
      what,
      async () => {
        const samples = await this.query(expression);
        return satisfies(samples) ? samples : undefined;
      },
      { timeoutSeconds: 90, details: async () => `${expression}\n${JSON.stringify(await this.query(expression))}` },
    );
  }

  /** All rules, once each has been evaluated. */
  async rules(): Promise<readonly RunningRule[]> {
    interface Data {
      readonly groups: readonly { readonly rules: readonly RunningRule[] }[];
    }
    return this.process.waitUntil('all rules are evaluated', async () => {
      const rules = (await this.get<Data>('rules')).groups.flatMap((group) => group.rules);
      return rules.length > 0 && rules.every(({ health }) => health !== 'unknown') ? rules : undefined;
    });
  }

  private async get<T>(path: string): Promise<T> {
    const { body } = await http({ url: `${this.url}/api/v1/${path}` });
    const { status, error, data } = JSON.parse(body) as { status: string; error?: string; data: T };
    if (status !== 'success') throw new Error(`${path}: ${error}`);
    return data;
  }
}

/** Where an istiod of this host tells its metrics: a port of its own, in its arguments. */
export function istiodMetricsAddress(controlPlane: ControlPlane): string {
  const own = `--secureGRPCAddr=${controlPlane.istiod.address}:${controlPlane.istiod.port}`;
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const words = argumentsOf(entry);
    // The chart's own comes first; the last one counts.
    const found = words.includes(own) && words.filter((word) => word.startsWith('--monitoringAddr=')).at(-1);
    if (found) return found.slice(found.indexOf('=') + 1);
  }
  throw new Error(`No process has the argument ${own}.`);
}

function argumentsOf(processId: string): readonly string[] {
  try {
    return readFileSync(`/proc/${processId}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
