import * as pulumi from '@pulumi/pulumi';
import { lateProblem, notAllowed } from '../../../../lib/pulumi/aws/private/reasons';

test('a reason shows the value and what is allowed', () => {
  expect(notAllowed('x', 'a or b')).toBe('"x" is not allowed; allowed: a or b');
  expect(notAllowed(undefined, 'a')).toBe('undefined is not allowed; allowed: a');
});

test('a late problem names the property, in its message and for the engine', () => {
  const error = lateProblem('cluster.name', 'it is missing');
  expect(error.message).toBe('cluster.name: it is missing');
  expect(pulumi.InputPropertiesError.isInstance(error)).toBe(true);
});
