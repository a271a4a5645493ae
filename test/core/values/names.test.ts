import fc from 'fast-check';
import { Problems } from '../../../lib/core/problems';
import {
  checkDnsLabel,
  checkDnsSubdomain,
  checkHost,
  checkRequired,
  checkServiceName,
  isDnsLabel,
  isFqdn,
} from '../../../lib/core/values/names';

type Check = (problems: Problems, property: string, value: unknown) => void;

function verdict(check: Check, value: unknown): readonly string[] {
  const problems = new Problems();
  check(problems, 'name', value);
  return problems.all.map(({ id }) => id);
}

describe('names', () => {
  test.each<[string, Check, string, string | undefined]>([
    ['a label may be a single digit', checkDnsLabel, '1', undefined],
    ['a label has no dot', checkDnsLabel, 'a.b', 'name/dns-label'],
    ['a label has no capital', checkDnsLabel, 'A', 'name/dns-label'],
    ['a label has 63 characters', checkDnsLabel, 'a'.repeat(63), undefined],
    ['a label has not 64 characters', checkDnsLabel, 'a'.repeat(64), 'name/dns-label'],
    ['a subdomain has dots', checkDnsSubdomain, 'a.b-c', undefined],
    ['a subdomain has no empty label', checkDnsSubdomain, 'a..b', 'name/dns-subdomain'],
    ['a subdomain has not 254 characters', checkDnsSubdomain, 'a'.repeat(254), 'name/dns-subdomain'],
    ['a Service starts with a letter', checkServiceName, '1a', 'name/service'],
    ['a Service ends with no hyphen', checkServiceName, 'a-', 'name/service'],
    ['a host may end with a dot', checkHost, 'istiod.example.com.', undefined],
    ['a host may have capitals, as Istio allows', checkHost, 'Istiod.example.com', undefined],
    ['a host is no address', checkHost, '10.0.0.1', 'name/host'],
    ['a host has no port', checkHost, 'istiod.example.com:15012', 'name/host'],
    ['a host has no wildcard', checkHost, '*.example.com', 'name/host'],
    ['a required string is not empty', checkRequired, '', 'property/required'],
  ])('%s', (_, check, value, id) => {
    expect(verdict(check, value)).toStrictEqual(id === undefined ? [] : [id]);
  });

  test.each([undefined, null, 7, {}])('%p is no name', (value) => {
    expect(verdict(checkDnsLabel, value)).toStrictEqual(['property/required']);
  });

  test('a value that is known only at deployment is not judged', () => {
    expect(verdict(checkDnsLabel, Promise.resolve('A B'))).toStrictEqual([]);
  });

  test('whatever is joined from labels is a host, unless its last label is a number', () => {
    const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/);
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 8 }), (labels) => {
        expect(labels.every(isDnsLabel)).toBe(true);
        expect(isFqdn(labels.join('.'))).toBe(!/^[0-9]+$/.test(labels[labels.length - 1]));
      }),
    );
  });
});
