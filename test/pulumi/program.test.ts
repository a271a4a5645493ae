import { ComponentResource } from '@pulumi/pulumi';
import { runProgram } from './program';

test('a program that fails leaves nothing to be registered with the mocks of the next', async () => {
  const seen: string[] = [];
  const failing = runProgram(
    () => {
      new ComponentResource('test:index:Thing', 'begun');
      throw new Error('it is wrong');
    },
    {
      state: ({ name }) => {
        seen.push(name);
        return {};
      },
    },
  );
  await expect(failing).rejects.toThrow('it is wrong');
  expect(seen).toStrictEqual(['begun']);
});
