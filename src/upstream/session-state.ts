import type { Lifetime } from './lifetime.ts';
import type { Priority } from './token-bucket.ts';
import type { UpstreamCost, WriteEnd } from './types.ts';

/** What the shared parts need to know of a session. */
export interface SessionState {
  readonly lifetime: Lifetime;
  readonly priority: Priority;
  readonly fresh: boolean;
  readonly callerName: string | undefined;
  readonly cost: UpstreamCost;
  readonly onWriteEnd: ((end: WriteEnd) => void) | undefined;
}
