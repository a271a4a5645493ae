import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { Construct } from 'constructs';
import type { JoinScriptProps, UserDataProps } from 'meshvm';
import * as cdk8sFace from 'meshvm';
import * as pulumiFace from 'meshvm/pulumi';
import { Problems } from '../../lib/core/problems';
import { readShape, type Shapes } from '../../lib/core/spec/shape';
import { isSpelledOtherwise, SPECS } from '../../projenrc/spec/concepts';
import { aChart, aMesh, problemsOf } from '../fixtures';
import { joiningGroup } from '../join/fixtures';
import { complaintOf, registered } from '../pulumi/fixtures';
import { mutationsOf, sampleOf } from './mutations';

const LIB = join(__dirname, '..', '..', 'lib');

/** Every type of which shapes are made, with its concept's shapes, and the faces whose class of that name is made of it. */
const specs = Object.entries(SPECS).flatMap(([concept, types]) => {
  const shapes: Shapes = jest.requireActual(join(LIB, concept, 'shapes.json'));
  return types.map((type) => {
    const component = type.replace(/(Props|Spelling)$/, '');
    const ofPulumi = concept.startsWith('pulumi/');
    const inPulumi = !isSpelledOtherwise(concept, type);
    return { type, shapes, construct: ofPulumi ? '' : component, component: inPulumi ? component : '' };
  });
});

type AnyConstruct = new (scope: Construct, id: string, props: unknown) => unknown;
type AnyValue = new (props: unknown) => unknown;
type Make = (props: unknown) => unknown;

/** Constructs that a factory makes, and what a method makes of properties. */
const FACTORIES: Readonly<Record<string, Make>> = {
  HelmReleaseGateway: (props) => cdk8sFace.EastWestGateway.fromHelmRelease(aChart(), 'x', props as never),
  JoinScript: (props) => joiningGroup().joinScript(props as JoinScriptProps),
  UserData: (props) => joiningGroup().userData(props as UserDataProps),
};

/** Values that programs make by `new`, by the type of their properties. */
const VALUES = { MeshProps: () => aMesh(), ControlPlaneProps: () => new cdk8sFace.ControlPlane({ mesh: aMesh() }) };

type AnyComponent = new (name: string, args: unknown) => unknown;

describe.each(specs)('$type', ({ type, construct, component, shapes }) => {
  const make = FACTORIES[construct] ?? makeOf((cdk8sFace as Readonly<Record<string, unknown>>)[construct], type);
  const constructed = (props: unknown) => problemsOf(() => make?.(props));

  test('as it is read: what ajv takes and nothing else, and one problem for each thing that is wrong', () => {
    const valid = new Ajv({ strict: false }).compile({ ...shapes, $ref: `#/definitions/${type}` });
    const read = (data: unknown) => {
      const problems = new Problems();
      readShape(problems, data, shapes, type);
      return problems.all.map(({ property, id }) => `${property} [${id}]`);
    };
    const sample = sampleOf(shapes, type, VALUES);
    expect([valid(sample), read(sample)]).toStrictEqual([true, []]);
    for (const { what, data, problem } of mutationsOf(shapes, type, { references: true, values: VALUES })) {
      expect([what, read(data)]).toStrictEqual([what, [problem]]);
      // To ajv a property that is undefined is there.
      expect([what, valid(JSON.parse(JSON.stringify({ data })).data)]).toStrictEqual([what, false]);
    }
  });

  (make === undefined ? test.skip : test)('by the construct', () => {
    for (const { what, data, problem } of mutationsOf(shapes, type, { references: true, values: VALUES })) {
      expect([what, constructed(data)]).toStrictEqual([what, [problem]]);
    }
    expect(constructed(undefined)).toStrictEqual([' [shape/type]']);
  });

  test('by the component', async () => {
    const made = (pulumiFace as Readonly<Record<string, unknown>>)[component] as AnyComponent | undefined;
    if (made === undefined) return;
    await registered(() => {
      for (const { what, data, problem } of mutationsOf(shapes, type, { references: false, values: 'data' })) {
        expect([what, complaintOf(() => new made('x', data))]).toStrictEqual([what, [problem]]);
      }
      expect(complaintOf(() => new made('x', undefined))).toStrictEqual([' [shape/type]']);
    });
  });
});

test('every shapes.json belongs to a concept', () => {
  const files = readdirSync(LIB, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('shapes.json'));
  expect(files.sort()).toStrictEqual(
    Object.keys(SPECS)
      .map((concept) => join(concept, 'shapes.json'))
      .sort(),
  );
});

/** Undefined also for values that factories make: they judge nothing. */
function makeOf(found: unknown, type: string): Make | undefined {
  if (typeof found !== 'function') return undefined;
  if (type in VALUES) return (props) => new (found as AnyValue)(props);
  return found.prototype instanceof Construct
    ? (props) => new (found as AnyConstruct)(aChart(), 'x', props)
    : undefined;
}
