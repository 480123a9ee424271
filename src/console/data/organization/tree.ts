import { fold } from '../text.ts';
import type { AccountRow, AccountTagsRow, AttachmentRow, PolicyRow, UnitRow } from './lists.ts';

interface NodeMembers {
  readonly id: string;
  readonly name: string;
  /** The root has none. */
  readonly parent: GroupNode | undefined;
  /** 0 for the root. */
  readonly depth: number;
}

/** The root or a unit. */
export interface GroupNode extends NodeMembers {
  readonly kind: 'root' | 'unit';
  readonly units: GroupNode[];
  readonly accounts: AccountNode[];
  /** In the whole subtree. */
  accountCount: number;
}

export interface AccountNode extends NodeMembers {
  readonly kind: 'account';
  readonly parent: GroupNode;
  readonly row: AccountRow;
  /** Undefined while they are not known. */
  readonly tags: readonly { readonly key: string; readonly value: string }[] | undefined;
  /** Name, e-mail address and id, as the search compares them. */
  readonly text: string;
}

export type TreeNode = GroupNode | AccountNode;

/** The tree of an organization. Units and accounts are in the order of their names. */
export interface OrganizationTree {
  readonly root: GroupNode;
  readonly nodes: ReadonlyMap<string, TreeNode>;
  /** From the root down, accounts of a unit before its units. */
  readonly accounts: readonly AccountNode[];
  readonly unitCount: number;
}

interface TreeInput {
  readonly root: { readonly id: string; readonly name: string | null };
  readonly units: Iterable<UnitRow>;
  readonly accounts: Iterable<AccountRow>;
  readonly tags: ReadonlyMap<string, AccountTagsRow>;
}

const collator = new Intl.Collator('en', { numeric: true });

/**
 * Builds the tree. An object whose parent is not known yet is put below the root: lists are read one after the other,
 * and it must not be missing meanwhile.
 */
export function buildTree({ root: { id, name }, units, accounts, tags }: TreeInput): OrganizationTree {
  const root: GroupNode = groupNode('root', id, name || 'Root', undefined);
  const nodes = new Map<string, TreeNode>([[id, root]]);
  const rows = new Map([...units].map((row) => [row.id, row]));
  const place = (row: UnitRow, below: ReadonlySet<string>): GroupNode => {
    const known = nodes.get(row.id);
    if (known !== undefined && known.kind !== 'account') return known;
    const parentRow = row.parent === null || below.has(row.parent.id) ? undefined : rows.get(row.parent.id);
    const parent = parentRow === undefined ? root : place(parentRow, new Set([...below, row.id]));
    const node = groupNode('unit', row.id, row.name || row.id, parent);
    parent.units.push(node);
    nodes.set(row.id, node);
    return node;
  };
  for (const row of rows.values()) place(row, new Set());
  for (const row of accounts) {
    const found = row.parent === null ? undefined : nodes.get(row.parent.id);
    const parent = found === undefined || found.kind === 'account' ? root : found;
    const node = accountNode(row, parent, tags.get(row.id));
    parent.accounts.push(node);
    nodes.set(row.id, node);
  }
  const ordered: AccountNode[] = [];
  finish(root, ordered);
  return { root, nodes, accounts: ordered, unitCount: rows.size };
}

const groupNode = (kind: 'root' | 'unit', id: string, name: string, parent: GroupNode | undefined): GroupNode => ({
  kind,
  id,
  name,
  parent,
  depth: (parent?.depth ?? -1) + 1,
  units: [],
  accounts: [],
  accountCount: 0,
});

/** Rows keep their identity, and so do the folded texts of those that have not changed. */
const texts = new WeakMap<AccountRow, string>();

function accountNode(row: AccountRow, parent: GroupNode, tagged: AccountTagsRow | undefined): AccountNode {
  let text = texts.get(row);
  if (text === undefined) {
    text = fold([row.name ?? '', row.email ?? '', row.id].join('\n'));
    texts.set(row, text);
  }
  return {
    kind: 'account',
    id: row.id,
    name: row.name || row.email || row.id,
    parent,
    depth: parent.depth + 1,
    row,
    tags: tagged?.tags?.nodes,
    text,
  };
}

function finish(group: GroupNode, ordered: AccountNode[]): void {
  const byName = (a: TreeNode, b: TreeNode) => collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
  group.accounts.sort(byName);
  group.units.sort(byName);
  const first = ordered.length;
  ordered.push(...group.accounts);
  for (const unit of group.units) finish(unit, ordered);
  group.accountCount = ordered.length - first;
}

/** The nodes from the root down to a node, which is the last. */
export function pathOf(node: TreeNode): readonly TreeNode[] {
  const path: TreeNode[] = [];
  for (let each: TreeNode | undefined = node; each !== undefined; each = each.parent) path.unshift(each);
  return path;
}

/** "Root / Workloads / Production". */
export const pathText = (path: readonly TreeNode[]): string => path.map(({ name }) => name).join(' / ');

/** "Workloads / Production": the units above a node, without the root. */
export const unitPath = (node: TreeNode): string => pathText(pathOf(node).slice(1, -1));

/** All units below a group. */
export function descendantUnits(group: GroupNode): number {
  return group.units.reduce((sum, unit) => sum + 1 + descendantUnits(unit), 0);
}

/** Which policies are attached where. */
export class AttachmentIndex {
  readonly #policies: ReadonlyMap<string, PolicyRow>;
  readonly #byTarget = new Map<string, PolicyRow[]>();
  readonly #byPolicy = new Map<string, Set<string>>();

  constructor(attachments: Iterable<AttachmentRow>, policies: ReadonlyMap<string, PolicyRow>) {
    this.#policies = policies;
    for (const { policyId, targetId } of attachments) {
      const targets = this.#byPolicy.get(policyId) ?? new Set();
      this.#byPolicy.set(policyId, targets.add(targetId));
      const policy = policies.get(policyId);
      // Its list is read separately, and may come later.
      if (policy === undefined) continue;
      const attached = this.#byTarget.get(targetId) ?? [];
      attached.push(policy);
      this.#byTarget.set(targetId, attached);
    }
    for (const attached of this.#byTarget.values()) attached.sort(byTypeAndName);
  }

  get policies(): ReadonlyMap<string, PolicyRow> {
    return this.#policies;
  }

  /** Policies that are attached to an object directly. */
  at(targetId: string): readonly PolicyRow[] {
    return this.#byTarget.get(targetId) ?? [];
  }

  targetsOf(policyId: string): ReadonlySet<string> {
    return this.#byPolicy.get(policyId) ?? NONE;
  }

  /** Whether a policy is attached to a node or above it. */
  reaches(policyId: string, node: TreeNode): boolean {
    const targets = this.targetsOf(policyId);
    for (let each: TreeNode | undefined = node; each !== undefined; each = each.parent) {
      if (targets.has(each.id)) return true;
    }
    return false;
  }
}

const NONE: ReadonlySet<string> = new Set();

const byTypeAndName = (a: PolicyRow, b: PolicyRow) =>
  typeOrder(a) - typeOrder(b) ||
  Number(b.awsManaged === true) - Number(a.awsManaged === true) ||
  collator.compare(a.name ?? a.id, b.name ?? b.id);

const typeOrder = ({ type }: PolicyRow): number => {
  const at = TYPE_ORDER.indexOf(type ?? '');
  return at === -1 ? TYPE_ORDER.length : at;
};

const TYPE_ORDER: readonly string[] = [
  'SERVICE_CONTROL_POLICY',
  'RESOURCE_CONTROL_POLICY',
  'TAG_POLICY',
  'BACKUP_POLICY',
];
