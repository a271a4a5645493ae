import { programsOf, runProgram, withPrograms } from './programs';

test('the program in README works as it stands', () => {
  withPrograms(programsOf('README.md').slice(0, 1), (folders) => {
    const [{ status, stderr, files }] = folders.map(runProgram);
    expect([status, stderr.includes('Error')]).toStrictEqual([0, false]);
    expect(files).toStrictEqual(['payments.k8s.yaml', 'platform.k8s.yaml']);
  });
}, 60_000);
