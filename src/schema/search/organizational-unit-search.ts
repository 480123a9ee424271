import { organizationalUnitMatches } from '../../inventory/filters.ts';
import { type ItemOrder, positionOf } from '../../inventory/orders.ts';
import type { OrganizationalUnitFilter as UnitConditions } from '../../inventory/types.ts';
import { type aws, UpstreamError } from '../../upstream/index.ts';
import { builder } from '../builder.ts';
import type { Connection, ConnectionArgs, ListSource } from '../connection.ts';
import type { GraphContext } from '../context.ts';
import { copiedConnection } from '../copied-connection.ts';
import { type Entity, mapMaybePromise } from '../entity.ts';
import { loadOnlyRoot } from '../loaders/objects-by-id.ts';
import { readAllItems } from '../loaders/replies.ts';
import { wholeOrganizationalUnit } from '../organizational-unit.ts';
import { conditionsKey, expectParentId, expectSearchText, expectTags } from './filter-rules.ts';
import { TagFilter } from './inputs.ts';
import { refuseWithoutInventory } from './inventory-required.ts';
import { indexAfter, type PositionedList, readPositionedList } from './positioned-list.ts';

export const OrganizationalUnitFilter = builder.inputType('OrganizationalUnitFilter', {
  description:
    'Selects organizational units. All given conditions must hold. Texts ignore case and compare after Unicode NFC.',
  fields: (t) => ({
    nameContains: t.string({ description: 'The name contains this.' }),
    under: t.id({ description: 'The unit is below this root or organizational unit, on any level.' }),
    tags: t.field({ type: [TagFilter], description: 'Conditions on tags, at most 50. Needs the inventory.' }),
  }),
});

/** @throws GraphQLError BAD_USER_INPUT for the first invalid condition. */
function checkUnitFilter(filter: UnitConditions | null | undefined): void {
  expectSearchText('filter.nameContains', filter?.nameContains);
  expectParentId('filter.under', filter?.under);
  expectTags('filter.tags', filter?.tags);
}

/**
 * Reads a connection of the units of the whole organization: AWS lists them per parent, so that there is a call for
 * each parent, level by level, until `first` units match.
 * @throws GraphQLError BAD_USER_INPUT for an invalid filter, INVENTORY_REQUIRED for `tags`.
 */
export function readOrganizationalUnits(
  context: GraphContext,
  filter: UnitConditions | null | undefined,
  args: ConnectionArgs,
): Connection<Entity<'OrganizationalUnit'>> | Promise<Connection<Entity<'OrganizationalUnit'>>> {
  checkUnitFilter(filter);
  const conditions = conditionsKey({ ...filter });
  const copied = copiedConnection(context, copiedSource(filter, conditions), args);
  if (copied !== undefined) return copied;
  refuseWithoutInventory('filter.tags', filter?.tags);
  // The place in the tree decides where the reading starts, so that units without a path are found, too.
  const matches = organizationalUnitMatches({ ...filter, under: null });
  const units = () => unitsByLevel(context, filter?.under ?? undefined, ({ unit }) => matches(unit));
  const list: PositionedList<UnitInTree, Entity<'OrganizationalUnit'>> = {
    request: { operation: 'ListOrganizationalUnitsForParent', input: {} },
    conditions,
    node: ({ unit }) => wholeOrganizationalUnit(unit),
    positionOf: (unit) => positionOf(treeOrder, unit),
    async read(after, first) {
      const items: UnitInTree[] = [];
      for await (const some of units()) {
        items.push(...(after === undefined ? some : some.slice(indexAfter(some, treeOrder, after))));
        if (items.length >= first) return { items: items.slice(0, first), hasNextPage: true };
      }
      return { items, hasNextPage: false };
    },
    async count() {
      let total = 0;
      for await (const some of units()) total += some.length;
      return total;
    },
  };
  return readPositionedList(context, list, args);
}

/** How the copy of the organization answers a search. */
const copiedSource = (
  filter: UnitConditions | null | undefined,
  conditions: string,
): ListSource<'ListOrganizationalUnitsForParent', Entity<'OrganizationalUnit'>> => ({
  operation: 'ListOrganizationalUnitsForParent',
  // Of no parent: the units of all of them.
  input: { ParentId: undefined },
  key: (unit) => unit.Id,
  node: wholeOrganizationalUnit,
  copied: { conditions, list: (reader) => reader.organizationalUnits(filter ?? {}) },
});

interface UnitInTree {
  readonly unit: aws.OrganizationalUnit;
  /** Below where the reading starts. */
  readonly level: number;
  /**
   * The ids of the units above it and its own. Ids of one organization have `-` at the same places, so that texts
   * compare as paths do.
   */
  readonly path: string;
}

const plain = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * By level, siblings by id: AWS documents no order of its lists, and cursors must continue in a list that is read anew.
 */
const treeOrder: ItemOrder<UnitInTree> = {
  name: 'TREE',
  id: ({ path }) => path,
  key: ({ level }) => level,
  compareKeys: plain,
  compare: (a, b) => plain(a.level, b.level) || plain(a.path, b.path),
};

/** How many lists are read at a time. AWS allows 8 such calls at once, and 5 a second. */
const PARALLEL_READS = 8;

/** The matching units in the order of the tree, some at a time. */
async function* unitsByLevel(
  context: GraphContext,
  under: string | undefined,
  matches: (unit: UnitInTree) => boolean,
): AsyncGenerator<readonly UnitInTree[], void, undefined> {
  const top = under ?? (await mapMaybePromise(loadOnlyRoot(context), (root) => root?.Id));
  let parents: readonly (UnitInTree | undefined)[] = top === undefined ? [] : [undefined];
  for (let level = 1; parents.length > 0; level += 1) {
    const children: UnitInTree[] = [];
    for (let next = 0; next < parents.length; next += PARALLEL_READS) {
      const read = await Promise.all(
        parents.slice(next, next + PARALLEL_READS).map(async (parent) => {
          const units = await childrenOf(context, parent?.unit.Id ?? top ?? '');
          return units.map((unit) => ({ unit, level, path: `${parent?.path ?? ''}/${unit.Id}` }));
        }),
      );
      const found = read.flat().sort(treeOrder.compare);
      children.push(...found);
      yield found.filter(matches);
    }
    parents = children;
  }
}

/** The units directly in a parent; none if there is no such parent, or no more. */
async function childrenOf(context: GraphContext, parentId: string): Promise<readonly aws.OrganizationalUnit[]> {
  try {
    return await readAllItems(context, {
      operation: 'ListOrganizationalUnitsForParent',
      input: { ParentId: parentId },
    });
  } catch (error) {
    if (error instanceof UpstreamError && error.code === 'ParentNotFoundException') return [];
    throw error;
  }
}
