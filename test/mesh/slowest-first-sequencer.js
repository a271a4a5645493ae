const { basename } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/** The files that take longest, longest first: started late, one of them would run on alone. The end of a run names the slowest. */
const SLOWEST = [];

/** An order for jest: the slowest files, then the rest as jest would have it. */
module.exports = class SlowestFirstSequencer extends Sequencer {
  /** @param {import('@jest/test-result').Test[]} tests */
  sort(tests) {
    const place = ({ path }) => {
      const index = SLOWEST.indexOf(basename(path, '.test.ts'));
      return index < 0 ? SLOWEST.length : index;
    };
    return super.sort(tests).sort((one, other) => place(one) - place(other));
  }
};
