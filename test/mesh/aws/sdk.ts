import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Writable } from 'node:stream';
import { type Moto, REGION } from './moto';

/** Values as the AWS SDK takes and gives them. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is what the tests look at
export type AwsValue = any;
export type Parameters = Readonly<Record<string, AwsValue>>;

/** One call of an API of AWS, named as in Python's SDK: `ec2`, `create_launch_template`. */
export interface AwsCall {
  readonly service: string;
  readonly operation: string;
  readonly parameters: Parameters;
}

/**
 * The AWS SDK (boto3) against moto. It checks parameters against its model of the service before it sends them: their names, types, and
 * which are required.
 */
export class AwsSdk {
  static start(moto: Moto): AwsSdk {
    const child = spawn(moto.python, [join(__dirname, 'sdk.py'), moto.url, REGION], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    return new AwsSdk(child);
  }

  private readonly waiting: ((line: string) => void)[] = [];
  private readonly lines: Interface;

  private constructor(private readonly child: ChildProcess) {
    this.lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    this.lines.on('line', (line) => this.waiting.shift()?.(line));
    child.once('exit', () => {
      for (const answer of this.waiting) answer(JSON.stringify({ error: 'the SDK has ended' }));
    });
  }

  /** @throws Error with the call when AWS refuses it, or the SDK does. */
  call(service: string, operation: string, parameters: Parameters = {}): Promise<AwsValue> {
    return this.ask({ service, operation, parameters });
  }

  /** Holds parameters against the SDK's model, for what moto does not know. */
  async check(service: string, operation: string, parameters: Parameters): Promise<void> {
    await this.ask({ service, operation, parameters, check: true });
  }

  stop(): void {
    this.lines.close();
    this.child.kill();
  }

  private async ask(call: AwsCall & { readonly check?: true }): Promise<AwsValue> {
    const line = await new Promise<string>((resolve) => {
      this.waiting.push(resolve);
      (this.child.stdin as Writable).write(`${JSON.stringify(call)}\n`);
    });
    const { answer, error } = JSON.parse(line) as { answer?: AwsValue; error?: string };
    if (error !== undefined) throw new Error(`${error}\n${JSON.stringify(call, null, 1)}`);
    return answer;
  }
}
