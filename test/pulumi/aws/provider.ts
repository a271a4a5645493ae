import type * as pulumi from '@pulumi/pulumi';
import { settled } from '../program';

/** PEM of no certificate in particular. */
export const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

/** What the AWS provider's functions answer in an account with a cluster `prod-eu`. */
export const ANSWERS: Answers = {
  'aws:index/getPartition:getPartition': { partition: 'aws', dnsSuffix: 'amazonaws.com' },
  'aws:index/getRegion:getRegion': { region: 'eu-west-1' },
  'aws:index/getCallerIdentity:getCallerIdentity': { accountId: '123456789012' },
  'aws:index/getServicePrincipal:getServicePrincipal': { name: 'ec2.amazonaws.com' },
  'aws:lb/getHostedZoneId:getHostedZoneId': { id: 'Z2IFOLAFXWLO4F' },
  'aws:ssm/getParameter:getParameter': { insecureValue: 'ami-0parameter' },
  'aws:ec2/getAmi:getAmi': { id: 'ami-0found', architecture: 'x86_64', rootDeviceName: '/dev/sda1' },
  'aws:eks/getCluster:getCluster': {
    endpoint: 'https://0123.gr7.eu-west-1.eks.amazonaws.com',
    certificateAuthorities: [{ data: Buffer.from(CERTIFICATE).toString('base64') }],
    vpcConfig: { clusterSecurityGroupId: 'sg-cluster', vpcId: 'vpc-cluster' },
    accessConfigs: [{ authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: true }],
  },
};

type Answers = Readonly<Record<string, Record<string, unknown>>>;

/** The name in a reference to a provider, which is its URN and its ID. */
export function nameOfProvider(reference: string): string {
  return reference.split('::')[3] ?? '';
}

/** A call of one of the provider's functions. */
export interface Call {
  readonly token: string;
  readonly inputs: unknown;
}

/** Answers for runProgram, and the calls that were made. */
export class FakeProvider {
  public readonly calls: Call[] = [];

  /** Functions that were called, and by the provider of which name; that of the default one is empty. */
  public readonly askers: (readonly [token: string, provider: string])[] = [];

  /**
   * @param answers Answers that differ from ANSWERS.
   * @param accounts The same for what providers of these names are asked.
   */
  public constructor(
    private readonly answers: Answers = {},
    private readonly accounts: Readonly<Record<string, Answers>> = {},
  ) {}

  public readonly call = ({ token, inputs, provider = '' }: pulumi.runtime.MockCallArgs): Record<string, unknown> => {
    this.calls.push({ token, inputs });
    this.askers.push([token, nameOfProvider(provider)]);
    const answer = this.accounts[nameOfProvider(provider)]?.[token] ?? this.answers[token] ?? ANSWERS[token];
    if (answer === undefined) throw new Error(`nobody answers ${token}`);
    return answer;
  };

  /** Inputs of the calls of one function. */
  public callsOf(token: string): unknown[] {
    return this.calls.filter((call) => call.token === token).map(({ inputs }) => inputs);
  }
}

/** The value of an Output, or the text of the error that it fails with. */
export async function settledOrError(output: pulumi.Output<unknown>): Promise<unknown> {
  const { isKnown, isSecret } = output as unknown as { isKnown: Promise<boolean>; isSecret: Promise<boolean> };
  // Each promise of a failing Output wants somebody to catch it.
  const [value] = await Promise.allSettled([settled(output), isKnown, isSecret]);
  return value.status === 'fulfilled' ? value.value : String(value.reason);
}
