import { describeSuite } from './suite';

describeSuite('programs');
