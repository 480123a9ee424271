import { responsibilityTransferMatches } from '../../inventory/filters.ts';
import type { CopyReader, ResponsibilityTransferFilter as TransferConditions } from '../../inventory/types.ts';
import type { aws } from '../../upstream/index.ts';
import { builder } from '../builder.ts';
import { type ConnectionArgs, emptyWhen, readConnection } from '../connection.ts';
import type { GraphContext } from '../context.ts';
import type { ListRule } from '../cost/rules.ts';
import { expectId } from '../ids.ts';
import {
  ResponsibilityTransferStatus,
  ResponsibilityTransferType,
  transferEntity,
} from '../responsibility-transfer.ts';
import { conditionsKey, expectMonth, expectSearchText, expectValues } from './filter-rules.ts';

export const ResponsibilityTransferFilter = builder.inputType('ResponsibilityTransferFilter', {
  description: 'Selects transfers. All given conditions must hold. Months are in UTC, written `2026-12`.',
  fields: (t) => ({
    statuses: t.field({ type: [ResponsibilityTransferStatus], description: 'The transfer has one of these statuses.' }),
    text: t.string({
      description: 'Its name or id, or an e-mail address or id of its accounts, contains this, in any case.',
    }),
    startsInMonth: t.string({ description: 'It starts in this month.' }),
    endsInMonth: t.string({ description: 'It was withdrawn and ends in this month.' }),
    billedInMonth: t.string({
      description: 'It was accepted, and transfers the bill of this month or of a part of it.',
    }),
  }),
});

export const transferArgs = builder.args((t) => ({
  type: t.field({
    type: ResponsibilityTransferType,
    required: true,
    defaultValue: 'BILLING',
    description: 'The responsibility.',
  }),
  id: t.id({ description: 'Only the transfer with this id.' }),
  filter: t.field({ type: ResponsibilityTransferFilter, description: 'Which ones.' }),
}));

/** Which transfers are read. */
export interface TransferSearch {
  readonly type: aws.ResponsibilityTransferType;
  readonly id?: string | null | undefined;
  readonly filter?: TransferConditions | null | undefined;
}

/** @throws GraphQLError BAD_USER_INPUT for the first invalid condition. */
function checkTransferFilter(filter: TransferConditions | null | undefined): void {
  expectValues('filter.statuses', filter?.statuses);
  expectSearchText('filter.text', filter?.text);
  expectMonth('filter.startsInMonth', filter?.startsInMonth);
  expectMonth('filter.endsInMonth', filter?.endsInMonth);
  expectMonth('filter.billedInMonth', filter?.billedInMonth);
}

const source = { key: (transfer: aws.ResponsibilityTransfer) => transfer.Id, node: transferEntity };

/** @throws GraphQLError BAD_USER_INPUT for an invalid id or filter. */
export function readInboundTransfers(
  context: GraphContext,
  { type, id, filter }: TransferSearch,
  args: ConnectionArgs,
) {
  const only = id == null ? {} : { Id: expectId('inboundResponsibilityTransfers(id:)', 'ResponsibilityTransfer', id) };
  const list = { operation: 'ListInboundResponsibilityTransfers', input: { Type: type, ...only } } as const;
  return emptyWhen(
    'ResponsibilityTransferNotFoundException',
    readConnection(
      context,
      { ...list, ...source, filter: itemFilter(filter), ...copied('inboundResponsibilityTransfers', id, filter) },
      args,
    ),
  );
}

/**
 * AWS finds an outbound transfer by id in no other way than from the list, which has one that is active.
 * @throws GraphQLError BAD_USER_INPUT for an invalid id or filter.
 */
export function readOutboundTransfers(
  context: GraphContext,
  { type, id, filter }: TransferSearch,
  args: ConnectionArgs,
) {
  if (id != null) expectId('outboundResponsibilityTransfers(id:)', 'ResponsibilityTransfer', id);
  const list = { operation: 'ListOutboundResponsibilityTransfers', input: { Type: type } } as const;
  return readConnection(
    context,
    { ...list, ...source, filter: itemFilter(filter, id), ...copied('outboundResponsibilityTransfers', id, filter) },
    args,
  );
}

/** How the copy of the organization answers a search. It has no search by id. */
const copied = (
  list: 'inboundResponsibilityTransfers' | 'outboundResponsibilityTransfers',
  id: string | null | undefined,
  filter: TransferConditions | null | undefined,
) =>
  id == null && {
    copied: {
      conditions: conditionsKey({ ...filter }),
      list: (reader: CopyReader) => reader.responsibilityTransfers(list, filter ?? {}),
    },
  };

function itemFilter(filter: TransferConditions | null | undefined, id?: string | null) {
  checkTransferFilter(filter);
  const key = conditionsKey({ ...filter, id });
  if (key === '{}') return undefined;
  const matches = responsibilityTransferMatches(filter ?? {});
  return {
    key,
    matches: (transfer: aws.ResponsibilityTransfer) => (id == null || transfer.Id === id) && matches(transfer),
  };
}

type Args = Readonly<Record<string, unknown>>;

const isFiltered = ({ filter }: Args): boolean => filter != null && conditionsKey(filter) !== '{}';

/** The maximum number of transfers that are found; undefined without a bound. */
const maxFound = ({ id }: Args): { readonly maxItems?: number } => (id == null ? {} : { maxItems: 1 });

/** The cost of the lists of transfers: to their end if the gateway applies conditions. AWS finds an inbound one by id. */
export const inboundTransfersCost = {
  bound: 'accounts',
  search: (args) => (args['id'] == null && isFiltered(args) ? { pages: 'all' } : maxFound(args)),
} as const satisfies ListRule;
export const outboundTransfersCost = {
  bound: 'accounts',
  search: (args) => (args['id'] != null || isFiltered(args) ? { pages: 'all', ...maxFound(args) } : undefined),
} as const satisfies ListRule;
