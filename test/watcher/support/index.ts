import { configSchema } from '../../../src/config.ts';
import { createWatcher } from '../../../src/watcher/index.ts';
import { FakeUpstream, principalOf } from './fake-upstream.ts';
import { ManualClock } from './manual-clock.ts';

export { failure, principalOf } from './fake-upstream.ts';
export { ManualClock, settle } from './manual-clock.ts';
export { handshake, transfer } from './objects.ts';
export { Reader } from './reader.ts';

type WatchSettings = ReturnType<typeof configSchema.parse>['watch'];

/** A watcher over a fake upstream and a clock that stands still; `partner` is account 111111111111. */
export const createWatched = (settings: Partial<WatchSettings> = {}) => {
  const clock = new ManualClock();
  const upstream = new FakeUpstream(clock);
  const config = configSchema.parse({ watch: settings }).watch;
  const watcher = createWatcher(upstream, config, { clock, random: () => 0 });
  const partner = principalOf('partner');
  return { clock, upstream, config, watcher, partner, world: upstream.world(partner) };
};
