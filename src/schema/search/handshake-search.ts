import { handshakeMatches } from '../../inventory/filters.ts';
import { handshakeOrder } from '../../inventory/orders.ts';
import type { CopyReader, HandshakeFilter as HandshakeConditions } from '../../inventory/types.ts';
import type { aws } from '../../upstream/index.ts';
import { builder } from '../builder.ts';
import type { ConnectionArgs } from '../connection.ts';
import type { GraphContext } from '../context.ts';
import type { ListRule } from '../cost/rules.ts';
import { ActionType, HandshakeState, handshakeEntity } from '../handshake.ts';
import { expectId } from '../ids.ts';
import { conditionsKey, expectSearchText, expectValues } from './filter-rules.ts';
import { OrderDirection } from './inputs.ts';
import { readList, searchKey } from './positioned-list.ts';

export const HandshakeFilter = builder.inputType('HandshakeFilter', {
  description:
    'Selects handshakes. All given conditions must hold. AWS accepts only one of `actionType` and `parentHandshakeId`.',
  fields: (t) => ({
    actionType: t.field({ type: ActionType, description: 'Only handshakes with this action.' }),
    parentHandshakeId: t.id({ description: 'Only the handshakes that belong to this one.' }),
    states: t.field({
      type: [HandshakeState],
      description: 'Only handshakes in one of these states. For lists only: subscriptions report every state.',
    }),
    text: t.string({
      description: 'Its id, or a name, e-mail address or id of its parties and resources, contains this, in any case.',
    }),
    expiresBefore: t.field({ type: 'DateTime', description: 'Only handshakes that expire before this.' }),
  }),
});

export type HandshakeFilterShape = typeof HandshakeFilter.$inferInput;

const HandshakeOrderField = builder.enumType('HandshakeOrderField', {
  description: 'What handshakes are ordered by.',
  values: {
    EXPIRES: { description: 'When the handshake expires.' },
    REQUESTED: { description: 'When the handshake was sent.' },
  },
});

export const HandshakeOrder = builder.inputType('HandshakeOrder', {
  description: 'An order of handshakes. Handshakes that compare equal are ordered by id.',
  fields: (t) => ({
    field: t.field({ type: HandshakeOrderField, required: true, description: 'What to order by.' }),
    direction: t.field({ type: OrderDirection, required: true, defaultValue: 'ASC', description: 'The direction.' }),
  }),
});

/** @throws GraphQLError BAD_USER_INPUT for the first invalid condition. */
export function checkHandshakeFilter(filter: HandshakeConditions | null | undefined): void {
  if (filter?.parentHandshakeId != null) expectId('filter.parentHandshakeId', 'Handshake', filter.parentHandshakeId);
  expectValues('filter.states', filter?.states);
  expectSearchText('filter.text', filter?.text);
}

/**
 * Reads a connection of handshakes. AWS filters by action or parent; the gateway applies the other conditions, and
 * reads until `first` handshakes match. For an order it reads the whole list.
 * @throws GraphQLError BAD_USER_INPUT for an invalid filter.
 */
export function readHandshakes(
  context: GraphContext,
  operation: 'ListHandshakesForOrganization' | 'ListHandshakesForAccount',
  search: Pick<HandshakeFilterArgs, 'filter' | 'orderBy'>,
  args: ConnectionArgs,
) {
  const { filter, orderBy } = search;
  checkHandshakeFilter(filter);
  const { actionType, parentHandshakeId, ...own } = filter ?? {};
  const key = conditionsKey(own);
  const order = orderBy == null ? undefined : handshakeOrder(orderBy);
  const list = operation === 'ListHandshakesForOrganization' ? 'organizationHandshakes' : 'accountHandshakes';
  const source = {
    operation,
    input: filter == null ? {} : { Filter: awsFilter(actionType, parentHandshakeId) },
    key: (handshake: aws.Handshake) => handshake.Id,
    node: handshakeEntity,
    filter: key === '{}' ? undefined : { key, matches: handshakeMatches(own) },
    copied: {
      conditions: searchKey({ key }, order),
      list: (reader: CopyReader) => reader.handshakes(list, filter ?? {}, orderBy ?? undefined),
    },
  } as const;
  return readList(context, source, order, args);
}

interface HandshakeFilterArgs {
  readonly filter?: HandshakeFilterShape | null | undefined;
  readonly orderBy?: typeof HandshakeOrder.$inferInput | null | undefined;
}

/** The filter as a member of AWS's request. */
const awsFilter = (
  actionType: HandshakeFilterShape['actionType'],
  parentId: string | null | undefined,
): aws.HandshakeFilter => ({
  ...(actionType == null ? {} : { ActionType: actionType }),
  ...(parentId == null ? {} : { ParentHandshakeId: parentId }),
});

/** The cost of a list of handshakes: to its end if the gateway applies conditions or an order. */
export const handshakeListCost = {
  bound: 'accounts',
  search({ filter, orderBy }) {
    const { states, text, expiresBefore } = (filter ?? {}) as HandshakeFilterShape;
    const isApplied = [orderBy, states, text, expiresBefore].some((given) => given != null);
    return isApplied ? { pages: 'all' } : undefined;
  },
} as const satisfies ListRule;
