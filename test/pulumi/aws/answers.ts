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

/** Answers by the token of the function. */
export type Answers = Readonly<Record<string, Record<string, unknown>>>;
