const { createHash } = require('node:crypto');
const { transformSync, version } = require('esbuild');

/** @type {import('esbuild').TransformOptions} */
const OPTIONS = { loader: 'ts', format: 'cjs', target: 'node20', sourcemap: 'inline', sourcesContent: false };

/** Makes JavaScript of TypeScript for jest, file by file: types are checked by tsc. */
module.exports = {
  getCacheKey(source, path) {
    return createHash('sha256')
      .update(JSON.stringify([version, OPTIONS, path, source]))
      .digest('hex');
  },
  process(source, path) {
    // jest's own transformer moves it above the imports, which esbuild can't.
    if (/\bjest\.(un)?mock\(/.test(source))
      throw new Error(`${path}: jest.mock is not supported here, use jest.isolateModules and jest.doMock`);
    return { code: transformSync(source, { ...OPTIONS, sourcefile: path }).code };
  },
};
