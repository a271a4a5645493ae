/**
 * Pulumi components over the very builders of the cdk8s constructs. Needs `@pulumi/pulumi` and `@pulumi/kubernetes`.
 *
 * @packageDocumentation
 */
export * from './bootstrap-args';
export * from './machine-args';
export * from './machine-identity-args';
export * from './mesh-args';
export * from './mesh-vm-group';
export * from './probe-args';
export * from './user-data-args';
