// Every page that everybody and families see.
import { lookAt } from './pages.mjs';

lookAt('nobody', 'parent', 'parent-drafting', 'parent-placed');
