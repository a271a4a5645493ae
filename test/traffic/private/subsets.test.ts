import fc from 'fast-check';
import { isIstioDnsLabel } from '../../../lib/core/values/names';
import { subsetName } from '../../../lib/traffic/private/subsets';

describe('subsetName', () => {
  test('is the version where that is a name', () => {
    expect(['v1', '1.2.3', 'V_1-rc.1'].map(subsetName)).toStrictEqual(['v1', '1-2-3', 'V-1-rc-1']);
  });

  test('is a name that Istio takes, for any label', () => {
    const version = fc.stringMatching(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);
    fc.assert(fc.property(version, (text) => isIstioDnsLabel(subsetName(text))));
  });
});
