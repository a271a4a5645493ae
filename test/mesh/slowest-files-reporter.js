const { relative } = require('node:path');

/** A reporter for jest that ends with the ten files that took longest: what to split or to speed up first. */
module.exports = class SlowestFilesReporter {
  /** @param {{ rootDir: string }} globalConfig */
  constructor(globalConfig) {
    this.rootDir = globalConfig.rootDir;
  }

  /** @param {unknown} _contexts @param {{ testResults: readonly import('@jest/test-result').TestResult[] }} results */
  onRunComplete(_contexts, { testResults }) {
    const lines = testResults
      .filter(({ skipped }) => !skipped)
      .map(({ testFilePath, perfStats }) => ({
        seconds: (perfStats.end - perfStats.start) / 1000,
        file: relative(this.rootDir, testFilePath),
      }))
      .sort((one, other) => other.seconds - one.seconds)
      .slice(0, 10)
      .map(({ seconds, file }) => `${seconds.toFixed(0).padStart(6)} s  ${file}`);
    if (lines.length > 1) process.stderr.write(`\nSlowest files:\n${lines.join('\n')}\n`);
  }
};
