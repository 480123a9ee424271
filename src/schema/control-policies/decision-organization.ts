import { type AccessRequestDetails, parseRequest } from '../../control-policies/access-request.ts';
import { bindingsOf } from '../../control-policies/binding.ts';
import { controlPolicyTypes, isControlPolicyType } from '../../control-policies/check-control-policy.ts';
import { countCopied } from '../../inventory/session.ts';
import type { Dated, PolicyTree } from '../../inventory/types.ts';
import type { aws, WallMs } from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import { acceptedCopy } from '../copied-connection.ts';
import { type Entity, loadedEntity } from '../entity.ts';
import { LivePolicyTree } from '../loaders/live-policy-tree.ts';
import { loadObject, loadOwnOrganization } from '../loaders/objects-by-id.ts';
import { targetNotFound } from '../policy-levels.ts';
import { PreparedTree, prepareTree } from './prepared-tree.ts';

type MaybePromise<T> = T | Promise<T>;

/** The copy of an organization, if it knows the policies of an account. Other accounts are outside of it. */
export function copiedOrganization(
  context: GraphContext,
  account: string,
  principals: readonly string[],
): MaybePromise<PreparedTree> | undefined {
  const copied = CopiedLevels.of(context);
  if (copied === undefined || !copied.add(account)) return undefined;
  return principals.every((id) => copied.addIfKnown(id)) ? copied.organization(context) : undefined;
}

/** Checks that the copy of an organization has all policies of some accounts. */
export class CopiedLevels {
  readonly #tree: Dated<PolicyTree>;
  readonly #own: Dated<aws.Organization>;
  readonly #levels = new Set<string>();
  readonly #missingContents = new Set<string>();
  /** The control policies of the accounts. */
  readonly policies = new Set<string>();

  private constructor(tree: Dated<PolicyTree>, own: Dated<aws.Organization>) {
    this.#tree = tree;
    this.#own = own;
  }

  /** Undefined if the operation accepts no copy with all lists. */
  static of(context: GraphContext): CopiedLevels | undefined {
    const copy = acceptedCopy(context);
    const tree = copy?.policyTree();
    const own = copy?.reply('DescribeOrganization', {});
    if (tree === undefined || own?.value.Organization === undefined) return undefined;
    return new CopiedLevels(tree, { ...own, value: own.value.Organization });
  }

  /** Adds the levels of an account. Returns false if the copy does not know its place, or a policy that reaches it. */
  add(account: string): boolean {
    const levels = this.#tree.value.levelsOf(account);
    return levels?.every((level) => this.#levels.has(level) || this.#addLevel(level)) ?? false;
  }

  /** The same for an account that may be outside of the organization. */
  addIfKnown(account: string): boolean {
    return this.#tree.value.levelsOf(account) === undefined || this.add(account);
  }

  /** The copy, with the texts of the policies, which are read from AWS if the copy has none. */
  organization(context: GraphContext): MaybePromise<PreparedTree> {
    countCopied(context.session, Math.min(this.#tree.asOf, this.#own.asOf) as WallMs);
    if (this.#missingContents.size === 0) return prepareTree(context, this.#tree.value, this.#own.value);
    // A copy without texts does not notice when they change.
    const prepared = new PreparedTree(context, this.#tree.value, this.#own.value);
    return loadPolicies(context, prepared, this.#missingContents).then(() => prepared);
  }

  #addLevel(level: string): boolean {
    this.#levels.add(level);
    const { policy, policiesOf, contentOf } = this.#tree.value;
    for (const id of policiesOf(level)) {
      const type = policy(id)?.Type;
      // Attachments may have been read later than policies.
      if (type === undefined) return false;
      if (!isControlPolicyType(type)) continue;
      this.policies.add(id);
      if (contentOf(id) === undefined) this.#missingContents.add(id);
    }
    return true;
  }
}

/** Loads the policies at these levels that the organization does not know with their texts. */
export function loadPoliciesAt(
  context: GraphContext,
  organization: PreparedTree,
  levels: Iterable<string>,
): MaybePromise<void> {
  const unknown = organization.unknownAt(levels);
  return unknown.size === 0 ? undefined : loadPolicies(context, organization, unknown);
}

async function loadPolicies(context: GraphContext, organization: PreparedTree, ids: Iterable<string>): Promise<void> {
  await Promise.all(
    Array.from(ids, async (id) => {
      const policy = await loadObject(context, 'Policy', id);
      // A policy that was deleted meanwhile has no statements that could be read.
      organization.addPolicy(id, { Content: '', ...(policy ?? organization.tree.policy(id)) });
    }),
  );
}

/** Reads the part of an organization that decisions about one account need. */
export async function readOrganizationOf(
  context: GraphContext,
  account: Entity<'Account'>,
  request: AccessRequestDetails,
): Promise<PreparedTree> {
  const { tree, organization } = await readTree(context, account.id);
  await Promise.all([tree.loadLevelsOf(account), loadPrincipals(context, tree, [request])]);
  if (tree.levelsOf(account.id) === undefined) throw targetNotFound(account.id);
  const prepared = new PreparedTree(context, tree, organization);
  await readPolicies(context, tree, prepared, [account.id], [request]);
  return prepared;
}

/**
 * Reads the part of an organization that decisions about these accounts need.
 * @param isWhole Whether to read the policies of all targets at once, which takes fewer calls for many accounts.
 */
export async function readOrganizationWith(
  context: GraphContext,
  accounts: readonly aws.Account[],
  requests: readonly AccessRequestDetails[],
  isWhole: boolean,
): Promise<PreparedTree> {
  const { tree, organization } = await readTree(context, '');
  await Promise.all([
    isWhole && tree.scanPolicies(controlPolicyTypes),
    loadPrincipals(context, tree, requests),
    ...accounts.map((account) => tree.loadLevelsOf(loadedEntity('Account', account.Id, account))),
  ]);
  const prepared = new PreparedTree(context, tree, organization);
  const ids = accounts.flatMap(({ Id = '' }) => (tree.levelsOf(Id) === undefined ? [] : [Id]));
  await readPolicies(context, tree, prepared, ids, requests);
  return prepared;
}

async function readTree(context: GraphContext, accountId: string) {
  const [tree, organization] = await Promise.all([LivePolicyTree.loadTypes(context), loadOwnOrganization(context)]);
  if (organization === null) throw targetNotFound(accountId);
  return { tree, organization };
}

/** Loads where the callers of requests are in the tree. Those that are not found are outside of it. */
export async function loadPrincipals(
  context: GraphContext,
  tree: LivePolicyTree,
  requests: readonly AccessRequestDetails[],
): Promise<void> {
  await Promise.all(
    principalsOf(requests).map(async (id) => {
      const account = await loadObject(context, 'Account', id);
      if (account !== null) await tree.loadLevelsOf(loadedEntity('Account', id, account));
    }),
  );
}

/** The accounts of callers that the requests name. */
export const principalsOf = (requests: readonly AccessRequestDetails[]): readonly string[] => [
  ...new Set(requests.flatMap(({ principal }) => principal?.account ?? [])),
];

/** Reads the control policies that can restrict the requests, with their texts. */
async function readPolicies(
  context: GraphContext,
  tree: LivePolicyTree,
  organization: PreparedTree,
  accounts: readonly string[],
  requests: readonly AccessRequestDetails[],
): Promise<void> {
  const levels = { SERVICE_CONTROL_POLICY: new Set<string>(), RESOURCE_CONTROL_POLICY: new Set<string>() };
  const add = (type: keyof typeof levels, ids: readonly string[]) => {
    for (const id of ids) for (const level of tree.levelsOf(id) ?? []) levels[type].add(level);
  };
  const others = accounts.filter((id) => id !== organization.managementAccount);
  const owner = { id: others[0] ?? organization.managementAccount, node: {} };
  for (const request of requests) {
    const named = request.principal?.account;
    const principal = named === undefined ? owner : { id: named, node: tree.levelsOf(named) };
    const bindings = bindingsOf(organization, parseRequest(request), principal, owner);
    if (bindings.serviceControlPolicies === 'BOUND')
      add('SERVICE_CONTROL_POLICY', named === undefined ? others : [named]);
    if (bindings.resourceControlPolicies === 'BOUND') add('RESOURCE_CONTROL_POLICY', others);
  }
  await Promise.all([
    tree.loadPoliciesOf(levels.SERVICE_CONTROL_POLICY, ['SERVICE_CONTROL_POLICY']),
    tree.loadPoliciesOf(levels.RESOURCE_CONTROL_POLICY, ['RESOURCE_CONTROL_POLICY']),
  ]);
  const all = new Set([...levels.SERVICE_CONTROL_POLICY, ...levels.RESOURCE_CONTROL_POLICY]);
  await loadPoliciesAt(context, organization, all);
}
