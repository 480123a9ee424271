import type { Principal } from '../principal/principal.ts';
import { builder } from './builder.ts';
import { connectionArgs, readConnection } from './connection.ts';
import { costs, free } from './cost/rules.ts';
import { awsFilter, HandshakeConnection, HandshakeFilter, wholeHandshake } from './handshake.ts';
import { requires } from './scopes.ts';

const PrincipalRef = builder.objectRef<Principal>('Principal').implement({
  description:
    'A named set of AWS credentials: as whom the gateway calls AWS. Choose one with the header `x-orgql-principal`.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'The name to choose it by.' }),
    accountId: t.id({
      description: 'The account that the credentials belong to. Asked from STS when the configuration does not say.',
      extensions: free,
      resolve: (principal, _args, { session }) => session.accountId(principal),
    }),
  }),
});

/** The viewer has nothing of its own: all that it tells is in the context. */
const ViewerRef = builder.objectRef<Record<never, never>>('Viewer').implement({
  description: 'Who asks, and as whom.',
  fields: (t) => ({
    caller: t.string({
      nullable: false,
      description: 'Who sent the request; `anonymous` when the gateway does not authenticate.',
      extensions: free,
      resolve: (_viewer, _args, context) => context.caller.name,
    }),
    principal: t.field({
      type: PrincipalRef,
      nullable: false,
      description: 'As whom AWS is called for this operation.',
      extensions: free,
      resolve: (_viewer, _args, context) => context.principal,
    }),
    principals: t.field({
      type: [PrincipalRef],
      nullable: { list: false, items: false },
      description: 'All principals that the caller may choose; the first is the default.',
      // However many there are: nothing of theirs is a call of AWS Organizations.
      extensions: costs({ items: 1 }),
      resolve: (_viewer, _args, context) => [...context.principals],
    }),
    handshakes: t.field({
      type: HandshakeConnection,
      description:
        "Handshakes that the principal's account received. Read from ListHandshakesForAccount; works for accounts in no organization too.",
      args: { filter: t.arg({ type: HandshakeFilter, description: 'Which ones.' }), ...connectionArgs },
      extensions: costs({ list: { longest: 'accounts' } }),
      resolve: (_viewer, { filter, ...args }, context) =>
        readConnection(
          context,
          {
            operation: 'ListHandshakesForAccount',
            input: awsFilter(filter),
            key: (handshake) => handshake.Id,
            node: wholeHandshake,
          },
          args,
        ),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    nullable: false,
    description: 'Who asks, and as whom. Costs nothing by itself.',
    extensions: requires(null),
    resolve: () => ({}),
  }),
);
