import { checkTags, machineTags } from '../../../../lib/pulumi/aws/private/tags';
import { notedBy, pathsNotedBy } from '../fleet';

describe('checkTags', () => {
  test('lets keys pass that EC2 admits with tags in the metadata', () => {
    const tags = { team: 'till', 'cost-center': '7', 'a+b=c.d,e_f:g@h': '', ['k'.repeat(128)]: '' };
    expect(notedBy((problems) => checkTags(problems, 'tags', tags))).toStrictEqual([]);
  });

  test.each([
    'kubernetes.io/cluster',
    'cost center',
    '.',
    '..',
    '_index',
    'aws:name',
    'AWS:name',
    '',
    'é',
    'k'.repeat(129),
  ])('refuses key %p', (key) => {
    expect(pathsNotedBy((problems) => checkTags(problems, 'tags', { [key]: 'x' }))).toStrictEqual(['tags']);
  });

  test('says what to do', () => {
    expect(notedBy((problems) => checkTags(problems, 'tags', { 'a/b': 'x' }))).toStrictEqual([
      'tags: key "a/b" is not allowed; allowed: letters, digits and "+-=.,_:@", at most 128 characters, not "aws:" at the start, and ' +
        'neither ".", ".." nor "_index"; fix: choose such a key; EC2 starts no machine with another one while tags are in its metadata',
    ]);
  });

  test.each([
    [49, []],
    [50, ['tags: 51 tags, with Name, are not allowed; allowed: at most 50']],
  ])('counts %i tags and the name', (count, noted) => {
    const tags = Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, '']));
    expect(notedBy((problems) => checkTags(problems, 'tags', tags))).toStrictEqual(noted);
  });
});

describe('machineTags', () => {
  test('name the machines after their component', () => {
    expect(machineTags('pay', { team: 'till' })).toStrictEqual({ Name: 'pay', team: 'till' });
  });

  test('leave a name alone that was given', () => {
    expect(machineTags('pay', { Name: 'till' })).toStrictEqual({ Name: 'till' });
  });
});
