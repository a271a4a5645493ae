import type * as pulumi from '@pulumi/pulumi';
import type { ArgumentProblems } from '../../core/arguments';
import { notAllowed } from './reasons';

/** Tags by their keys. */
export type Tags = Record<string, pulumi.Input<string>>;

/**
 * Notes keys with which no machine would start: its tags can be read from the metadata service, which makes paths of the keys.
 * Upstream: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html
 */
export function checkTags(problems: ArgumentProblems, path: string, tags: Tags = {}): void {
  for (const key of Object.keys(tags)) {
    const reserved = ['.', '..', '_index'].includes(key) || /^aws:/i.test(key);
    if (!reserved && /^[A-Za-z0-9+=.,_:@-]{1,128}$/.test(key)) continue;
    const allowed =
      'letters, digits and "+-=.,_:@", at most 128 characters, not "aws:" at the start, and neither ".", ".." nor "_index"';
    problems.add(
      path,
      `key ${notAllowed(key, allowed)}; fix: choose such a key; EC2 starts no machine with another one while tags are in its metadata`,
    );
  }
  // EC2 gives at most 50 tags to a resource; a machine of a fleet has a tag Name, too.
  const count = Object.keys({ Name: '', ...tags }).length;
  if (count > 50) problems.add(path, `${count} tags, with Name, are not allowed; allowed: at most 50`);
}

/** Tags of machines, their volumes and network interfaces. */
export function machineTags(name: string, tags: Tags | undefined): Tags {
  return { Name: name, ...tags };
}
