import { describeSuite } from './suite';

describeSuite('printers');
