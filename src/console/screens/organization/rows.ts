import type { TreeItem } from '../../components/tree.tsx';
import type { GroupNode, OrganizationTree, TreeNode } from '../../data/organization/tree.ts';
import type { Matches } from './search.ts';

export interface OrganizationItem extends TreeItem {
  readonly node: TreeNode;
  /** Without a search, undefined. */
  readonly matching: number | undefined;
  /** A unit without a match is gray. */
  readonly isDimmed: boolean;
}

/** Up to this many accounts, the units below the root are open from the start. */
const SMALL = 300;

/** Units that the reader has opened or closed. */
export type Toggled = ReadonlyMap<string, boolean>;

/** The nodes that are shown, in their order. Of a search, matching accounts and all units. */
export function rowsOf(tree: OrganizationTree, matches: Matches | undefined, toggled: Toggled): OrganizationItem[] {
  const found = matches && new Set(matches.accounts);
  const shownUnits = matches && ancestorsOfUnits(tree, matches.units);
  const isSmall = tree.accountCount <= SMALL;
  const items: OrganizationItem[] = [];

  const isOpen = (group: GroupNode): boolean => {
    const own = toggled.get(group.id);
    if (own !== undefined) return own;
    if (matches === undefined) return group.depth === 0 || (isSmall && group.depth === 1 && hasAccounts(group));
    return group.depth === 0 || (matches.counts.get(group.id) ?? 0) > 0 || shownUnits?.has(group.id) === true;
  };
  const isLive = (group: GroupNode): boolean =>
    matches === undefined ||
    (matches.counts.get(group.id) ?? 0) > 0 ||
    matches.units.has(group.id) ||
    shownUnits?.has(group.id) === true;

  const add = (group: GroupNode, position: number, setSize: number) => {
    const open = isOpen(group);
    const isLeaf = group.units.length === 0 && group.accounts.length === 0;
    const matching = matches && (matches.counts.get(group.id) ?? 0);
    items.push({
      key: group.id,
      node: group,
      level: group.depth + 1,
      position,
      setSize,
      isOpen: isLeaf ? undefined : open,
      matching,
      isDimmed: !isLive(group),
    });
    if (isLeaf || !open) return;
    // A unit without a match, which the reader opens, shows what it holds.
    const accounts =
      found && !(matching === 0) ? group.accounts.filter((account) => found.has(account)) : group.accounts;
    const units = matches
      ? [...group.units.filter(isLive), ...group.units.filter((unit) => !isLive(unit))]
      : group.units;
    const size = accounts.length + units.length;
    accounts.forEach((account, at) => {
      items.push({
        key: account.id,
        node: account,
        level: account.depth + 1,
        position: at + 1,
        setSize: size,
        isOpen: undefined,
        matching: undefined,
        isDimmed: found !== undefined && !found.has(account),
      });
    });
    units.forEach((unit, at) => {
      add(unit, accounts.length + at + 1, size);
    });
  };
  add(tree.root, 1, 1);
  return items;
}

const hasAccounts = (group: GroupNode): boolean => group.accountCount > 0;

function ancestorsOfUnits({ nodes }: OrganizationTree, ids: ReadonlySet<string>): ReadonlySet<string> {
  const above = new Set<string>();
  for (const id of ids)
    for (let node = nodes.get(id)?.parent; node !== undefined; node = node.parent) above.add(node.id);
  return above;
}
