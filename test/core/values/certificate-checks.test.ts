import { Problems } from '../../../lib/core/problems';
import {
  certificatesIn,
  checkAuthorities,
  checkCertificates,
  checkChain,
  checkRoots,
} from '../../../lib/core/values/certificate-checks';
import { AGAIN, INTERMEDIATE, LEAF, OTHER, ROOT, SUBORDINATE } from '../certificate-fixtures';

const KEY = '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----\n';

describe('a text of certificates', () => {
  test('may hold several, with space around them', () => {
    expect(found((problems) => checkCertificates(problems, 'pem', `\n${ROOT}\r\n${LEAF}\n`))).toStrictEqual([]);
    expect(certificatesIn(`${ROOT}\n${LEAF}`)).toStrictEqual([ROOT, LEAF]);
  });

  test.each<[string, () => unknown]>([
    ['nothing', () => ''],
    ['another text', () => 'root'],
    ['text between certificates', () => `${ROOT}# the other\n${OTHER}`],
    ['a broken certificate', () => ROOT.replace(/[A-Za-z]{20}/, 'A'.repeat(20))],
    ['a number', () => 5],
    ['base64 around it', () => Buffer.from(ROOT).toString('base64')],
  ])('is not %s', (_, text) => {
    expect(found((problems) => checkCertificates(problems, 'pem', text()))).toStrictEqual(['certificate/pem pem']);
  });

  test('holds no private key, and the key is not repeated', () => {
    const problems = new Problems();
    checkCertificates(problems, 'pem', LEAF + KEY);
    expect(problems.all).toMatchObject([{ id: 'certificate/private-key', value: 'a key' }]);
    expect(JSON.stringify(problems.all)).not.toContain('MIGHAgEAMBMGByqGSM49');
  });
});

test('who issues is an authority', () => {
  expect(found((problems) => checkAuthorities(problems, 'pem', INTERMEDIATE + ROOT))).toStrictEqual([]);
  expect(found((problems) => checkAuthorities(problems, 'pem', LEAF + ROOT))).toStrictEqual([
    'certificate/no-authority pem',
  ]);
});

test('a root signs itself', () => {
  expect(found((problems) => checkRoots(problems, 'pem', ROOT + OTHER))).toStrictEqual([]);
  expect(found((problems) => checkRoots(problems, 'pem', INTERMEDIATE))).toStrictEqual(['certificate/no-root pem']);
});

describe('a chain', () => {
  test.each<[string, () => readonly [string, readonly string[]]]>([
    ['straight to the root', () => [INTERMEDIATE, [OTHER, ROOT]]],
    ['by way of a certificate between', () => [SUBORDINATE + INTERMEDIATE, [ROOT]]],
    ['in any order after the first', () => [SUBORDINATE + OTHER + INTERMEDIATE, [ROOT]]],
    ['that is the root itself', () => [ROOT, [ROOT]]],
    ['with the root at its end', () => [INTERMEDIATE + ROOT, [ROOT]]],
  ])('leads there %s', (_, make) => {
    const [chain, roots] = make();
    expect(found((problems) => checkChain(problems, 'issuerChain', chain, roots))).toStrictEqual([]);
  });

  test.each<[string, () => readonly [string, readonly string[]]]>([
    ['another root', () => [INTERMEDIATE, [OTHER]]],
    ['a root of the same name with another key', () => [INTERMEDIATE, [AGAIN]]],
    ['a gap', () => [SUBORDINATE, [ROOT]]],
    ['its own root, which nobody trusts', () => [INTERMEDIATE + ROOT, [OTHER]]],
    ['no root at all', () => [INTERMEDIATE, []]],
  ])('does not lead there with %s', (_, make) => {
    const [chain, roots] = make();
    expect(found((problems) => checkChain(problems, 'issuerChain', chain, roots))).toStrictEqual([
      'certificate/untrusted-issuer issuerChain',
    ]);
  });
});

function found(check: (problems: Problems) => void): readonly string[] {
  const problems = new Problems();
  check(problems);
  return problems.all.map(({ id, property }) => `${id} ${property}`);
}
