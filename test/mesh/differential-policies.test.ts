import { testAgreement } from './differential/agreement';
import { SUBJECTS } from './differential/subjects';

testAgreement(SUBJECTS.policies);
