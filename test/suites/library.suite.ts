import { describeSuite } from './suite';

describeSuite('library');
