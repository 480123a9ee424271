import type { aws, Input, Item, ListName, Output, ReadName, WallMs } from '../upstream/index.ts';
import { operations } from '../upstream/index.ts';
import type { KeptListName, KeptOrganizationalUnit } from '../watcher/kept-types.ts';
import { queryAccounts } from './account-query.ts';
import { describeReplies } from './described.ts';
import {
  all,
  type Condition,
  handshakeMatches,
  organizationalUnitMatches,
  responsibilityTransferMatches,
  tagsMatch,
} from './filters.ts';
import type { Indexes } from './indexes.ts';
import { type ListReply, listReplies } from './lists.ts';
import { type Found, OrderedList } from './ordered-list.ts';
import { handshakeOrder, type ItemOrder, idOrder } from './orders.ts';
import { policyLevels, policyTree } from './policy-levels.ts';
import { Reading } from './reading.ts';
import { ancestorsOf, isParent, unitIdsUnder } from './tree.ts';
import type {
  AccountQuery,
  AttachedPolicies,
  CopiedList,
  CopyReader,
  Dated,
  HandshakeFilter,
  HandshakeOrder,
  OrganizationalUnitFilter,
  PolicyTree,
  ResponsibilityTransferFilter,
} from './types.ts';

const isList = (operation: ReadName): operation is ListName => 'items' in operations[operation];

export class Reader implements CopyReader {
  readonly #indexes: Indexes;
  readonly #epoch: string;
  readonly #oldest: WallMs;

  /** `epoch`: the id of the organization. */
  constructor(indexes: Indexes, epoch: string, oldest: WallMs) {
    this.#indexes = indexes;
    this.#epoch = epoch;
    this.#oldest = oldest;
  }

  reply<O extends ReadName>(operation: O, input: Input<O>): Dated<Output<O>> | undefined {
    const reading = this.#read();
    return reading.dated(
      isList(operation)
        ? (listReplyPage(reading, operation, input as never) as Output<O> | undefined)
        : describeReplies[operation]?.(reading, input),
    );
  }

  list<O extends ListName>(operation: O, input: Input<O>): CopiedList<Item<O>> | undefined {
    const reading = this.#read();
    const reply: ListReply<O> | undefined = listReplies[operation];
    return this.#list(reading, found(reply?.items(reading, input), reply?.order));
  }

  accounts(query: AccountQuery): CopiedList<aws.Account> | undefined {
    const reading = this.#read();
    return this.#list(reading, queryAccounts(reading, query));
  }

  organizationalUnits({
    tags,
    under,
    ...filter
  }: OrganizationalUnitFilter): CopiedList<aws.OrganizationalUnit> | undefined {
    const reading = this.#read();
    const units = reading.sorted('organizationalUnits', idOrder);
    const tagsOfUnits = tags == null ? undefined : reading.objects('tags');
    if (tags != null && tagsOfUnits === undefined) return undefined;
    const hasTags = tags == null ? undefined : tagsMatch(tags);
    const idsUnder = under == null ? undefined : unitIdsUnder(reading, under);
    const matches = all<KeptOrganizationalUnit>([
      organizationalUnitMatches(filter),
      idsUnder && (({ Id = '' }) => idsUnder.has(Id)),
      hasTags && (({ Id = '' }) => hasTags(tagsOfUnits?.get(Id)?.object.Tags ?? [])),
    ]);
    return this.#list<KeptOrganizationalUnit>(reading, found(units, idOrder, matches));
  }

  handshakes(
    list: 'organizationHandshakes' | 'accountHandshakes',
    filter: HandshakeFilter,
    orderBy: HandshakeOrder | undefined,
  ): CopiedList<aws.Handshake> | undefined {
    const reading = this.#read();
    const order: ItemOrder<aws.Handshake> = orderBy ? handshakeOrder(orderBy) : idOrder;
    return this.#list(reading, found(reading.sorted(list, order), order, handshakeMatches(filter)));
  }

  responsibilityTransfers(
    list: 'inboundResponsibilityTransfers' | 'outboundResponsibilityTransfers',
    filter: ResponsibilityTransferFilter,
  ): CopiedList<aws.ResponsibilityTransfer> | undefined {
    const reading = this.#read();
    const matches = responsibilityTransferMatches(filter);
    return this.#list(reading, found(reading.sorted(list, idOrder), idOrder, matches));
  }

  ancestors(id: string): Dated<readonly string[]> | undefined {
    const reading = this.#read();
    return reading.dated(ancestorsOf(reading, id));
  }

  policyLevels(id: string, type: aws.PolicyType): Dated<readonly AttachedPolicies[]> | undefined {
    const reading = this.#read();
    return reading.dated(policyLevels(reading, id, type));
  }

  policyTree(): Dated<PolicyTree> | undefined {
    const reading = this.#read();
    return reading.dated(policyTree(reading));
  }

  accountCount(parentId: string, descendants: boolean): Dated<number> | undefined {
    const reading = this.#read();
    const { accountsByParent } = this.#indexes;
    if (!isParent(reading, parentId) || !accountsByParent.isComplete) return undefined;
    return reading.dated(reading.objects('accounts') && accountsByParent.count(parentId, descendants));
  }

  size(list: KeptListName): number | undefined {
    return this.#read().objects(list)?.size;
  }

  #read(): Reading {
    return new Reading(this.#indexes, this.#oldest);
  }

  #list<T>(reading: Reading, list: Found<T> | undefined): CopiedList<T> | undefined {
    return list && new OrderedList(this.#epoch, reading.asOf, list);
  }
}

/** Undefined if there are no items to search, because they are not known. */
const found = <T>(
  items: readonly T[] | undefined,
  order: ItemOrder<T> | undefined,
  matches?: Condition<T>,
): Found<T> | undefined => items && order && { items, order, matches };

function listReplyPage<O extends ListName>(reading: Reading, operation: O, input: Input<O>): object | undefined {
  if (input.NextToken !== undefined) return undefined;
  const items = listReplies[operation]?.items(reading, input);
  return items && { [operations[operation].items]: items };
}
