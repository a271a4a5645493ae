import { DependencyType, JsonFile, javascript, type Task, typescript } from 'projen';

/** What users import, and the source file of each. */
const ENTRY_POINTS: Readonly<Record<string, string>> = {
  meshvm: 'lib/index',
  'meshvm/pulumi': 'lib/pulumi/index',
  'meshvm/pulumi/aws': 'lib/pulumi/aws/index',
};
/** The JavaScript of each, which projenrc/package-files.ts writes. */
const BUNDLES: Readonly<Record<string, string>> = {
  meshvm: 'dist/lib/index.js',
  'meshvm/pulumi': 'dist/lib/pulumi.js',
  'meshvm/pulumi/aws': 'dist/lib/aws.js',
};

/** What types say of Pulumi's arguments alone, and of choices: see projenrc/spec/pulumi-args.ts. */
const SPEC_TAGS = [
  ...['', 'Type', 'Plain', 'Required', 'Doc', 'Default', 'Omit', 'Extends', 'Inline'].map((name) => `@args${name}`),
  '@beside',
  '@choice',
];

/**
 * The one place for build configuration. Everything projen writes is marked read-only;
 * change this file and run `npx projen`.
 */
const project = new typescript.TypeScriptProject({
  name: 'meshvm',
  description: 'Typed infrastructure as code that makes virtual machines first-class members of an Istio mesh',
  license: 'Apache-2.0',
  copyrightOwner: 'The meshvm authors',
  copyrightPeriod: '2026',
  authorName: 'The meshvm authors',
  authorOrganization: true,
  keywords: ['istio', 'service-mesh', 'virtual-machine', 'workloadgroup', 'cdk8s', 'pulumi', 'kubernetes'],
  // publint --strict wants the git+https form.
  repository: 'git+https://github.com/meshvm/meshvm.git',
  homepage: 'https://github.com/meshvm/meshvm#readme',
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.0.0',

  // Version 7, which checks types several times faster, is `tsc`; who asks for the compiler's JavaScript API, which 7 has not (typedoc,
  // API Extractor, Pulumi), gets version 6.
  typescriptVersion: 'npm:@typescript/typescript6@6.0.2',
  projenVersion: '0.103.25',
  projenrcTs: true,
  runner: typescript.TypeScriptRunner.tsx(),
  projenrcTsOptions: { filename: '.projenrc.ts' },

  srcdir: 'lib',
  libdir: 'dist',
  testdir: 'test',
  entrypoint: 'dist/lib/index.js',
  entrypointTypes: 'dist/lib/index.d.ts',
  bin: { meshvm: 'dist/lib/cli.js', 'pulumi-resource-meshvm': 'dist/provider/pulumi-resource-meshvm' },
  // The default, dist, is where tsc writes: packing would publish nothing.
  artifactsDirectory: 'artifacts',
  npmignoreEnabled: false,

  github: false,
  release: false,
  depsUpgrade: false,
  buildWorkflow: false,
  sampleCode: false,
  package: false,
  eslint: false,
  biome: true,
  biomeOptions: {
    mergeArraysInConfiguration: true,
    biomeConfig: {
      formatter: { indentStyle: 'space' as never, indentWidth: 2, lineWidth: 120 },
      javascript: { formatter: { quoteStyle: 'single' as never } },
      files: {
        includes: [
          '**',
          '!**/dist',
          '!imports',
          '!coverage',
          '!api',
          '!**/*.md',
          '!docs/api',
          '!.ci',
          '!package.json',
          '!examples/*/*.json',
        ],
      },
      overrides: [
        {
          // What they import is held by .dependency-cruiser.cjs.
          includes: ['lib/**/manifests/**', 'lib/**/files/**', 'lib/standalone/envoy/**', 'lib/graph/**'],
          linter: {
            rules: {
              style: {
                noRestrictedGlobals: {
                  level: 'error' as never,
                  options: {
                    deniedGlobals: {
                      Date: 'Builders are pure: the same data gives the same text at any time.',
                      performance: 'Builders are pure: the same data gives the same text at any time.',
                      process: 'Builders are pure: what they need of the environment is data.',
                      fetch: 'Builders are pure: they call nobody.',
                    },
                  },
                },
              },
            },
          },
        },
      ],
    },
  },

  // Read lazily: only for a proxy.istio.io/config annotation, for cloud-config of one's own, and by the command `meshvm graph`.
  deps: ['yaml@^2.9.1'],
  peerDeps: [
    'cdk8s@^2.70.0',
    'constructs@^10.5.0',
    '@pulumi/pulumi@^3.200.0',
    '@pulumi/kubernetes@^4.18.0',
    '@pulumi/aws@^7.0.0',
  ],
  peerDependencyOptions: { pinnedDevDependency: false },
  devDeps: [
    'cdk8s@2.70.106',
    'constructs@10.8.1',
    // The last that runs on Node.js 20.
    '@pulumi/pulumi@3.248.0',
    '@pulumi/kubernetes@4.34.2',
    '@pulumi/aws@7.48.0',
    'cdk8s-cli@2.207.60',
    '@typescript/native@npm:typescript@7.0.2',
    'tsx@4.23.15',
    'esbuild@0.28.2',
    'rolldown@1.3.3',
    'concurrently@9.2.5',
    '@types/node@^20',
    'jest@30.5.2',
    '@types/jest@^30',
    '@biomejs/biome@2.6.8',
    // Of version 18 Node.js 20 is too old.
    'dependency-cruiser@17.4.3',
    'fast-check@4.10.2',
    'typedoc@0.28.20',
    '@microsoft/api-extractor@7.60.1',
    '@arethetypeswrong/cli@0.18.5',
    'publint@0.3.25',
    // Shapes of specs: TypeScript's types to JSON Schema, and that to code. The last generator that runs on Node.js 20.
    'ts-json-schema-generator@2.4.0',
    'ajv@8.20.0',
  ],

  tsconfig: {
    compilerOptions: {
      rootDir: '.',
      outDir: 'dist',
      target: 'ES2022',
      lib: ['es2022'],
      module: 'node16',
      moduleResolution: javascript.TypeScriptModuleResolution.NODE16,
      types: ['node'],
      skipLibCheck: true,
      isolatedModules: true,
      // Inlined sources would ship the generated imports twice.
      inlineSourceMap: false,
      inlineSources: false,
    },
    include: ['lib/**/*.ts', 'imports/**/*.ts'],
  },
  tsconfigDev: {
    compilerOptions: {
      rootDir: '..',
      target: 'ES2022',
      lib: ['es2022'],
      module: 'node16',
      moduleResolution: javascript.TypeScriptModuleResolution.NODE16,
      types: ['node', 'jest'],
      skipLibCheck: true,
      isolatedModules: true,
      inlineSourceMap: false,
      inlineSources: false,
      paths: sourcePaths('..'),
    },
    include: ['../lib/**/*.ts', '../imports/**/*.ts', '../examples/**/*.ts', '../bench/**/*.ts'],
  },
  // projen's own jest component pins @types/jest to jest's version, which does not exist, and runs with --ci off.
  jest: false,
});

project.addFields({
  exports: {
    ...Object.fromEntries(
      Object.entries(ENTRY_POINTS).map(([name, file]) => [
        name.replace(/^meshvm/, '.'),
        { types: `./dist/${file}.d.ts`, default: `./${BUNDLES[name]}` },
      ]),
    ),
    './package.json': './package.json',
  },
  // For moduleResolution node10, which knows no exports; Pulumi's own templates still use it.
  typesVersions: {
    '*': { pulumi: ['./dist/lib/pulumi/index.d.ts'], 'pulumi/aws': ['./dist/lib/pulumi/aws/index.d.ts'] },
  },
  peerDependenciesMeta: Object.fromEntries(
    ['@pulumi/pulumi', '@pulumi/kubernetes', '@pulumi/aws'].map((name) => [name, { optional: true }]),
  ),
  files: [
    'dist/lib',
    // Pulumi's provider for other languages, with its schema.
    'dist/provider',
    // Builders use imports/ for types alone.
    'dist/imports/**/*.d.ts',
    // Errors name the rules on its pages, which refer to the examples.
    'docs',
    '!docs/api',
    // For editors.
    'schemas',
    'examples/*/*.{ts,py,txt,yaml,pem}',
    'examples/*/{package,tsconfig}.json',
    'examples/README.md',
    'CHANGELOG.md',
  ],
  type: 'commonjs',
});

/** jest; types are checked once by tsc (task `typecheck`), not per file. */
function jestConfig(roots: readonly string[], extra: Record<string, unknown>) {
  return {
    testMatch: roots.map((root) => `<rootDir>/${root}/**/*.test.ts`),
    moduleNameMapper: {
      ...Object.fromEntries(Object.entries(ENTRY_POINTS).map(([name, file]) => [`^${name}$`, `<rootDir>/${file}.ts`])),
      // Pulumi loads it to find the packages of a serialized function, which nothing here does; each test file would load it anew.
      '^@npmcli/arborist$': '<rootDir>/test/pulumi/unused.ts',
      '^typescript$': '<rootDir>/test/pulumi/lazy-typescript.ts',
    },
    transform: { '^.+\\.ts$': '<rootDir>/test/suites/transform.cjs' },
    clearMocks: true,
    // Pulumi keeps its async-local store in globals that jest would clean up under its feet.
    testEnvironmentOptions: { globalsCleanup: 'off' },
    ...extra,
  };
}

/** Tests that don't belong to `npm test`. */
const OTHER_TESTS = ['/node_modules/', '<rootDir>/test/mesh/', '<rootDir>/test/machine/'];
/** When a test counts as one that hangs, in milliseconds: far beyond what any takes on a busy computer. */
const HANGS = 120_000;
// For files by name: `npx jest test/core/labels.test.ts`. Each has modules of its own.
new JsonFile(project, 'jest.config.json', {
  obj: jestConfig(['test'], { testPathIgnorePatterns: OTHER_TESTS, testTimeout: HANGS }),
});
// For all of them: the files of a suite share their modules (test/suites/suite.ts).
new JsonFile(project, 'jest.suites.config.json', {
  obj: {
    ...jestConfig([], {}),
    testMatch: ['<rootDir>/test/suites/*.suite.ts'],
    testTimeout: HANGS,
    // jest's own default leaves a core idle.
    maxWorkers: '100%',
  },
});
new JsonFile(project, 'jest.mesh.config.json', {
  obj: jestConfig(['test/mesh'], {
    // Files wait for their control planes and machines more than they work: three of them keep two cores busy.
    maxWorkers: 3,
    testTimeout: 300_000,
    reporters: ['default', 'summary', '<rootDir>/test/mesh/slowest-files-reporter.js'],
    // Five minutes and fifty machines, a Vault and an engine of Pulumi that take long to build: tasks of their own.
    testPathIgnorePatterns: ['/node_modules/', 'life-of-a-machine', 'standalone-vault', '/pulumi-'],
  }),
});

// --- imports/, documentation and package gates -------------------------------------------------------------------

new JsonFile(project, 'typedoc.json', {
  allowComments: true,
  obj: {
    $schema: 'https://typedoc.org/schema.json',
    name: 'meshvm',
    entryPoints: Object.values(ENTRY_POINTS).map((file) => `${file}.ts`),
    tsconfig: 'tsconfig.json',
    out: 'docs/api',
    readme: 'none',
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true,
    blockTags: ['@default', '@example', '@param', '@returns', '@see', '@throws', '@typeParam', ...SPEC_TAGS],
    excludeTags: SPEC_TAGS,
    // Source links without git, so that the result is the same in every clone.
    disableGit: true,
    sourceLinkTemplate: 'https://github.com/meshvm/meshvm/blob/main/{path}#L{line}',
    validation: { notExported: true, invalidLink: true, invalidPath: true, rewrittenLink: true, notDocumented: true },
    // No constructors: an editor shows the text of the class on `new`, unless the constructor has one.
    requiredToBeDocumented: [
      'Enum',
      'EnumMember',
      'Variable',
      'Function',
      'Class',
      'Interface',
      'Property',
      'Method',
      'Accessor',
      'TypeAlias',
    ],
    treatWarningsAsErrors: true,
  },
});
for (const [name, file] of Object.entries(ENTRY_POINTS)) {
  const report = name.replaceAll('/', '-');
  new JsonFile(project, apiExtractorConfig(name), {
    allowComments: true,
    obj: {
      $schema: 'https://developer.microsoft.com/json-schemas/api-extractor/v7/api-extractor.schema.json',
      mainEntryPointFilePath: `<projectFolder>/dist/${file}.d.ts`,
      newlineKind: 'lf',
      compiler: { tsconfigFilePath: '<projectFolder>/tsconfig.json' },
      apiReport: {
        enabled: true,
        reportFileName: report,
        reportFolder: '<projectFolder>/api/',
        reportTempFolder: '<projectFolder>/dist/api/',
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'warning' } },
        extractorMessageReporting: {
          default: { logLevel: 'warning' },
          'ae-missing-release-tag': { logLevel: 'none' },
          // A field of a choice links to the factory of the same name, which TypeDoc finds.
          'ae-unresolved-link': { logLevel: 'none' },
          // The fleet's arguments stand on those of meshvm/pulumi, which exports them; TypeDoc, which sees both, finds what nobody exports.
          'ae-forgotten-export': {
            logLevel: name === 'meshvm/pulumi/aws' ? 'none' : 'error',
            addToApiReportFile: false,
          },
        },
        // TypeDoc judges comments; it knows @default.
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
}
project.gitignore.exclude('/docs/api/');
for (const generated of ['/imports/**', '/docs/rules.md', '/docs/agreement.md', '/docs/images/*.svg', '/api/*.api.md'])
  project.annotateGenerated(generated);

project.compileTask.reset('rm -rf dist && tsc -p tsconfig.json --emitDeclarationOnly');
project.compileTask.exec('tsx projenrc/package-files.ts dist/lib');
project.compileTask.exec('tsx projenrc/provider/package-schema.ts dist/provider/schema.json');

project.addTask('imports', {
  description: 'Generate imports/ again (needs Go)',
  exec: 'tsx projenrc/imports.ts',
});
project.addTask('imports:check', {
  description: 'Fail when imports/ is not what its sources generate (needs Go)',
  exec: 'tsx projenrc/imports.ts --check',
});
project.addTask('spec', {
  description: "Generate shape checks and Pulumi's arguments from the types of the spec again",
  exec: 'tsx projenrc/spec/spec.ts',
});
project.addTask('docs', {
  description:
    'Write docs/rules.md and docs/agreement.md, the pictures of the example and the API documentation (docs/api)',
  steps: [{ exec: 'tsx projenrc/rules-doc.ts' }, { exec: 'tsx projenrc/graph-doc.ts' }, { exec: 'typedoc' }],
});
const docsCheck = project.addTask('docs:check', {
  description:
    'Fail on undocumented exports, broken links, a stale docs/rules.md, docs/agreement.md or picture, stale generated code of the spec',
  steps: [
    { exec: 'tsx projenrc/spec/spec.ts --check' },
    { exec: 'tsx projenrc/rules-doc.ts --check' },
    { exec: 'tsx projenrc/graph-doc.ts --check' },
    // Types are checked by tsc.
    { exec: 'typedoc --emit none --skipErrorChecking' },
  ],
});
const api = project.addTask('api', { description: 'Update the API reports (api/*.api.md)' });
api.spawn(project.compileTask);
const apiCheck = project.addTask('api:check', { description: 'Fail when the public API differs from its report' });
apiCheck.spawn(project.compileTask);
for (const name of Object.keys(ENTRY_POINTS)) {
  api.exec(`api-extractor run --local --config ${apiExtractorConfig(name)}`);
  apiCheck.exec(`api-extractor run --config ${apiExtractorConfig(name)}`);
}
project.packageTask.spawn(project.compileTask);
project.packageTask.exec(
  `mkdir -p ${project.artifactsDirectory} && npm pack --pack-destination ${project.artifactsDirectory}`,
);
project.gitignore.exclude(`/${project.artifactsDirectory}/`);
const packageCheck = project.addTask('package:check', {
  description: 'Make the package, lint it and its types, and try in a folder of its own what README says',
});
packageCheck.spawn(project.packageTask);
packageCheck.exec('publint --strict');
packageCheck.exec(`attw ${project.artifactsDirectory}/*.tgz`);
packageCheck.exec('tsx projenrc/try-package.ts');

new JsonFile(project, 'jest.machine.config.json', {
  // A machine under software emulation takes minutes to boot.
  obj: jestConfig(['test/machine'], { maxWorkers: 1, testTimeout: 1_800_000 }),
});

const typecheck = project.addTask('typecheck', {
  description: 'Type check lib, tests, examples, benchmarks and build scripts',
  steps: [{ exec: 'tsc --noEmit -p test/tsconfig.json' }, { exec: 'tsc --noEmit -p projenrc/tsconfig.json' }],
});
const lint = project.addTask('lint', {
  description: 'Lint, check formatting and who imports whom; writes nothing',
  steps: [{ exec: 'biome ci --error-on-warnings' }, { exec: 'depcruise --output-type err lib' }],
});
project.testTask.reset();
// Two at a time: the tests, which have a worker for each core, and what checks the rest.
project.testTask.exec(
  [
    'concurrently --group --max-processes 2',
    ...['jest --ci -c jest.suites.config.json', ...[typecheck, lint, docsCheck].flatMap(commandsOf)].map(
      (command) => `"${command}"`,
    ),
  ].join(' '),
);

new JsonFile(project, 'examples/tsconfig.json', {
  obj: {
    extends: '../tsconfig.json',
    // tsx finds the package under its own name without a build.
    compilerOptions: { noEmit: true, rootDir: '..', paths: sourcePaths('..') },
    include: ['**/*.ts'],
  },
});
for (const [name, packages] of Object.entries({
  'aws-payments': ['@pulumi/aws', '@pulumi/kubernetes', '@pulumi/pulumi'],
  'onprem-payments': ['@pulumi/kubernetes', '@pulumi/pulumi'],
}))
  addPulumiExample(name, packages);
const venv = 'node_modules/.cache/test-agent';
const testAgent = project.addTask('test:agent', {
  description: 'Tests of the agent that runs on machines (Python 3; root, iptables and nftables for the capture rules)',
});
testAgent.exec(`python3 -m venv ${venv}`);
testAgent.exec(
  `${venv}/bin/pip install --quiet --disable-pip-version-check --require-hashes -r test/agent/requirements.txt`,
);
testAgent.exec(`${venv}/bin/python test/agent/run.py`);
project.addTask('test:survey', {
  description: 'Tests of the survey of machines (Python 3, root; real servers, of the packages that .ci/run names)',
  exec: 'python3 -m unittest discover -s test/survey',
});

const demo = project.addTask('demo', { description: 'Write the example environment and say what it holds' });
demo.exec('tsx --tsconfig ../tsconfig.json main.ts', { cwd: 'examples/payment-service' });
demo.exec('tsx --tsconfig examples/tsconfig.json examples/summary.ts examples/payment-service/dist');
project.gitignore.exclude('/examples/*/dist/', '/examples/*/package-lock.json', '/examples/*/user-data/');

const makeMeshTools = 'tsx --tsconfig test/tsconfig.json test/mesh/tools/main.ts';
project.addTask('test:mesh:tools', {
  description:
    'Builds what the mesh tests run (Go and Python), or the tools that are named, into ~/.cache/meshvm/tools',
  exec: makeMeshTools,
  receiveArgs: true,
});
addMeshTask('test:mesh', {
  description: 'Tests against a real etcd, kube-apiserver, istiod, pilot-agent and Envoy (Linux, root, Go and Python)',
  exec: 'jest --ci -c jest.mesh.config.json',
});
addMeshTask('test:life', {
  description: 'The life of machines in network namespaces: fifty of them, five minutes (as test:mesh, and iptables)',
  exec: 'jest --ci -c jest.mesh.config.json --testPathIgnorePatterns /node_modules/ --runTestsByPath test/mesh/life-of-a-machine.test.ts',
});
addMeshTask('test:vault', {
  description: 'Certificates by a real Vault, which is built first: some minutes (as test:mesh)',
  alsoTool: 'vault',
  exec: 'jest --ci -c jest.mesh.config.json --testPathIgnorePatterns /node_modules/ --runTestsByPath test/mesh/standalone-vault.test.ts',
});
addMeshTask('test:pulumi', {
  description: "Programs on Pulumi's own engine, which is built first: half an hour on two cores (as test:mesh)",
  alsoTool: 'pulumi pulumi-resource-kubernetes pulumi-language-yaml pulumi-sdk pulumi-python kube-controller-manager',
  exec: 'jest --ci -c jest.mesh.config.json --testPathIgnorePatterns /node_modules/ --testPathPatterns test/mesh/pulumi-',
});
addMeshTask('test:machine', {
  description: 'Boots a real Debian machine in QEMU with our user-data (Linux, root; see CONTRIBUTING)',
  exec: 'jest --ci -c jest.machine.config.json',
});
project.addTask('bench:refresh', {
  description: 'Measures what a refresh of the agent costs a machine where nothing has changed (Python 3)',
  exec: 'python3 bench/join/idle_refresh.py',
  receiveArgs: true,
});
addMeshTask('bench:join', {
  description: 'Measures a join against a sidecar with its files in place (as test:mesh)',
  exec: 'tsx --tsconfig test/tsconfig.json bench/join/bench.ts',
});
addMeshTask('bench:standalone', {
  description: 'Measures an Envoy without a control plane against a sidecar, both through the gateway (as test:mesh)',
  alsoTool: 'fortio',
  exec: 'tsx --tsconfig test/tsconfig.json bench/standalone/bench.ts',
});
project.addTask('bench:import', {
  description: 'Measures what importing meshvm/pulumi/aws costs over its peers: require, and type check',
  steps: [{ spawn: project.compileTask.name }, { exec: 'tsx bench/import/run.ts', receiveArgs: true }],
});
project.addTask('bench', {
  description: 'Measures synthesis against bare cdk8s and Helm, and the cost of require',
  steps: [
    { exec: `${makeMeshTools} helm` },
    { spawn: project.compileTask.name },
    { exec: 'tsx bench/run.ts', receiveArgs: true },
  ],
});

/** The package's names for the sources, for a tsconfig in a folder `up` below the root. */
function sourcePaths(up: string): Record<string, string[]> {
  return Object.fromEntries(Object.entries(ENTRY_POINTS).map(([name, file]) => [name, [`${up}/${file}.ts`]]));
}

function apiExtractorConfig(name: string): string {
  return `api-extractor${name.slice('meshvm'.length).replaceAll('/', '-')}.json`;
}

/** A task that begins with making the tools of the mesh tests. */
function addMeshTask(name: string, options: { description: string; alsoTool?: string; exec: string }) {
  project.addTask(name, {
    description: options.description,
    steps: [
      { exec: makeMeshTools },
      ...(options.alsoTool === undefined ? [] : [{ exec: `${makeMeshTools} ${options.alsoTool}` }]),
      { exec: options.exec, receiveArgs: true },
    ],
  });
}

/**
 * What makes a project of a Pulumi example: Pulumi takes the nearest package.json for the program's. With the versions that the tests run
 * it with, and the package as the repository makes it. People copy these files, so they carry no mark of ours.
 */
function addPulumiExample(name: string, packages: readonly string[]) {
  const versionOf = (dependency: string) => {
    const { version } = project.deps.getDependency(dependency, DependencyType.BUILD);
    if (version === undefined) throw new Error(`${dependency} has no version`);
    return version;
  };
  const versions = (names: readonly string[]) =>
    Object.fromEntries(names.map((dependency) => [dependency, versionOf(dependency)]));
  new JsonFile(project, `examples/${name}/package.json`, {
    marker: false,
    readonly: false,
    obj: {
      name,
      private: true,
      main: 'index.ts',
      dependencies: {
        ...versions(packages),
        ...versions(['cdk8s', 'constructs']),
        meshvm: `file:../../${project.artifactsDirectory}/meshvm-0.0.0.tgz`,
      },
      devDependencies: { ...versions(['@types/node']), typescript: versionOf('typescript').replace(/^.*@/, '') },
    },
  });
  new JsonFile(project, `examples/${name}/tsconfig.json`, {
    marker: false,
    readonly: false,
    obj: {
      compilerOptions: {
        ...{ target: 'es2022', module: 'node16', moduleResolution: 'node16' },
        ...{ strict: true, skipLibCheck: true, noEmit: true, types: ['node'] },
      },
      include: ['*.ts'],
    },
  });
}

/** The commands of a task, for one that runs them side by side. */
function commandsOf(task: Task): readonly string[] {
  return task.steps.map(({ exec }) => {
    if (exec === undefined) throw new Error(`${task.name} has a step that is no command`);
    return exec;
  });
}

project.synth();
