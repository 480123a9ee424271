import { handshakeMatches } from '../inventory/filters.ts';
import type { aws } from '../upstream/index.ts';
import type { WatchEvent, WatchEventType, WatchOptions } from '../watcher/index.ts';
import { awsEnumFields } from './aws-enum.ts';
import { builder } from './builder.ts';
import type { GraphContext } from './context.ts';
import { free } from './cost/rules.ts';
import { CreateAccountState, createAccountStatusEntity } from './create-account-status.ts';
import { HandshakeState, handshakeEntity } from './handshake.ts';
import { badInput, expectId } from './ids.ts';
import { CreateAccountStatusRef, HandshakeRef, ResponsibilityTransferRef } from './refs.ts';
import { ResponsibilityTransferStatus, transferEntity } from './responsibility-transfer.ts';
import { requires } from './scopes.ts';
import { conditionsKey } from './search/filter-rules.ts';
import { checkHandshakeFilter, HandshakeFilter, type HandshakeFilterShape } from './search/handshake-search.ts';

const ChangeType = builder.enumType('ChangeType', {
  description: 'The type of an event.',
  values: {
    SNAPSHOT: { description: 'The object as it is when the subscription begins.' },
    BOOKMARK: {
      description:
        'The end of the initial snapshot, or of the missed events; the object is null. Also sent periodically, so that the cursor of an idle subscriber does not expire.',
    },
    ADDED: { description: 'The object is new.' },
    CHANGED: { description: 'The object has changed.' },
    REMOVED: {
      description:
        'The object is no longer in the list; the event has its last state. AWS removes handshakes 30 days after their final state.',
    },
  } satisfies Record<WatchEventType, object>,
});

const after = builder.args((t) => ({
  after: t.string({
    description: 'Cursor of the last event received: the missed events come first, instead of a snapshot.',
  }),
}));

type Event<T> = WatchEvent<T>;

/** Gives each event its own session, so that its calls have their own cache, cost and deadline. */
function renewSession<T>(event: Event<T>, context: GraphContext): Event<T> {
  context.renewSession();
  return event;
}

const previousStateDescription = 'The state before; null unless it changed or was removed.';
/** The watcher has an empty string for a state that AWS did not send. */
const previousState = (event: Event<unknown>) => event.previousState || null;

const HandshakeEventRef = builder.objectRef<Event<aws.Handshake>>('HandshakeEvent').implement({
  description: 'A change of a handshake.',
  fields: (t) => ({
    ...awsEnumFields(t, 'previousState', HandshakeState, { description: previousStateDescription }, previousState),
    handshake: t.field({
      type: HandshakeRef,
      description: 'The handshake as it is now; null in a BOOKMARK.',
      resolve: (event) => event.object && handshakeEntity(event.object),
    }),
  }),
});

const ResponsibilityTransferEventRef = builder
  .objectRef<Event<aws.ResponsibilityTransfer>>('ResponsibilityTransferEvent')
  .implement({
    description: 'A change of a responsibility transfer.',
    fields: (t) => ({
      ...awsEnumFields(
        t,
        'previousStatus',
        ResponsibilityTransferStatus,
        { description: 'The status before; null unless it changed or was removed.' },
        previousState,
      ),
      responsibilityTransfer: t.field({
        type: ResponsibilityTransferRef,
        description: 'The transfer as it is now; null in a BOOKMARK.',
        resolve: (event) => event.object && transferEntity(event.object),
      }),
    }),
  });

const CreateAccountStatusEventRef = builder
  .objectRef<Event<aws.CreateAccountStatus>>('CreateAccountStatusEvent')
  .implement({
    description: "A change of an account's creation.",
    fields: (t) => ({
      ...awsEnumFields(
        t,
        'previousState',
        CreateAccountState,
        { description: previousStateDescription },
        previousState,
      ),
      createAccountStatus: t.field({
        type: CreateAccountStatusRef,
        description: 'The creation as it is now; null in a BOOKMARK.',
        resolve: (event) => event.object && createAccountStatusEntity(event.object),
      }),
    }),
  });

for (const ref of [HandshakeEventRef, ResponsibilityTransferEventRef, CreateAccountStatusEventRef]) {
  builder.objectFields(ref, (t) => ({
    cursor: t.exposeString('cursor', {
      nullable: false,
      description: 'Opaque; `after: cursor` resumes after this event.',
    }),
    type: t.field({
      type: ChangeType,
      nullable: false,
      description: 'The type of the event.',
      resolve: (event) => event.type,
    }),
    reset: t.exposeBoolean('reset', {
      nullable: false,
      description:
        'True in the SNAPSHOT events and in the BOOKMARK that ends them: discard the objects of earlier events and keep these. With `after`, it means that the missed events are no longer retained.',
    }),
    observedAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When the gateway observed it.',
      resolve: (event) => event.observedAt,
    }),
  }));
}

/**
 * The gateway filters events itself, so that all subscribers share one poller.
 * @throws GraphQLError BAD_USER_INPUT for an invalid filter, and for `states`: a handshake would never leave them.
 */
function filterOptions(
  filter: HandshakeFilterShape | null | undefined,
): Pick<WatchOptions<aws.Handshake>, 'match' | 'filter'> {
  checkHandshakeFilter(filter);
  if (filter?.states != null)
    throw badInput(
      'filter.states',
      'subscriptions report a handshake in all its states. Leave it out, and select `handshake { state }`.',
    );
  const key = conditionsKey({ ...filter });
  return key === '{}' ? {} : { filter: key, match: handshakeMatches(filter ?? {}) };
}

builder.subscriptionFields((t) => ({
  handshakeChanges: t.field({
    type: HandshakeEventRef,
    nullable: false,
    description: 'Changes of one handshake that the principal sent or received. Completes after its final state.',
    args: { id: t.arg.id({ required: true, description: 'The handshake to watch.' }), ...after },
    extensions: { ...free, ...requires('read') },
    subscribe: (_root, args, context) =>
      context.watcher.watchHandshake(context.principal, expectId('handshakeChanges(id:)', 'Handshake', args.id), {
        after: args.after ?? undefined,
      }),
    resolve: (event, _args, context) => renewSession(event, context),
  }),
  accountHandshakeChanges: t.field({
    type: HandshakeEventRef,
    nullable: false,
    description: "Changes of the handshakes that the principal's account received.",
    args: { filter: t.arg({ type: HandshakeFilter, description: 'Which ones.' }), ...after },
    extensions: { ...free, ...requires('read') },
    subscribe: (_root, args, context) =>
      context.watcher.watch(context.principal, 'accountHandshakes', {
        after: args.after ?? undefined,
        ...filterOptions(args.filter),
      }),
    resolve: (event, _args, context) => renewSession(event, context),
  }),
  organizationHandshakeChanges: t.field({
    type: HandshakeEventRef,
    nullable: false,
    description:
      "Changes of the handshakes that the principal's organization sent. For the management account and delegated administrators.",
    args: { filter: t.arg({ type: HandshakeFilter, description: 'Which ones.' }), ...after },
    extensions: { ...free, ...requires('read') },
    subscribe: (_root, args, context) =>
      context.watcher.watch(context.principal, 'organizationHandshakes', {
        after: args.after ?? undefined,
        ...filterOptions(args.filter),
      }),
    resolve: (event, _args, context) => renewSession(event, context),
  }),
  responsibilityTransferChanges: t.field({
    type: ResponsibilityTransferEventRef,
    nullable: false,
    description:
      'Changes of one transfer. Completes after a status that is final: DECLINED, CANCELED, EXPIRED or WITHDRAWN.',
    args: { id: t.arg.id({ required: true, description: 'The transfer to watch.' }), ...after },
    extensions: { ...free, ...requires('read') },
    subscribe: (_root, args, context) =>
      context.watcher.watchResponsibilityTransfer(
        context.principal,
        expectId('responsibilityTransferChanges(id:)', 'ResponsibilityTransfer', args.id),
        { after: args.after ?? undefined },
      ),
    resolve: (event, _args, context) => renewSession(event, context),
  }),
  inboundResponsibilityTransferChanges: t.field({
    type: ResponsibilityTransferEventRef,
    nullable: false,
    description: "Changes of the transfers by which the principal's organization takes over others' responsibilities.",
    args: after,
    extensions: { ...free, ...requires('read') },
    subscribe: (_root, args, context) =>
      context.watcher.watch(context.principal, 'inboundResponsibilityTransfers', { after: args.after ?? undefined }),
    resolve: (event, _args, context) => renewSession(event, context),
  }),
  outboundResponsibilityTransferChanges: t.field({
    type: ResponsibilityTransferEventRef,
    nullable: false,
    description: "Changes of the transfers by which the principal's organization hands its own responsibilities over.",
    args: after,
    extensions: { ...free, ...requires('read') },
    subscribe: (_root, args, context) =>
      context.watcher.watch(context.principal, 'outboundResponsibilityTransfers', { after: args.after ?? undefined }),
    resolve: (event, _args, context) => renewSession(event, context),
  }),
  createAccountStatusChanges: t.field({
    type: CreateAccountStatusEventRef,
    nullable: false,
    description: "Changes of one account's creation. Completes after SUCCEEDED or FAILED.",
    args: { id: t.arg.id({ required: true, description: 'The creation to watch.' }), ...after },
    extensions: { ...free, ...requires('read') },
    subscribe: (_root, args, context) =>
      context.watcher.watchCreateAccountStatus(
        context.principal,
        expectId('createAccountStatusChanges(id:)', 'CreateAccountStatus', args.id),
        { after: args.after ?? undefined },
      ),
    resolve: (event, _args, context) => renewSession(event, context),
  }),
}));
