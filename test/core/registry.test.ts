import { App, Chart } from 'cdk8s';
import { FactKind, Registry } from '../../lib/core/registry';

const HOST = new FactKind<string>('host', (host) => host);
const PORT = new FactKind<number>('port');

describe('Registry', () => {
  test('is one for a whole program and another for another program', () => {
    const app = new App();
    expect(Registry.ofProgram(new Chart(app, 'a'))).toBe(Registry.ofProgram(new Chart(app, 'b')));
    expect(Registry.ofProgram(app)).not.toBe(Registry.ofProgram(new App()));
  });

  test('has a registry for each component, apart from that of the program', () => {
    const app = new App();
    const component = new Chart(app, 'a');
    expect(Registry.of(component)).toBe(Registry.of(component));
    expect(Registry.of(component)).not.toBe(Registry.ofProgram(component));
  });

  test('keeps facts by kind in their order, with the path of who declared them', () => {
    const program = new Registry();
    program.declare(HOST, 'one', 'a');
    program.declare(PORT, 'two', 80);
    program.declare(HOST, 'three', 'b');
    expect(program.facts(HOST)).toMatchObject([
      { path: 'one', value: 'a' },
      { path: 'three', value: 'b' },
    ]);
    expect(program.facts(PORT)).toMatchObject([{ path: 'two', value: 80 }]);
  });

  test('finds the facts with a key, and the first of them', () => {
    const program = new Registry();
    program.declare(HOST, 'one', 'a');
    program.declare(HOST, 'two', 'b');
    program.declare(HOST, 'three', 'b');
    expect(pathsOf(program, 'b')).toStrictEqual(['two', 'three']);
    expect(program.first(HOST, 'b')?.path).toBe('two');
    expect(program.first(HOST, 'c')).toBeUndefined();
    expect(program.first(PORT)).toBeUndefined();
  });

  test('with other facts of a path it shows those, and declares in the program', () => {
    const program = new Registry();
    program.declare(HOST, 'one', 'a');
    program.declare(HOST, 'two', 'b');
    const own = new Registry();
    own.declare(HOST, 'one', 'c');
    const view = program.with(own);
    expect(view.facts(HOST).map(({ value }) => value)).toStrictEqual(['c', 'b']);
    expect(view.first(HOST, 'a')).toBeUndefined();
    view.declare(HOST, 'three', 'd');
    expect(pathsOf(program)).toStrictEqual(['one', 'two', 'three']);
    expect(pathsOf(view)).toStrictEqual(['one', 'two', 'three']);
  });

  test('replaces facts of a path only of the kinds that it has facts of', () => {
    const program = new Registry();
    program.declare(PORT, 'one', 80);
    const own = new Registry();
    own.declare(HOST, 'one', 'c');
    expect(program.with(own).first(PORT)?.value).toBe(80);
  });

  test('at a moment it shows nothing that was declared later, and keeps to itself what is declared in it', () => {
    const program = new Registry();
    program.declare(HOST, 'one', 'a');
    const { moment } = program;
    program.declare(HOST, 'two', 'b');
    const view = program.at(moment, new Registry());
    expect(pathsOf(view)).toStrictEqual(['one']);
    view.declare(HOST, 'three', 'c');
    expect(pathsOf(view)).toStrictEqual(['three', 'one']);
    expect(pathsOf(program)).toStrictEqual(['one', 'two']);
  });
});

function pathsOf(registry: Registry, host?: string): readonly string[] {
  return registry.facts(HOST, host).map(({ path }) => path);
}
