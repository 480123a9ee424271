import { LRUCache } from 'lru-cache';
import {
  type ControlPolicyType,
  controlPolicyTypes,
  isControlPolicyType,
} from '../../control-policies/check-control-policy.ts';
import { type CompiledStatement, compilePolicy } from '../../control-policies/compile-policy.ts';
import type { OrganizationFacts } from '../../control-policies/derived-context.ts';
import { isJsonArray, parseJsonObject } from '../../control-policies/json.ts';
import type { EvaluatedOrganization, PreparedNode, PreparedPolicy } from '../../control-policies/organization.ts';
import type { PolicyTree } from '../../inventory/types.ts';
import type { aws } from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import { type Entity, entityRef, loadedEntity, type NodeShapes } from '../entity.ts';

/** Compiled policies by type and text, which versions of a copy and operations share. In characters of the texts. */
const MAX_COMPILED = 4_194_304;
const compiled = new LRUCache<string, readonly CompiledStatement[]>({
  maxSize: MAX_COMPILED,
  sizeCalculation: (_statements, text) => text.length,
});

function compile(type: ControlPolicyType, content: string): readonly CompiledStatement[] {
  const key = `${type} ${content}`;
  let statements = compiled.get(key);
  if (statements === undefined) {
    statements = compilePolicy(type, content);
    compiled.set(key, statements);
  }
  return statements;
}

/**
 * An organization whose control policies are compiled. Levels and policies are prepared when a request needs them, and
 * kept. Policies have their ids as names.
 */
export class PreparedTree implements EvaluatedOrganization {
  readonly managementAccount: string;
  readonly enabledPolicyTypes: ReadonlySet<ControlPolicyType>;
  readonly rcpServices: ReadonlySet<string>;
  readonly facts: OrganizationFacts;
  readonly accounts: EvaluatedOrganization['accounts'];
  readonly tree: PolicyTree;
  readonly #nodes = new Map<string, PreparedNode>();
  readonly #policies = new Map<string, PreparedPolicy>();
  /** Policies that the tree does not have, or whose texts it does not have. */
  readonly #read = new Map<string, NodeShapes['Policy']>();

  constructor(
    { settings }: Pick<GraphContext, 'settings'>,
    tree: PolicyTree,
    { Id = '', Arn = '', MasterAccountId = '' }: aws.Organization,
  ) {
    this.tree = tree;
    this.rcpServices = settings.rcpServices;
    this.managementAccount = MasterAccountId;
    this.enabledPolicyTypes = new Set(controlPolicyTypes.filter((type) => tree.statusOf(type) === 'ENABLED'));
    this.facts = { organizationId: Id, partition: Arn.split(':')[1] ?? 'aws' };
    this.accounts = { get: (id) => this.nodeOf(id) };
  }

  /** A root, unit or account; undefined if it is not in the tree. */
  nodeOf(id: string): PreparedNode | undefined {
    const known = this.#nodes.get(id);
    if (known !== undefined) return known;
    let node: PreparedNode | undefined;
    for (const level of this.tree.levelsOf(id) ?? []) node = this.#nodes.get(level) ?? this.#prepare(level, node);
    return node;
  }

  /** The control policies at these levels that are not known with their texts: add them before they are needed. */
  unknownAt(levels: Iterable<string>): ReadonlySet<string> {
    const unknown = new Set<string>();
    for (const level of levels)
      if (!this.#nodes.has(level))
        for (const id of this.tree.policiesOf(level)) if (this.#isUnknown(id)) unknown.add(id);
    return unknown;
  }

  addPolicy(id: string, policy: NodeShapes['Policy']): void {
    this.#read.set(id, policy);
  }

  /** Compiles a control policy, unless it is compiled already. */
  policy(id: string): PreparedPolicy | undefined {
    const known = this.#policies.get(id);
    if (known !== undefined) return known;
    const type = this.#summaryOf(id)?.Type;
    if (!isControlPolicyType(type)) return undefined;
    const policy = { name: id, type, statements: compile(type, this.#contentOf(id) ?? '') };
    this.#policies.set(id, policy);
    return policy;
  }

  /** A policy with all members that are known. */
  policyEntity(id: string): Entity<'Policy'> {
    const [summary, Content] = [this.#summaryOf(id), this.#contentOf(id)];
    return summary !== undefined && Content !== undefined
      ? loadedEntity('Policy', id, { ...summary, Content })
      : entityRef('Policy', id, summary);
  }

  /** A statement as the policy has it. */
  statementAt(policyId: string, index: number): unknown {
    const parsed = parseJsonObject(this.#contentOf(policyId) ?? '');
    const statements = parsed.ok ? parsed.value['Statement'] : undefined;
    return (isJsonArray(statements) ? statements[index] : statements) ?? null;
  }

  #prepare(id: string, parent: PreparedNode | undefined): PreparedNode {
    const ids = this.tree.policiesOf(id).toSorted();
    const node = { id, parent, policies: ids.flatMap((policyId) => this.policy(policyId) ?? []) };
    this.#nodes.set(id, node);
    return node;
  }

  #summaryOf(policyId: string): aws.PolicySummary | undefined {
    return this.tree.policy(policyId) ?? this.#read.get(policyId);
  }

  #contentOf(policyId: string): string | undefined {
    return this.tree.contentOf(policyId) ?? this.#read.get(policyId)?.Content;
  }

  #isUnknown(policyId: string): boolean {
    const summary = this.#summaryOf(policyId);
    return summary === undefined || (isControlPolicyType(summary.Type) && this.#contentOf(policyId) === undefined);
  }
}

/** By version of the tree, so that operations share one as long as nothing changes. */
const preparedTrees = new WeakMap<object, PreparedTree>();

/** The prepared form of a copy, made once for each version of it. */
export function prepareTree(context: GraphContext, tree: PolicyTree, organization: aws.Organization): PreparedTree {
  let prepared = preparedTrees.get(tree.version);
  if (prepared === undefined) {
    prepared = new PreparedTree(context, tree, organization);
    preparedTrees.set(tree.version, prepared);
  }
  return prepared;
}
