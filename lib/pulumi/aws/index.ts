/**
 * Whole environments on AWS. Needs `@pulumi/aws` beside what `meshvm/pulumi` needs.
 *
 * @packageDocumentation
 */
export * from './auto-scaling-args';
export * from './ec2-instance-args';
export * from './ec2-machine-args';
export * from './eks-cluster-args';
export * from './fleet-args';
export * from './forwarding-proxy-args';
export * from './forwarding-proxy-group';
export * from './machine-image-args';
export * from './private-zone';
export * from './private-zone-args';
export * from './scaling-args';
export * from './security-group-args';
export * from './virtual-machine';
export * from './virtual-machine-args';
export * from './vm-auto-scaling-group';
export * from './vm-auto-scaling-group-args';
