import type { Revision } from './revision';

/** Value of the label `istio.io/rev`; empty for the default control plane. */
export function revisionLabel({ named, tag }: Revision): string {
  return tag ?? named ?? '';
}
