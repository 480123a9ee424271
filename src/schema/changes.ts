import { handshakeMatches } from '../inventory/filters.ts';
import type { aws } from '../upstream/index.ts';
import type { WatchEvent, WatchOptions } from '../watcher/index.ts';
import { awsEnumFields } from './aws-enum.ts';
import { builder } from './builder.ts';
import { after, implementEventFields, renewSession } from './change-events.ts';
import { noCalls } from './cost/rules.ts';
import { CreateAccountState, createAccountStatusEntity } from './create-account-status.ts';
import { HandshakeState, handshakeEntity } from './handshake.ts';
import { badInput, expectId } from './ids.ts';
import { CreateAccountStatusRef, HandshakeRef, ResponsibilityTransferRef } from './refs.ts';
import { ResponsibilityTransferStatus, transferEntity } from './responsibility-transfer.ts';
import { requires } from './scopes.ts';
import { conditionsKey } from './search/filter-rules.ts';
import { checkHandshakeFilter, HandshakeFilter, type HandshakeFilterShape } from './search/handshake-search.ts';

const previousStateDescription = 'The state before; null unless it changed or was removed.';
/** The watcher has an empty string for a state that AWS did not send. */
const previousState = (event: WatchEvent<unknown>) => event.previousState || null;

const HandshakeEventRef = builder.objectRef<WatchEvent<aws.Handshake>>('HandshakeEvent').implement({
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
  .objectRef<WatchEvent<aws.ResponsibilityTransfer>>('ResponsibilityTransferEvent')
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
  .objectRef<WatchEvent<aws.CreateAccountStatus>>('CreateAccountStatusEvent')
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

for (const ref of [HandshakeEventRef, ResponsibilityTransferEventRef, CreateAccountStatusEventRef])
  implementEventFields(ref);

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
    extensions: { ...noCalls, ...requires('read') },
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
    extensions: { ...noCalls, ...requires('read') },
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
    extensions: { ...noCalls, ...requires('read') },
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
    extensions: { ...noCalls, ...requires('read') },
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
    extensions: { ...noCalls, ...requires('read') },
    subscribe: (_root, args, context) =>
      context.watcher.watch(context.principal, 'inboundResponsibilityTransfers', { after: args.after ?? undefined }),
    resolve: (event, _args, context) => renewSession(event, context),
  }),
  outboundResponsibilityTransferChanges: t.field({
    type: ResponsibilityTransferEventRef,
    nullable: false,
    description: "Changes of the transfers by which the principal's organization hands its own responsibilities over.",
    args: after,
    extensions: { ...noCalls, ...requires('read') },
    subscribe: (_root, args, context) =>
      context.watcher.watch(context.principal, 'outboundResponsibilityTransfers', { after: args.after ?? undefined }),
    resolve: (event, _args, context) => renewSession(event, context),
  }),
  createAccountStatusChanges: t.field({
    type: CreateAccountStatusEventRef,
    nullable: false,
    description: "Changes of one account's creation. Completes after SUCCEEDED or FAILED.",
    args: { id: t.arg.id({ required: true, description: 'The creation to watch.' }), ...after },
    extensions: { ...noCalls, ...requires('read') },
    subscribe: (_root, args, context) =>
      context.watcher.watchCreateAccountStatus(
        context.principal,
        expectId('createAccountStatusChanges(id:)', 'CreateAccountStatus', args.id),
        { after: args.after ?? undefined },
      ),
    resolve: (event, _args, context) => renewSession(event, context),
  }),
}));
