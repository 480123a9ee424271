import { GraphQLError } from 'graphql';
import type { CopiedHistory, HistoryFilter as HistoryConditions } from '../inventory/types.ts';
import type { HistoryEntry, HistoryGap } from '../watcher/index.ts';
import { builder } from './builder.ts';
import { connectionArgs } from './connection.ts';
import { type ConnectionArgs, checkFirst } from './connection-args.ts';
import type { GraphContext } from './context.ts';
import { type ListRule, noCalls, upstreamCost } from './cost/rules.ts';
import { decodeInventoryCursor, encodeInventoryCursor, expiredInventoryCursor, historyFingerprint } from './cursor.ts';
import type { Edge, PageInfo } from './edges.ts';
import { partialOwn } from './entity.ts';
import { ChangedType, ChangeKind, ChangeSource, checkHistoryFilter, HistoryFilter } from './history-filter.ts';
import { typeOfId } from './ids.ts';
import { MemberChangeRef } from './member-change.ts';
import { ofOwn } from './organization.ts';
import { HistoryRef, NodeRef, OrganizationRef } from './refs.ts';
import { conditionsKey } from './search/filter-rules.ts';

/** A change, with the history that it is read from. */
interface ReadChange {
  readonly entry: HistoryEntry;
  readonly history: CopiedHistory;
}

interface ChangeConnection {
  readonly edges: readonly Edge<ReadChange>[];
  readonly pageInfo: PageInfo;
  readGaps(): Promise<readonly HistoryGap[]>;
}

/** Objects have at most so many members that changes report. */
const MAX_MEMBERS = 8;

const isAuditor = ({ caller }: GraphContext): boolean => caller.scopes.has('audit:read');

const ChangeRef = builder.objectRef<ReadChange>('Change').implement({
  description: 'A change of an object of the organization, as the gateway has observed it.',
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Its place in the history.', resolve: ({ entry }) => entry.id }),
    observedAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When the gateway observed it.',
      resolve: ({ entry }) => new Date(entry.at),
    }),
    kind: t.field({
      type: ChangeKind,
      nullable: false,
      description: 'Whether the object is new, has changed or is gone.',
      resolve: ({ entry }) => entry.kind,
    }),
    type: t.field({
      type: ChangedType,
      nullable: false,
      description: 'The type of what is new, gone or different.',
      resolve: ({ entry }) => entry.type,
    }),
    objectId: t.id({
      nullable: false,
      description:
        'The id of the object: of an attachment its target, of tags their resource, of a delegated administrator its account, of an enabled service its service principal.',
      resolve: ({ entry }) => entry.objectId,
    }),
    object: t.field({
      type: NodeRef,
      description: 'The object as it is now; null when it is gone, and for services.',
      extensions: upstreamCost({ knownMembers: ['Id'] }),
      resolve: ({ entry, history }) => {
        const type = typeOfId(entry.objectId);
        return type === undefined || history.has(entry.objectId, entry.type) === false
          ? null
          : partialOwn(type, entry.objectId);
      },
    }),
    objectName: t.string({
      description: 'Its name at the time; null if it has none.',
      resolve: ({ entry }) => entry.objectName ?? null,
    }),
    members: t.field({
      type: [MemberChangeRef],
      nullable: { list: false, items: false },
      description:
        'The changed members. All members of an object that is new or gone; of an attachment the id of its `policy`.',
      extensions: upstreamCost({ items: MAX_MEMBERS }),
      resolve: ({ entry }) => [...entry.members],
    }),
    source: t.field({
      type: ChangeSource,
      nullable: false,
      description: 'How it was found.',
      resolve: ({ entry }) => entry.source,
    }),
    caller: t.string({
      description: 'The caller that made the change through the gateway. Null without the scope `audit:read`.',
      extensions: noCalls,
      resolve: ({ entry }, _args, context) => (isAuditor(context) ? (entry.caller ?? null) : null),
    }),
    requestId: t.string({
      description: "AWS's id of the request that made it. Null without the scope `audit:read`.",
      extensions: noCalls,
      resolve: ({ entry }, _args, context) => (isAuditor(context) ? (entry.requestId ?? null) : null),
    }),
  }),
});

const ChangeEdgeRef = builder.objectRef<Edge<ReadChange>>('ChangeEdge').implement({
  description: 'A change, with its cursor.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', {
      nullable: false,
      description: 'Opaque; `after: cursor` continues with the changes before this one.',
    }),
    node: t.field({ type: ChangeRef, nullable: false, description: 'The change.', resolve: ({ node }) => node }),
  }),
});

const HistoryGapRef = builder.objectRef<HistoryGap>('HistoryGap').implement({
  description:
    'Changes that are not in the history: beyond 200 of an object or 100,000 of the organization on one day, or while the gateway was away for too long.',
  fields: (t) => ({
    since: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When it begins.',
      resolve: ({ since }) => new Date(since),
    }),
    until: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When it ends.',
      resolve: ({ until }) => new Date(until),
    }),
    objectId: t.id({
      description: 'The object whose changes are missing; null for any object.',
      resolve: ({ objectId }) => objectId ?? null,
    }),
    missing: t.int({
      description: 'How many changes are missing; null if that is not known.',
      resolve: ({ missing }) => missing ?? null,
    }),
  }),
});

const ChangeConnectionRef = builder.objectRef<ChangeConnection>('ChangeConnection').implement({
  description:
    'Changes, the newest first. With a filter, a page may end before `first`: continue with its `endCursor`.',
  fields: (t) => ({
    edges: t.field({
      type: [ChangeEdgeRef],
      nullable: { list: false, items: false },
      description: 'The changes, each with its cursor.',
      resolve: ({ edges }) => [...edges],
    }),
    nodes: t.field({
      type: [ChangeRef],
      nullable: { list: false, items: false },
      description: 'The changes without their cursors.',
      resolve: ({ edges }) => edges.map(({ node }) => node),
    }),
    pageInfo: t.field({
      type: builder.pageInfoRef(),
      nullable: false,
      description: 'Where this page lies in the whole history.',
      resolve: ({ pageInfo }) => pageInfo,
    }),
    gaps: t.field({
      type: [HistoryGapRef],
      nullable: { list: false, items: false },
      description: 'The gaps in the time of this page, at most 100.',
      extensions: upstreamCost({ items: 1 }),
      resolve: async (connection) => [...(await connection.readGaps())],
    }),
  }),
});

const historyList: ListRule = { bound: 'history', search: () => ({ pages: 'none' }) };

/** The changes of the principal's organization; null if it is not kept. */
async function readChanges(
  context: GraphContext,
  filter: HistoryConditions,
  args: ConnectionArgs,
): Promise<ChangeConnection | null> {
  const first = checkFirst(args, context, 'AWS');
  const { cursorKey, copyOf } = context.settings;
  const fingerprint = historyFingerprint(context.principal.name, conditionsKey({ ...filter }));
  const after = args.after == null ? undefined : decodeInventoryCursor(cursorKey, fingerprint, args.after);
  const history = copyOf(context.principal)?.history;
  if (history === undefined) return null;
  const { epoch } = history;
  if (after !== undefined && after.epoch !== epoch) throw expiredInventoryCursor('OTHER_ORGANIZATION');
  const query = { filter, first, after: after?.id };
  const page = await orUnavailable(history.read(query));
  const cursorOf = (id: string) => encodeInventoryCursor(cursorKey, fingerprint, { epoch, key: '', id });
  const edges = page.entries.map((entry) => new ChangeEdge({ entry, history }, cursorOf));
  const { hasMore, end } = page;
  const pageInfo = {
    hasNextPage: hasMore,
    hasPreviousPage: after !== undefined,
    get startCursor() {
      return edges[0]?.cursor ?? null;
    },
    get endCursor() {
      return end === undefined ? null : cursorOf(end);
    },
  };
  return { edges, pageInfo, readGaps: () => orUnavailable(history.gaps(query, page)) };
}

function orUnavailable<T>(reading: Promise<T>): Promise<T> {
  return reading.catch(() => {
    // The store reports its failures itself.
    throw new GraphQLError('The history cannot be read now, as its store does not respond. Retry later.', {
      extensions: { code: 'HISTORY_UNAVAILABLE', reason: null, retryable: true },
    });
  });
}

class ChangeEdge implements Edge<ReadChange> {
  readonly node: ReadChange;
  readonly #cursorOf: (id: string) => string;

  constructor(node: ReadChange, cursorOf: (id: string) => string) {
    this.node = node;
    this.#cursorOf = cursorOf;
  }

  get cursor(): string {
    return this.#cursorOf(this.node.entry.id);
  }
}

HistoryRef.implement({
  description: 'An object whose changes are kept.',
  resolveType: (entity) => entity.typename,
  fields: (t) => ({
    history: t.field({
      type: ChangeConnectionRef,
      description:
        'Its changes, the newest first, with those of its tags, attachments and delegations. Null if the organization is not kept (setting `inventory`). Costs no call.',
      args: connectionArgs,
      extensions: upstreamCost({ list: historyList }),
      resolve: ({ id }, args, context) => readChanges(context, { objectIds: [id] }, args),
    }),
  }),
});

builder.objectField(OrganizationRef, 'history', (t) =>
  t.field({
    type: ChangeConnectionRef,
    description:
      'The changes of the organization, the newest first, also of objects that are gone. Null if the organization is not kept (setting `inventory`). Costs no call.',
    args: { filter: t.arg({ type: HistoryFilter, description: 'Which ones.' }), ...connectionArgs },
    extensions: upstreamCost({ requiresOwnOrganization: true, list: historyList }),
    resolve: (organization, { filter, ...args }, context) => {
      const conditions = filter ?? {};
      checkHistoryFilter(conditions, isAuditor(context));
      return ofOwn(context, organization, () => readChanges(context, conditions, args));
    },
  }),
);
