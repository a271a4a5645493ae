import type * as pulumi from '@pulumi/pulumi';
import { settled } from '../program';

/** PEM of no certificate in particular. */
export const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

/** What the AWS provider's functions answer in an account with a cluster `prod-eu`. */
export const ANSWERS: Readonly<Record<string, Record<string, unknown>>> = {
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

/** A call of one of the provider's functions. */
export interface Call {
  readonly token: string;
  readonly inputs: unknown;
}

/** Answers for runProgram, and the calls that were made. */
export class FakeProvider {
  public readonly calls: Call[] = [];

  /** @param answers Answers that differ from ANSWERS. */
  public constructor(private readonly answers: Readonly<Record<string, Record<string, unknown>>> = {}) {}

  public readonly call = ({ token, inputs }: pulumi.runtime.MockCallArgs): Record<string, unknown> => {
    this.calls.push({ token, inputs });
    const answer = this.answers[token] ?? ANSWERS[token];
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
