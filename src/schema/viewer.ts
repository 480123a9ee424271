import type { Principal } from '../principal/principal.ts';
import { builder } from './builder.ts';
import { connectionArgs } from './connection.ts';
import { noCalls, upstreamCost } from './cost/rules.ts';
import { HandshakeConnection } from './handshake.ts';
import { requires } from './scopes.ts';
import { HandshakeFilter, handshakeListCost, readHandshakes } from './search/handshake-search.ts';

const PrincipalRef = builder.objectRef<Principal>('Principal').implement({
  description:
    'A named set of AWS credentials with which the gateway calls AWS. Choose one with the header `x-orgql-principal`.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'The name to choose it by.' }),
    accountId: t.id({
      description: 'The account of the credentials. Read from STS if the configuration does not name it.',
      extensions: noCalls,
      resolve: (principal, _args, { session }) => session.accountId(principal),
    }),
  }),
});

/** The viewer has no data of its own: its fields are in the context. */
const ViewerRef = builder.objectRef<Record<never, never>>('Viewer').implement({
  description: 'The caller and its principals.',
  fields: (t) => ({
    caller: t.string({
      nullable: false,
      description: "The caller's name; `anonymous` if the gateway does not authenticate.",
      extensions: noCalls,
      resolve: (_viewer, _args, context) => context.caller.name,
    }),
    scopes: t.stringList({
      nullable: false,
      description: "The caller's scopes, such as `read`: what it may do.",
      extensions: noCalls,
      resolve: (_viewer, _args, context) => [...context.caller.scopes].sort(),
    }),
    principal: t.field({
      type: PrincipalRef,
      nullable: false,
      description: 'The principal of this operation.',
      extensions: noCalls,
      resolve: (_viewer, _args, context) => context.principal,
    }),
    principals: t.field({
      type: [PrincipalRef],
      nullable: { list: false, items: false },
      description: 'All principals that the caller may choose; the first is the default.',
      // Their number does not matter: no field of a principal calls AWS Organizations.
      extensions: upstreamCost({ items: 1 }),
      resolve: (_viewer, _args, context) => [...context.principals],
    }),
    handshakes: t.field({
      type: HandshakeConnection,
      description:
        "Handshakes that the principal's account received. Read from ListHandshakesForAccount; works for accounts in no organization too.",
      args: { filter: t.arg({ type: HandshakeFilter, description: 'Which ones.' }), ...connectionArgs },
      extensions: upstreamCost({ list: handshakeListCost }),
      resolve: (_viewer, { filter, ...args }, context) =>
        readHandshakes(context, 'ListHandshakesForAccount', { filter }, args),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    nullable: false,
    description: 'The caller and its principals. Costs no AWS call.',
    extensions: requires(null),
    resolve: () => ({}),
  }),
);
