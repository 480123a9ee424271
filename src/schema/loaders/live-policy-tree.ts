import type { PolicyChange } from '../../inventory/policy-changes.ts';
import type { PolicyTree } from '../../inventory/types.ts';
import type { aws } from '../../upstream/index.ts';
import { ancestorsInPath } from '../../watcher/paths.ts';
import { loadLevelsAbove } from '../ancestors.ts';
import type { GraphContext } from '../context.ts';
import { entityRef } from '../entity.ts';
import { typeOfId } from '../ids.ts';
import type { PolicyTargetEntity } from '../refs.ts';
import { loadObject, loadOnlyRoot, type NodeShapes } from './objects-by-id.ts';
import { loadAttachedPolicies, scanAttachedPolicies } from './policies-of-targets.ts';
import { readAllItems } from './replies.ts';

/** The part of an organization that an operation needs to know which policies reach accounts, read from AWS. */
export class LivePolicyTree implements PolicyTree {
  readonly version = {};
  readonly #context: GraphContext;
  readonly #types = new Map<string, aws.PolicyTypeStatus>();
  readonly #levels = new Map<string, readonly string[]>();
  readonly #policies = new Map<string, NodeShapes['Policy']>();
  /** The ids of policies by target and type. */
  readonly #attached = new Map<string, Map<aws.PolicyType, readonly string[]>>();
  readonly #targets = new Map<string, readonly string[]>();
  /** Of types whose policies were read for all targets. */
  readonly #scanned = new Map<aws.PolicyType, Awaited<ReturnType<typeof scanAttachedPolicies>>>();

  private constructor(context: GraphContext) {
    this.#context = context;
  }

  /** Loads what these changes name. @throws UpstreamError (by rejecting) when AWS rejects a read. */
  static async load(context: GraphContext, changes: readonly PolicyChange[]): Promise<LivePolicyTree> {
    const tree = new LivePolicyTree(context);
    await tree.#loadObjects(changes);
    await Promise.all(changes.map((change) => tree.#loadLists(change)));
    return tree;
  }

  /** Loads the enabled policy types alone. */
  static async loadTypes(context: GraphContext): Promise<LivePolicyTree> {
    const tree = new LivePolicyTree(context);
    await tree.#loadRoot();
    return tree;
  }

  levelsOf(id: string): readonly string[] | undefined {
    return this.#levels.get(id);
  }

  policiesOf(targetId: string): readonly string[] {
    return [...(this.#attached.get(targetId)?.values() ?? [])].flat();
  }

  targetsOf(policyId: string): readonly string[] {
    return this.#targets.get(policyId) ?? [];
  }

  policy(id: string): aws.PolicySummary | undefined {
    return this.#policies.get(id);
  }

  contentOf(policyId: string): string | undefined {
    return this.#policies.get(policyId)?.Content;
  }

  statusOf(type: string | undefined): aws.PolicyTypeStatus | undefined {
    return this.#types.get(type ?? '');
  }

  /** Makes the levels of an account of a list known. */
  addAccount({ Id = '', Paths = [] }: aws.Account): void {
    const [path] = Paths;
    if (path !== undefined && !this.#levels.has(Id)) this.#levels.set(Id, [...ancestorsInPath(path), Id]);
  }

  /** Loads the levels of a root, unit or account, if the organization has it. */
  async loadLevelsOf(target: PolicyTargetEntity): Promise<void> {
    if (this.#levels.has(target.id)) return;
    const above = await loadLevelsAbove(this.#context, target);
    if (above !== null) this.#levels.set(target.id, [...above.map(({ id }) => id), target.id]);
  }

  /** Reads the policies of these types for all targets, as far as they are enabled. */
  async scanPolicies(types: readonly aws.PolicyType[]): Promise<void> {
    await Promise.all(
      types.map(async (type) => {
        if (this.#types.has(type)) this.#scanned.set(type, await scanAttachedPolicies(this.#context, type));
      }),
    );
  }

  /** Loads the policies of these types, or of all types, as far as they are enabled, at these levels. */
  async loadPoliciesOf(levels: Iterable<string>, types?: readonly aws.PolicyType[]): Promise<void> {
    const enabled = [...this.#types.keys()].filter((type) => types?.includes(type as aws.PolicyType) ?? true);
    await Promise.all(
      [...levels].flatMap((id) => enabled.map((type) => this.#loadAttached(id, type as aws.PolicyType))),
    );
  }

  async #loadRoot(): Promise<aws.Root | null> {
    const root = await loadOnlyRoot(this.#context);
    for (const { Type, Status } of root?.PolicyTypes ?? [])
      if (Type !== undefined && Status !== undefined) this.#types.set(Type, Status);
    return root;
  }

  async #loadObjects(changes: readonly PolicyChange[]): Promise<void> {
    const root = await this.#loadRoot();
    const ids = new Set(changes.flatMap(idsOf));
    await Promise.all([...ids].map((id) => this.#loadObject(id, root?.Id)));
  }

  async #loadObject(id: string, rootId: string | undefined): Promise<void> {
    const type = typeOfId(id);
    if (type === 'Policy') {
      const policy = await loadObject(this.#context, 'Policy', id);
      if (policy !== null) this.#policies.set(id, policy);
    } else if (type === 'Root') {
      if (id === rootId) this.#levels.set(id, [id]);
    } else if (type === 'Account' || type === 'OrganizationalUnit') {
      await this.loadLevelsOf(entityRef(type, id));
    }
  }

  async #loadLists(change: PolicyChange): Promise<void> {
    if (change.kind === 'moveAccount') {
      const { accountId, destinationParentId } = change;
      const levels = [accountId, destinationParentId].flatMap((id) => this.#levels.get(id) ?? []);
      await this.loadPoliciesOf(levels);
      return;
    }
    const type = this.#policies.get(change.policyId)?.Type;
    if (type === undefined) return;
    if (change.kind === 'updateContent') await this.#loadTargets(change.policyId);
    else if (this.#levels.has(change.targetId)) await this.#loadAttached(change.targetId, type);
  }

  async #loadAttached(targetId: string, type: aws.PolicyType): Promise<void> {
    const byType = this.#attached.get(targetId) ?? new Map<aws.PolicyType, readonly string[]>();
    this.#attached.set(targetId, byType);
    if (byType.has(type)) return;
    const policies = this.#scanned.get(type)?.(targetId) ?? (await loadAttachedPolicies(this.#context, targetId, type));
    byType.set(
      type,
      policies.map(({ Id = '' }) => Id),
    );
    for (const policy of policies)
      if (policy.Id !== undefined && !this.#policies.has(policy.Id)) this.#policies.set(policy.Id, policy);
  }

  async #loadTargets(policyId: string): Promise<void> {
    const request = { operation: 'ListTargetsForPolicy', input: { PolicyId: policyId } } as const;
    const targets = await readAllItems(this.#context, request);
    this.#targets.set(
      policyId,
      targets.map(({ TargetId = '' }) => TargetId),
    );
  }
}

/** The ids of the objects that a change names. */
export function idsOf(change: PolicyChange): readonly string[] {
  switch (change.kind) {
    case 'updateContent':
      return [change.policyId];
    case 'moveAccount':
      return [change.accountId, change.destinationParentId];
    default:
      return [change.policyId, change.targetId];
  }
}
