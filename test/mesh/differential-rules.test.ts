import { allRules } from '../../lib/core/problems';
import { SUBJECTS } from './differential/subjects';

/** Rules of Kubernetes or Istio that this comparison does not reach, by the start of their ids, each with where it is held instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'argo-cd/': 'control-plane-delivery.test.ts, with the CRDs of Argo CD',
  'control-plane/': 'control-plane-rules.test.ts, with the code of istiod that reads its configuration',
  'extension-provider/': 'control-plane-rules.test.ts, with the code of istiod that reads its configuration',
  'mesh-network/': 'control-plane-rules.test.ts, with the code of istiod that reads its configuration',
  'mesh/': 'control-plane-rules.test.ts, with the code of istiod that reads its configuration',
  'discovery/': 'scrape-config.test.ts, with promtool',
  'monitoring/': 'scrape-config.test.ts, with promtool',
  'proxy/': 'a value of the mesh configuration, in no object here',
  'annotation/value': 'numbers for text, and 256 KiB of it: only programs without types write them; unit tests',
  'probe/header-value': 'numbers for text: only programs without types write them; unit tests',
  'property/too-many': 'more than a hundred ports or labels; unit tests',
  'service-entry/too-many': 'more than a hundred hosts or ports; unit tests',
};

test('every rule of Kubernetes or Istio is among those that a run must confirm, or is held elsewhere', () => {
  const confirmed = new Set(
    Object.values(SUBJECTS).flatMap((subjects) => subjects.flatMap(({ confirms }) => confirms)),
  );
  const upstream = allRules().filter(({ origin }) => origin === 'kubernetes' || origin === 'istio');
  const missing = upstream.map(({ id }) => id).filter((id) => !confirmed.has(id));
  expect(missing.filter((id) => !Object.keys(ELSEWHERE).some((start) => id.startsWith(start)))).toEqual([]);
});
