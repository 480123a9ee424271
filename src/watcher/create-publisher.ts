import type { WallMs } from '../upstream/index.ts';
import type { WatchContext } from './context.ts';
import { EventFactory, type LogName } from './event-log.ts';
import { EventPublisher } from './event-publisher.ts';
import type { Kind } from './kinds.ts';

/** The publisher of one log. `seenAt`: when an object was last read in its published version. */
export const createPublisher = <T>(
  { cursorKeys, config }: Pick<WatchContext, 'cursorKeys' | 'config'>,
  name: LogName,
  kind: Kind<T>,
  seenAt: (id: string, object: T) => WallMs | undefined,
): EventPublisher<T> =>
  new EventPublisher({ events: new EventFactory(name, cursorKeys), kind, keepEvents: config.keepEvents, seenAt });
