import { getClusterOutput } from '@pulumi/aws/eks';
import * as pulumi from '@pulumi/pulumi';
import { isDeferred } from '../../../core/problems';
import type { ArgumentProblems } from '../../core/arguments';
import type { EksClusterArgs } from '../eks-cluster-args';
import { checkProvider, type Elsewhere, elsewhereOf, providerOf, regionOf } from './elsewhere';
import { lateProblem, notAllowed } from './reasons';

/** All that machines need to know of their cluster. */
export interface ResolvedCluster {
  readonly name: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  /** In PEM. */
  readonly caCertificate: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** It rejects a cluster that knows no access entries. */
  readonly authenticationMode: pulumi.Output<string>;
  readonly vpcId: pulumi.Output<string>;
  /** Where it lies; undefined when it is where its machines are. */
  readonly elsewhere?: Elsewhere;
  /** Its region; undefined when it is where its machines are. */
  readonly region?: pulumi.Output<string>;
}

/** Notes what is wrong with the plain ones of the arguments, before anything is registered. */
export function checkCluster(problems: ArgumentProblems, path: string, args: EksClusterArgs): void {
  const { provider, ...texts } = args;
  checkProvider(problems, `${path}.provider`, provider);
  for (const [property, value] of Object.entries(texts)) {
    if (value === undefined || isDeferred(value)) continue;
    const reason = REASONS[property]?.(value) ?? (isText(value) ? undefined : notAllowed(value, 'a non-empty string'));
    if (reason !== undefined) problems.add(`${path}.${property}`, reason);
  }
  if (args.name === undefined) problems.add(`${path}.name`, 'it is missing; give the name of the EKS cluster');
}

/**
 * The cluster of the arguments; EKS is asked at most once, for what they leave open.
 *
 * What turns out to be wrong only then makes its Output fail with the name of the argument.
 */
export function resolveCluster(args: EksClusterArgs, options: pulumi.InvokeOutputOptions = {}): ResolvedCluster {
  const { name, endpoint, certificateAuthority, securityGroupId, authenticationMode, vpcId, region } = args;
  const elsewhere = elsewhereOf(args);
  const complete = [endpoint, certificateAuthority, securityGroupId, authenticationMode, vpcId].every(
    (value) => value !== undefined,
  );
  const found = complete ? undefined : getClusterOutput({ name, region }, { ...options, ...providerOf(elsewhere) });
  const given = (
    value: pulumi.Input<string> | undefined,
    from: (cluster: Cluster) => string | undefined,
    what: string,
  ) => pulumi.output(value ?? found?.apply((cluster) => from(cluster) ?? missing(what))) as pulumi.Output<string>;
  return {
    name: pulumi.output(name),
    endpoint: given(endpoint, (cluster) => cluster.endpoint, 'endpoint'),
    caCertificate: given(
      certificateAuthority,
      (cluster) => cluster.certificateAuthorities[0]?.data,
      'certificateAuthority',
    ).apply((data) => decoded(data) ?? fail('certificateAuthority', CERTIFICATE_REASON)),
    securityGroupId: given(securityGroupId, (cluster) => cluster.vpcConfig.clusterSecurityGroupId, 'securityGroupId'),
    // A cluster without access configuration is one from before access entries.
    authenticationMode: given(
      authenticationMode,
      (cluster) => cluster.accessConfigs[0]?.authenticationMode ?? 'CONFIG_MAP',
      'authenticationMode',
    ).apply((mode) => {
      const reason = modeReason(mode);
      return reason === undefined ? mode : fail('authenticationMode', reason);
    }),
    vpcId: given(vpcId, (cluster) => cluster.vpcConfig.vpcId, 'vpcId'),
    ...(elsewhere && { elsewhere, region: regionOf(options.parent, elsewhere) }),
  };
}

type Cluster = pulumi.UnwrappedObject<Awaited<ReturnType<typeof import('@pulumi/aws/eks').getCluster>>>;

const MODES = ['API', 'API_AND_CONFIG_MAP'];

const REASONS: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  endpoint: (value) =>
    typeof value === 'string' && /^https:\/\/[^/\s]+$/.test(value)
      ? undefined
      : notAllowed(value, 'https:// and a host, as EKS gives it'),
  certificateAuthority: (value) =>
    typeof value === 'string' && decoded(value) !== undefined ? undefined : CERTIFICATE_REASON,
  authenticationMode: modeReason,
};

const CERTIFICATE_REASON =
  'it is no certificate in PEM encoded as base64; give what EKS gives as certificateAuthority.data, without decoding it';

function modeReason(mode: unknown): string | undefined {
  if (typeof mode === 'string' && MODES.includes(mode)) return undefined;
  const allowed = MODES.join(', ');
  if (mode !== 'CONFIG_MAP') return notAllowed(mode, allowed);
  return (
    `${notAllowed(mode, allowed)}; fix: set the cluster's authentication mode to API_AND_CONFIG_MAP ` +
    '(accessConfig.authenticationMode, or aws eks update-cluster-config --access-config), since machines join by an access entry; ' +
    'aws-auth goes on working, and EKS does not let you change back'
  );
}

function decoded(data: string): string | undefined {
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(data)) return undefined;
  const text = Buffer.from(data, 'base64').toString('utf8');
  return text.startsWith('-----BEGIN CERTIFICATE-----') ? text : undefined;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function missing(what: string): never {
  return fail(what, 'EKS did not tell it, as for a cluster that is still being created; give it');
}

function fail(property: string, reason: string): never {
  throw lateProblem(`cluster.${property}`, reason);
}
