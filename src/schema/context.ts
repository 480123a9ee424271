import type { OrganizationCopy } from '../inventory/types.ts';
import type { Notifications } from '../notifications/index.ts';
import type { Caller, Principal } from '../principal/index.ts';
import type { OperationName, UpstreamSession, WriteEnd } from '../upstream/index.ts';
import type { Watcher } from '../watcher/types.ts';
import type { GatewayMonitor } from './gateway-monitor.ts';

/** A mutation that changes the gateway's own state, and nothing at AWS. */
export interface GatewayChange {
  /** The field's key in the response. */
  readonly field: string | number;
  /** As a write of AWS would be spelled: `RefreshInventory`. */
  readonly operation: string;
  /** What it changes; never text of a client. */
  readonly targets: readonly string[];
}

/** The context of every resolver: the caller, its principal, and the two ways to AWS (the session and the watcher). */
export interface GraphContext {
  /** Who sent the request. */
  readonly caller: Caller;
  /** The AWS credentials of this operation. */
  readonly principal: Principal;
  /** All principals that the caller may choose, the default first. */
  readonly principals: readonly Principal[];
  /** All upstream calls of this operation; of one event, in a subscription. */
  readonly session: UpstreamSession;
  /** Called when the write of a field begins, with the field's key in the response. `onWriteEnd` reports its end. */
  readonly onWriteBegin?: (field: string | number) => void;
  /** Called when a write ends, or is rejected before it is sent. */
  readonly onWriteEnd?: (end: WriteEnd) => void;
  /** Called when such a mutation has succeeded. */
  readonly onGatewayChange?: (change: GatewayChange) => void;
  /**
   * Starts a new session. A subscription does so for each event, so that its reads are fresh and have their own
   * deadline.
   */
  renewSession(): void;
  readonly watcher: Watcher;
  /** Whether the operation sends a list item by item (`@stream`) while later pages are being read. */
  readonly streams?: boolean;
  /**
   * The maximum number of keys that each list scan could load (loaders/scan-thresholds.ts), from the cost estimate.
   * Absent in mutations, which read each object by itself, as data from before a write must not be used after it.
   */
  readonly forecast?: ReadonlyMap<string, number>;
  /** Whether execution has paused for other operations, with resolvers left to run. */
  readonly turns?: {
    readonly isPaused: boolean;
    /** Called before each item of long work: whether the rest of it has to wait for `resumed`. */
    mustPause(): boolean;
    resumed(): Promise<void>;
  };
  /** Belongs to loaders/load-by-key.ts. */
  loaders?: object | undefined;
  readonly settings: {
    /** The largest `first` of a connection. */
    readonly maxFirst: number;
    /** The same where the copy of the organization answers. */
    readonly inventoryMaxFirst: number;
    /** The copy of a principal's organization; undefined if there is none. */
    readonly copyOf: (principal: Principal) => OrganizationCopy | undefined;
    /** Absent without destinations of notifications. */
    readonly notifications?: Pick<Notifications, 'statusOf' | 'retry'> | undefined;
    /** The gateway's own state. */
    readonly monitor: GatewayMonitor;
    /** Prefixes of the services that support resource control policies. */
    readonly rcpServices: ReadonlySet<string>;
    /** Key of the signature that connection cursors carry. */
    readonly cursorKey: Uint8Array;
    /** Calls that the rate budget grants an operation in a second; Infinity without a budget. */
    readonly ratePerSecond: (operation: OperationName) => number;
  };
}
