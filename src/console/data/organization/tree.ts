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
  readonly units: readonly GroupNode[];
  readonly accounts: readonly AccountNode[];
  /** In the whole subtree. */
  readonly accountCount: number;
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
  readonly accountCount: number;
  readonly unitCount: number;
}

interface TreeInput {
  readonly root: { readonly id: string; readonly name: string | null };
  readonly units: Iterable<UnitRow>;
  readonly accounts: Iterable<AccountRow>;
  readonly tags: ReadonlyMap<string, AccountTagsRow>;
}

const collator = new Intl.Collator('en', { numeric: true });

/** Sorts what it holds when it is read for the first time: a tree of 10,000 accounts shows a few of its groups. */
class Group implements GroupNode {
  readonly kind: 'root' | 'unit';
  readonly id: string;
  readonly name: string;
  readonly parent: Group | undefined;
  readonly depth: number;
  readonly #units: Group[] = [];
  readonly #accounts: AccountNode[] = [];
  #isSorted = false;
  accountCount = 0;

  constructor(kind: 'root' | 'unit', id: string, name: string, parent: Group | undefined) {
    this.kind = kind;
    this.id = id;
    this.name = name;
    this.parent = parent;
    this.depth = (parent?.depth ?? -1) + 1;
  }

  get units(): readonly Group[] {
    this.#sort();
    return this.#units;
  }

  get accounts(): readonly AccountNode[] {
    this.#sort();
    return this.#accounts;
  }

  addUnit(unit: Group): void {
    this.#units.push(unit);
  }

  addAccount(account: AccountNode): void {
    this.#accounts.push(account);
    for (let group: Group | undefined = this; group !== undefined; group = group.parent) group.accountCount += 1;
  }

  #sort(): void {
    if (this.#isSorted) return;
    this.#isSorted = true;
    this.#accounts.sort(byName);
    this.#units.sort(byName);
  }
}

const byName = (a: TreeNode, b: TreeNode) => collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);

/** Rows keep their identity, and so do the folded texts of those that have not changed. */
const texts = new WeakMap<AccountRow, string>();

class Account implements AccountNode {
  readonly kind = 'account';
  readonly id: string;
  readonly name: string;
  readonly parent: Group;
  readonly depth: number;
  readonly row: AccountRow;
  readonly tags: AccountNode['tags'];

  constructor(row: AccountRow, parent: Group, tagged: AccountTagsRow | undefined) {
    this.id = row.id;
    this.name = row.name || row.email || row.id;
    this.parent = parent;
    this.depth = parent.depth + 1;
    this.row = row;
    this.tags = tagged?.tags?.nodes;
  }

  get text(): string {
    const { row } = this;
    let text = texts.get(row);
    if (text === undefined) {
      text = fold([row.name ?? '', row.email ?? '', row.id].join('\n'));
      texts.set(row, text);
    }
    return text;
  }
}

class Tree implements OrganizationTree {
  readonly root: Group;
  readonly nodes: ReadonlyMap<string, TreeNode>;
  readonly unitCount: number;
  #accounts: readonly AccountNode[] | undefined;

  constructor(root: Group, nodes: ReadonlyMap<string, TreeNode>, unitCount: number) {
    this.root = root;
    this.nodes = nodes;
    this.unitCount = unitCount;
  }

  get accountCount(): number {
    return this.root.accountCount;
  }

  get accounts(): readonly AccountNode[] {
    this.#accounts ??= [...accountsOf(this.root)];
    return this.#accounts;
  }
}

function* accountsOf(group: GroupNode): Generator<AccountNode> {
  yield* group.accounts;
  for (const unit of group.units) yield* accountsOf(unit);
}

/**
 * Builds the tree. An object whose parent is not known yet is put below the root: lists are read one after the other,
 * and it must not be missing meanwhile.
 */
export function buildTree({ root: { id, name }, units, accounts, tags }: TreeInput): OrganizationTree {
  const root = new Group('root', id, name || 'Root', undefined);
  const groups = new Map([[id, root]]);
  const rows = new Map([...units].map((row) => [row.id, row]));
  const place = (row: UnitRow, below: ReadonlySet<string>): Group => {
    const known = groups.get(row.id);
    if (known !== undefined) return known;
    const parentRow = row.parent === null || below.has(row.parent.id) ? undefined : rows.get(row.parent.id);
    const parent = parentRow === undefined ? root : place(parentRow, new Set([...below, row.id]));
    const group = new Group('unit', row.id, row.name || row.id, parent);
    parent.addUnit(group);
    groups.set(row.id, group);
    return group;
  };
  for (const row of rows.values()) place(row, new Set());
  const nodes = new Map<string, TreeNode>(groups);
  for (const row of accounts) {
    const parent = groups.get(row.parent?.id ?? '') ?? root;
    const account = new Account(row, parent, tags.get(row.id));
    parent.addAccount(account);
    nodes.set(row.id, account);
  }
  return new Tree(root, nodes, rows.size);
}

/** How long the page may be busy at a time with what it does ahead, in ms. */
const SLICE_MS = 8;

/** Sorts the tree and folds its texts in short tasks, before a search needs all of them at once. Returns how to stop. */
export function prepareSearch({ nodes }: OrganizationTree): () => void {
  const left = nodes.values();
  let timer: ReturnType<typeof setTimeout>;
  const work = () => {
    const end = performance.now() + SLICE_MS;
    for (const node of left) {
      // Reading them is what takes time.
      void (node.kind === 'account' ? node.text : node.accounts);
      if (performance.now() < end) continue;
      timer = setTimeout(work);
      return;
    }
  };
  timer = setTimeout(work);
  return () => clearTimeout(timer);
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
