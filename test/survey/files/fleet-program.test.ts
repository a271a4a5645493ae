import * as cdk8s from 'cdk8s';
import fc from 'fast-check';
import * as meshvm from 'meshvm';
import ts from 'typescript';
import { fleetProgram } from '../../../lib/survey/files/fleet-program';
import { typeErrorsOf, withPrograms } from '../../docs/programs';
import { call, fleet, listener, survey } from '../fixtures';
import { hostileFleet } from '../hostile';

/** Runs a program with everything but its files: what it synthesizes, as `<kind> <namespace>/<name>`. */
function synthesize(program: string): readonly string[] {
  const objects: cdk8s.ApiObject[] = [];
  class App extends meshvm.MeshVmApp {
    public override synth(): void {
      this.synthYaml();
      objects.push(...this.node.findAll().filter((node) => node instanceof cdk8s.ApiObject));
    }
  }
  const modules: Readonly<Record<string, unknown>> = { cdk8s, meshvm: { ...meshvm, MeshVmApp: App } };
  const { outputText } = ts.transpileModule(program, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  new Function('require', 'exports', outputText)((name: string) => modules[name], {});
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name ?? ''}`);
}

/** What follows a line, up to the next empty one. */
function section(program: string, start: string): readonly string[] {
  const lines = program.split('\n');
  const first = lines.findIndex((line) => line.startsWith(start));
  return lines.slice(first, lines.indexOf('', first));
}

const PROGRAM = fleetProgram(fleet());

describe('of a small fleet', () => {
  test('machines that listen alike are a group, with what will matter to them', () => {
    expect(section(PROGRAM, '// --- web')).toStrictEqual([
      '// --- web: web-1, web-2 ---',
      '// Port 80 is called by 10.0.9.9.',
      '// Port 6379 (redis-server) is for the machine itself, and stays so.',
      expect.stringMatching(/^\/\/ \[calls-itself\] /),
      '//   - port 6379 (web-1, web-2)',
      expect.stringMatching(/^\/\/ {3}What helps: /),
      expect.stringMatching(/^\/\/ \[loopback-trust\] every call arrives from 127\.0\.0\.6/),
      '//   - /etc/nginx/nginx.conf line 7: nginx trusts the loopback range (web-1, web-2)',
      expect.stringMatching(/^\/\/ {3}What helps: /),
      expect.stringMatching(/^\/\/ \[already-there\] /),
      '//   - port 15001 is that of python3 (web-1, web-2)',
      expect.stringMatching(/^\/\/ {3}What helps: /),
      "const webChart = new Chart(app, 'web', { namespace: 'web' }); // guessed names",
      "const webGroup = new MeshVmGroup(webChart, 'web', {",
      '  mesh,',
      '  ports: [',
      "    { name: 'http', port: 80 }, // seen",
      '  ],',
      "  probe: Probe.httpGet('/healthz', { port: 80 }), // answered with 200",
      "  network: Network.flat(['10.0.0.0/24']), // guessed: pods reach these addresses without a gateway",
      expect.stringMatching(/^ {2}\/\/ To join by themselves they need identity/),
      '});',
    ]);
  });

  test('what was not seen is marked as guessed', () => {
    expect(
      section(fleetProgram([survey('a', '10.1.0.1', { listeners: [listener(8080, 'java')] })]), 'new MeshVmGroup'),
    ).toStrictEqual([
      "new MeshVmGroup(aChart, 'a', {",
      '  mesh,',
      '  ports: [',
      "    { name: 'http', port: 8080 }, // guessed from java",
      '  ],',
      '  probe: Probe.tcpSocket(8080), // guessed: no page was seen that tells health',
      "  network: Network.flat(['10.1.0.1/32']), // guessed: pods reach these addresses without a gateway",
      expect.any(String),
      '});',
    ]);
  });

  test('what machines call is their scope: the group behind an address, and the rest by port', () => {
    expect(section(PROGRAM, 'new EgressScope')).toStrictEqual([
      "new EgressScope(webChart, 'web-egress', {",
      '  group: webGroup,',
      '  destinations: [',
      '    EgressDestination.group(dbGroup),',
      '    EgressDestination.serviceEntry(outsideOn443),',
      '  ],',
      '  outbound: OutboundTraffic.ALLOW_ANY, // guessed: 600 s may not show every call; REGISTRY_ONLY refuses the others',
      '});',
    ]);
  });

  test('it type checks and synthesizes', () => {
    withPrograms([PROGRAM], (folders) => expect(typeErrorsOf(folders)).toStrictEqual([]));
    expect(synthesize(PROGRAM)).toStrictEqual([
      'Namespace db/db',
      'ServiceAccount db/db',
      'WorkloadGroup db/db',
      'Service db/db',
      'Namespace web/web',
      'ServiceAccount web/web',
      'WorkloadGroup web/web',
      'Service web/web',
      'ServiceEntry web/outside-443',
      'Sidecar web/web',
    ]);
  }, 60_000);

  test('the order of the answers does not matter', () => {
    const sections = (program: string) => program.slice(program.indexOf('const app'));
    expect(sections(fleetProgram([...fleet()].reverse()))).toBe(sections(PROGRAM));
  });
});

test('machines without a port of their own only call', () => {
  const program = fleetProgram([survey('cron-1', '10.0.0.5', { calls: [call('10.9.9.9', 5432)] })]);
  expect(program).toContain('  ports: [],\n  network:');
  expect(synthesize(program)).toContain('Sidecar cron/cron');
});

test('more addresses than an entry takes are said to be left off', () => {
  const calls = Array.from({ length: 300 }, (_, index) => call(`10.8.${index >> 8}.${index & 255}`, 443));
  const program = fleetProgram([survey('web-1', '10.0.0.5', { calls })]);
  expect(program).toContain('// 44 more addresses are left off: an entry takes 256.\n');
  expect(synthesize(program)).toContain('ServiceEntry web/outside-443');
});

describe('of hostile answers', () => {
  /** What a program of ours is made of. */
  const OURS =
    /^(app|mesh|cdk8s|Chart|Mesh|MeshVm\w+|EgressDestination|EgressScope|Network|OutboundTraffic|Probe|ServiceEntryProtocol|VmService\w+|[a-zA-Z0-9]+(Chart|Group)|outsideOn\d+|meshId|clusterName|network|istioVersion|namespace|ports|name|port|probe|hosts|addresses|protocol|endpoints|group|destinations|outbound|flat|httpGet|tcpSocket|TCP|passthrough|serviceEntry|ALLOW_ANY|synth)$/;

  function identifiersOf(program: string): readonly string[] {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) found.push(node.text);
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile('a.ts', program, ts.ScriptTarget.ES2022, true));
    return found;
  }

  test('a program holds nothing but its own words, and synthesizes', () => {
    fc.assert(
      fc.property(hostileFleet, (surveys) => {
        const program = fleetProgram(surveys);
        expect(program).toMatch(/^[\n -~]*$/);
        expect(identifiersOf(program).filter((name) => !OURS.test(name))).toStrictEqual([]);
        expect(synthesize(program)).toContainEqual(expect.stringMatching(/^WorkloadGroup /));
      }),
    );
  }, 120_000);

  test('programs type check', () => {
    const programs = fc.sample(hostileFleet, { numRuns: 12 }).map(fleetProgram);
    withPrograms(programs, (folders) => expect(typeErrorsOf(folders)).toStrictEqual([]));
  }, 120_000);
});
