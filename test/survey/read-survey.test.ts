import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { surveyProgram } from '../../lib/survey/program';
import { readSurveys, SURVEY_FORMAT } from '../../lib/survey/read-survey';
import { hostileText } from './hostile';

const { stdout: ANSWER } = spawnSync('python3', ['-', '--json', '--no-connect'], {
  input: surveyProgram(),
  encoding: 'utf8',
});

const REMEDY = 'make the answer anew with the survey.py of this version and --json';

function changed(change: (answer: Record<string, never>) => void): string {
  const answer = JSON.parse(ANSWER);
  change(answer);
  return JSON.stringify(answer);
}

test('what the program prints is read', () => {
  const { surveys, problems } = readSurveys([['a.json', ANSWER]]);
  expect(problems).toStrictEqual([]);
  expect(surveys[0]).toMatchObject({ source: 'a.json', surveyed: { askedHttp: false }, peersLeftOff: false });
});

test.each([
  ['no JSON', '', /^a\.json: this is no JSON \(.*\); make the answer anew/],
  [
    'another format',
    '{"format":"meshvm-survey/2"}',
    `a.json: format is "meshvm-survey/2"; allowed: "${SURVEY_FORMAT}"; ${REMEDY}`,
  ],
  ['no format', '[]', `a.json: format is missing; allowed: "${SURVEY_FORMAT}"; ${REMEDY}`],
])('%s is refused', (_, content, problem) => {
  const { surveys, problems } = readSurveys([['a.json', content]]);
  expect(surveys).toStrictEqual([]);
  expect(problems).toStrictEqual([typeof problem === 'string' ? problem : expect.stringMatching(problem)]);
});

test('all that is wrong is told, each with its path', () => {
  const listener = { protocol: 'sctp', address: 'fe80::1%eth0', port: 0, healthPage: "/'\n" };
  const content = changed((answer) => Object.assign(answer, { listeners: [listener], clock: 7, multicast: 'x' }));
  const { problems } = readSurveys([['a.json', content]]);
  expect(problems).toStrictEqual([
    `a.json: listeners[0].protocol is "sctp"; allowed: tcp or udp; ${REMEDY}`,
    `a.json: listeners[0].address is "fe80::1%eth0"; allowed: an IP address; ${REMEDY}`,
    `a.json: listeners[0].port is 0; allowed: a whole number from 1 to 65535; ${REMEDY}`,
    `a.json: listeners[0].loopbackOnly is missing; allowed: true or false; ${REMEDY}`,
    `a.json: listeners[0].program is missing; allowed: text of at most 4096 signs; ${REMEDY}`,
    `a.json: listeners[0].unit is missing; allowed: text of at most 4096 signs; ${REMEDY}`,
    `a.json: listeners[0].user is missing; allowed: text of at most 4096 signs; ${REMEDY}`,
    `a.json: listeners[0].container is missing; allowed: true or false; ${REMEDY}`,
    `a.json: listeners[0].speaksFirst is missing; allowed: true or false; ${REMEDY}`,
    `a.json: listeners[0].speaks is missing; allowed: text of at most 4096 signs; ${REMEDY}`,
    `a.json: listeners[0].http is missing; allowed: true or false; ${REMEDY}`,
    `a.json: listeners[0].healthPage is "/'\\n"; allowed: a path of plain signs; ${REMEDY}`,
    `a.json: clock is 7; allowed: a map; ${REMEDY}`,
    `a.json: multicast is "x"; allowed: a list of at most 65536; ${REMEDY}`,
  ]);
});

test('a machine that is there twice is told', () => {
  const { problems } = readSurveys([
    ['a.json', ANSWER],
    ['b.json', ANSWER],
  ]);
  expect(problems).toStrictEqual([
    expect.stringMatching(/^b\.json: a\.json tells of the same machine \(".*", .*\); leave one of them out$/),
  ]);
});

test('a thousand mistakes are twenty, and their number', () => {
  const content = changed((answer) => Object.assign(answer, { multicast: Array.from({ length: 1000 }, () => 1) }));
  const { problems } = readSurveys([['a.json', content]]);
  expect([problems.length, problems[20]]).toStrictEqual([21, 'a.json: and 980 more of this kind']);
});

test('any JSON is read or refused, and never throws', () => {
  const paths = ['machine', 'listeners', 'calls', 'configuration', 'kernelModules', 'surveyed', 'disks'];
  fc.assert(
    fc.property(
      fc.constantFrom(...paths),
      fc.oneof(fc.jsonValue(), hostileText, fc.array(fc.dictionary(hostileText, fc.jsonValue()))),
      (path, value) => {
        const { surveys, problems } = readSurveys([
          ['a.json', changed((answer) => Object.assign(answer, { [path]: value }))],
        ]);
        expect(surveys.length === 1).toBe(problems.length === 0);
      },
    ),
  );
});
