import type { Maker } from '../api';
import { AUTO_SCALING_MAKERS } from './auto-scaling';
import { EC2_MAKERS } from './ec2';
import { IDENTITY_MAKERS } from './identity';
import { ROUTE53_MAKERS } from './route53';

/**
 * What the AWS provider does with the resources that meshvm registers, as far as moto knows the API. Each resource is made, and read back in
 * the form in which it was sent. The provider itself is not run: this is what its resources are documented to do.
 */
export const MAKERS: Readonly<Record<string, Maker>> = {
  ...AUTO_SCALING_MAKERS,
  ...EC2_MAKERS,
  ...IDENTITY_MAKERS,
  ...ROUTE53_MAKERS,
};
