import { LaunchTemplate } from '@pulumi/aws/ec2';

export const template = new LaunchTemplate('template', { imageId: 'ami-0123' });
