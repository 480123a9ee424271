import { startSimulator } from '../../src/simulator/index.ts';
import { serveParent } from './child.ts';

const simulator = await startSimulator({ seed: 'demo' });
serveParent({ url: simulator.url });
