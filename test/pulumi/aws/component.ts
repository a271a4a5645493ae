import * as pulumi from '@pulumi/pulumi';

/** A component for resources to be children of. */
export class Parent extends pulumi.ComponentResource {
  public constructor(name: string, options?: pulumi.ComponentResourceOptions) {
    super('test:index:Parent', name, {}, options);
  }
}
