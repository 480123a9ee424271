import type { Principal } from '../principal/principal.ts';
import type { UpstreamSession } from '../upstream/index.ts';
import type { Watcher } from '../watcher/types.ts';

/** What every resolver gets: who asks, as whom AWS is called, and the two ways to AWS (reads and writes; changes). */
export interface GraphContext {
  /** Who sent the request. */
  readonly caller: { readonly name: string };
  /** As whom this operation calls AWS. */
  readonly principal: Principal;
  /** All principals that the caller may choose, the default first. */
  readonly principals: readonly Principal[];
  /** All upstream calls of this operation; of one event, in a subscription. */
  readonly session: UpstreamSession;
  /** A subscription calls this before it resolves an event, so that an event's fields are read anew, within a deadline of their own. */
  renewSession(): void;
  readonly watcher: Watcher;
  readonly settings: {
    /** The largest `first` of a connection. */
    readonly maxFirst: number;
    /** Key of the signature that connection cursors carry. */
    readonly cursorKey: Uint8Array;
  };
}
