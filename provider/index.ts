export * from '../lib/pulumi';
export * from '../lib/pulumi/aws';
