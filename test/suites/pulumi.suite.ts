import { describeSuite } from './suite';

describeSuite('pulumi');
