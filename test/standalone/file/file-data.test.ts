import { Problems } from '../../../lib/core/problems';
import { FileData } from '../../../lib/standalone/file/file-data';
import { healthCheckOf } from '../../../lib/standalone/private/from-data';

function collected() {
  const problems = new Problems();
  return {
    data: new FileData(problems.at('services[0]')),
    pathsOf: () => problems.all.map(({ property }) => property),
  };
}

test('what a factory refuses stands at its place in the file', () => {
  const { data, pathsOf } = collected();
  expect(healthCheckOf(data, 'healthCheck', { http: { path: 'healthz' } })).toBeUndefined();
  expect(pathsOf()).toStrictEqual(['services[0].healthCheck.http.path']);
});

test('what it takes is its value', () => {
  const { data, pathsOf } = collected();
  expect(healthCheckOf(data, 'healthCheck', { http: { path: '/healthz' } })?.path).toBe('/healthz');
  expect(pathsOf()).toStrictEqual([]);
});

test('an error that is no problem of the file is none', () => {
  const { data } = collected();
  const fail = () => {
    throw new TypeError('a bug');
  };
  expect(() => data.convert('locality', fail)).toThrow(TypeError);
});
