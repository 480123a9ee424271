// A simulated organization with many accounts, which somebody else reads.
import { startSimulator } from '../../src/simulator/index.ts';
import { answer } from '../watch/process.ts';

answer({
  /** Answers its URL. */
  async start(accounts) {
    const simulator = await startSimulator({ seed: 'demo', accounts: Number(accounts) });
    return simulator.url;
  },
});
