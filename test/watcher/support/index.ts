import { configSchema } from '../../../src/config/index.ts';
import { createWatcher } from '../../../src/watcher/index.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeUpstream, principalOf } from './fake-upstream.ts';

export { settled } from '../../support/manual-clock.ts';
export { failure, principalOf } from './fake-upstream.ts';
export { handshake, transfer } from './objects.ts';
export { Reader } from './reader.ts';

type WatchSettings = ReturnType<typeof configSchema.parse>['watch'];

/** In ms since the epoch. The objects of these tests are pending then. */
export const start = Date.UTC(2026, 0, 1);

/** A watcher over a fake upstream and a clock that only tests advance; `partner` is account 111111111111. */
export const createWatched = (settings: Partial<WatchSettings> = {}) => {
  const clock = new ManualClock(start);
  const upstream = new FakeUpstream(clock);
  const config = configSchema.parse({ watch: settings }).watch;
  const watcher = createWatcher(upstream, config, { clock, random: () => 0 });
  const partner = principalOf('partner');
  return { clock, upstream, config, watcher, partner, world: upstream.world(partner) };
};
