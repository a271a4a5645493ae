/*
 * Who may import whom in lib: the order of the house, as ARCHITECTURE.md tells it. `npm run lint` holds it, imports of types included,
 * because whoever reads a file reads those, too.
 */

/**
 * The concepts: a folder of lib, and of lib/pulumi, imports from those above it and never from those below. A new concept is put where
 * everything that it needs stands above it.
 */
const HOUSE = [
  'core',
  'mesh',
  'synth',
  'gateway',
  'control-plane',
  'machines',
  'join',
  'access',
  'service-entry',
  'groups',
  'traffic',
  'observability',
  'standalone',
  'graph',
  'survey',
  'cluster',
  'cli',
];
/** Folders of lib/pulumi that make machines: they know every concept, and each only its own cloud. */
const CLOUDS = ['aws'];

const anyOf = (names) => `(?:${names.join('|')})`;
/** A concept has a folder in each face. */
const FOLDER = '^lib/(?:pulumi/)?';
/** How any component of Pulumi is planned. It stands with machines, because arguments of every concept may refer to them. */
const COMPONENTS = '^lib/pulumi/machines/component-plan[.]ts$';
/** What makes objects, files and text of plain data. */
const PURE = `${FOLDER}[^/]+/(?:manifests|files|envoy)/|^lib/graph/`;

module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      comment:
        'What imports itself in a circle can only be read, tested and moved as one. Put what both need into a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...HOUSE.slice(0, -1).map((concept, index) => ({
      name: `${concept}-knows-nothing-below`,
      comment: `Below ${concept} in the house stand ${HOUSE.slice(index + 1).join(', ')}. Ask for what is needed as data, or move it up.`,
      severity: 'error',
      from: { path: `${FOLDER}${concept}/` },
      to: { path: `${FOLDER}${anyOf(HOUSE.slice(index + 1))}/`, pathNot: COMPONENTS },
    })),
    {
      name: 'every-folder-is-in-the-house',
      comment: 'A new folder gets its place in HOUSE, or in CLOUDS.',
      severity: 'error',
      from: { path: '^lib/(?:pulumi/)?[^/]+/', pathNot: `${FOLDER}${anyOf([...HOUSE, ...CLOUDS, 'pulumi'])}/` },
      to: {},
    },
    {
      name: 'rooms-are-private',
      comment:
        'private/ and manifests/ are for the folder that they lie in. What others need stands beside them, in the folder itself.',
      severity: 'error',
      from: { path: '^lib/(?:pulumi/)?([^/]+)' },
      to: { path: `${FOLDER}[^/]+/(?:private|manifests)/`, pathNot: `${FOLDER}$1/` },
    },
    {
      name: 'pulumi-is-a-face',
      comment: 'Pulumi is optional: nothing outside of lib/pulumi imports it, or what is built on it.',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/pulumi/' },
      to: { path: '^lib/pulumi/|node_modules/@pulumi/' },
    },
    ...CLOUDS.map((cloud) => ({
      name: `${cloud}-is-apart`,
      comment: `Who uses another cloud has not installed @pulumi/${cloud}.`,
      severity: 'error',
      from: { path: '^lib/', pathNot: `^lib/pulumi/${cloud}/` },
      to: { path: `^lib/pulumi/${cloud}/|node_modules/@pulumi/${cloud}/` },
    })),
    {
      name: 'entry-points-are-for-users',
      comment: 'An index.ts imports everything.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^lib/(?:index|pulumi/index|pulumi/[^/]+/index)[.]ts$' },
    },
    {
      name: 'builders-are-pure',
      comment:
        'What makes objects and text has plain data in and out: no constructs, no files, no network, no processes.',
      severity: 'error',
      from: { path: PURE },
      to: {
        path: '^node_modules/|^(?:node:)?(?:fs|fs/promises|os|path|child_process|http|https|dns|process|timers|worker_threads)$',
      },
    },
    {
      name: 'manifests-import-types-of-constructs-at-most',
      comment: 'A builder that runs the code of a construct can not be tested, or used by another face, without it.',
      severity: 'error',
      from: { path: PURE },
      to: { path: 'node_modules/(?:cdk8s|constructs|@pulumi)/', reachable: true },
    },
    {
      name: 'generated-types-are-types',
      comment: 'The files of imports/ are megabytes, and nothing of them is needed when a program runs.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^imports/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'lib-stands-alone',
      comment: 'The package has none of these folders.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(?:test|examples|bench|projenrc|provider)/' },
    },
    {
      name: 'only-what-users-get',
      comment: 'A development dependency is not there when the package is installed.',
      severity: 'error',
      from: { path: '^lib/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'],
        dependencyTypesNot: ['npm-peer'],
        // The package's own name.
        pathNot: '^meshvm/',
      },
    },
    {
      name: 'nothing-forgotten',
      comment:
        'Neither an entry point nor the command needs the file: it is left over, or belongs to the tests. lib/agreement.ts is a page of docs.',
      severity: 'error',
      from: { path: '^lib/(?:index|pulumi/index|pulumi/aws/index|cli/main)[.]ts$' },
      to: {
        path: '^lib/',
        pathNot: '^lib/(?:index|pulumi/index|pulumi/aws/index|cli/main|agreement)[.]ts$',
        reachable: false,
      },
    },
  ],
  options: {
    doNotFollow: { path: '^node_modules/|^imports/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
