import { controlPolicyTypes } from '../../control-policies/check-control-policy.ts';
import type { OrganizationFacts } from '../../control-policies/derived-context.ts';
import type {
  ControlPolicyInput,
  ControlPolicyType,
  EvaluationOptions,
  OrganizationInput,
  OrganizationNode,
} from '../../control-policies/index.ts';
import { type GatewayOptions, post } from '../gateway-request.ts';
import { CommandError } from '../run.ts';

export interface NamedOrganization {
  readonly organization: OrganizationInput;
  /** From them follow condition keys of requests. Undefined if they are not known. */
  readonly facts: OrganizationFacts | undefined;
  /** From the settings file. */
  readonly options?: EvaluationOptions;
  /** Names of the root, organizational units and accounts, by id. */
  readonly names: ReadonlyMap<string, string>;
}

interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface TreeNode {
  readonly id: string;
  readonly name: string | null;
  readonly parent: { readonly id: string } | null;
}

interface PolicyNode {
  readonly id: string;
  readonly name: string | null;
  readonly content: string | null;
  readonly targets: Page<{ readonly targetId: string | null }>;
}

const PAGE_SIZE = 200;

const page = '($first: Int!, $after: String)';
const pageInfo = 'pageInfo { hasNextPage endCursor }';
const treeNodes = `(first: $first, after: $after) { nodes { id name parent { id } } ${pageInfo} }`;
const targets = `targets(first: $first, after: $after) { nodes { targetId } ${pageInfo} }`;
const policiesOf = (type: ControlPolicyType) =>
  `query ControlPolicies($first: Int!, $after: String, $targets: Int!) {
    organization { policies(type: ${type}, first: $first, after: $after) {
      nodes { id name content targets(first: $targets) { nodes { targetId } ${pageInfo} } } ${pageInfo}
    } }
  }`;

/** Maximum number of accounts whose paths are read. The policies of more are read as lists of the whole organization. */
const MAX_PATHS = 20;

/**
 * Reads the tree, the control policies and their attachments through a gateway: the paths of the accounts or, for many
 * accounts, the whole organization page by page.
 *
 * @param accounts the accounts of the requests that will be decided
 * @throws {CommandError} if the gateway does not respond, or responds with errors
 */
export async function readFromGateway(
  options: GatewayOptions,
  accounts: readonly string[],
): Promise<NamedOrganization> {
  const send: Send = (query, variables = {}) => post(options, query, variables);
  const { organization } = await send<{
    readonly organization: {
      readonly id: string;
      readonly arn: string;
      readonly masterAccountId: string;
      readonly root: {
        readonly id: string;
        readonly name: string | null;
        readonly policyTypes: readonly { readonly type: string; readonly status: string }[];
      };
    } | null;
  }>('{ organization { id arn masterAccountId root { id name policyTypes { type status } } } }');
  if (!organization) throw new CommandError(`${options.label ?? options.url}: the principal is in no organization`);
  const { id: organizationId, arn, masterAccountId, root } = organization;
  const enabledPolicyTypes = controlPolicyTypes.filter((type) =>
    root.policyTypes.some((each) => each.type === type && each.status === 'ENABLED'),
  );
  const { nodes, attached } =
    accounts.length > MAX_PATHS
      ? await readWhole(send, enabledPolicyTypes)
      : await readPaths(send, enabledPolicyTypes, root, accounts);
  const ids = new Set([root.id, ...nodes.map(({ id }) => id)]);
  const policies = new Map<string, ControlPolicyInput>();
  const attachments = new Map<string, string[]>();
  for (const { id: policyId, name: policyName, type, content, targetIds } of attached) {
    const name = policyName === null || policies.has(policyName) ? policyId : policyName;
    policies.set(name, { type, document: content ?? '' });
    // Targets that were created while the tree was read are not in it.
    for (const id of targetIds) if (ids.has(id)) append(attachments, id, name);
  }
  return {
    organization: {
      tree: {
        id: root.id,
        managementAccount: masterAccountId,
        children: childrenOf(root.id, groupByParent(nodes, ids)),
      },
      enabledPolicyTypes,
      policies: Object.fromEntries(policies),
      attachments: Object.fromEntries(attachments),
    },
    facts: { organizationId, partition: arn.split(':')[1] ?? 'aws' },
    names: new Map([root, ...nodes].flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const]))),
  };
}

interface AttachedPolicy extends Omit<PolicyNode, 'targets'> {
  readonly type: ControlPolicyType;
  readonly targetIds: readonly string[];
}

/** What is read of an organization: its units and accounts, and its policies with their targets. */
interface ReadOrganization {
  readonly nodes: readonly TreeNode[];
  readonly attached: readonly AttachedPolicy[];
}

async function readWhole(send: Send, types: readonly ControlPolicyType[]): Promise<ReadOrganization> {
  const list = (field: string) =>
    readPages<TreeNode>(async (after) => {
      const query = `query Tree${page} { organization { list: ${field}${treeNodes} } }`;
      return (await send<{ organization: { list: Page<TreeNode> } }>(query, { first: PAGE_SIZE, after })).organization
        .list;
    });
  const nodes = [...(await list('organizationalUnits')), ...(await list('accounts'))];
  const attached: AttachedPolicy[] = [];
  for (const type of types) attached.push(...(await readPolicies(send, type)).map((policy) => ({ ...policy, type })));
  return { nodes, attached };
}

interface Level {
  readonly target: { readonly id: string; readonly name: string | null };
  readonly policies: readonly Omit<PolicyNode, 'targets'>[];
}

const levelsOf = (type: ControlPolicyType) =>
  `${type}: policyLevels(type: ${type}) { target { id ... on Parent { name } ... on Account { name } } policies { id name content } }`;

/** Reads each account with its levels, and so a few calls for each unit above it instead of a few for each policy. */
async function readPaths(
  send: Send,
  types: readonly ControlPolicyType[],
  root: { readonly id: string },
  accounts: readonly string[],
): Promise<ReadOrganization> {
  // Levels of a type that is not enabled have no policies, but they are the path.
  const selected = types.length === 0 ? controlPolicyTypes.slice(0, 1) : types;
  const query = `query Path($id: ID!) { account(id: $id) { ${selected.map(levelsOf).join(' ')} } }`;
  const nodes = new Map<string, TreeNode>();
  const attached = new Map<string, Omit<AttachedPolicy, 'targetIds'> & { readonly targetIds: Set<string> }>();
  for (const id of accounts) {
    const { account } = await send<{ readonly account: Record<ControlPolicyType, readonly Level[]> | null }>(query, {
      id,
    });
    for (const type of account === null ? [] : selected) {
      let parent: { readonly id: string } | null = null;
      for (const { target, policies } of account?.[type] ?? []) {
        if (target.id !== root.id) nodes.set(target.id, { ...target, parent });
        parent = target;
        for (const policy of policies) {
          const known = attached.get(policy.id) ?? { ...policy, type, targetIds: new Set<string>() };
          attached.set(policy.id, known);
          known.targetIds.add(target.id);
        }
      }
    }
  }
  return {
    nodes: [...nodes.values()],
    attached: [...attached.values()].map((policy) => ({ ...policy, targetIds: [...policy.targetIds] })),
  };
}

type Send = <Data>(query: string, variables?: object) => Promise<Data>;

async function readPolicies(send: Send, type: ControlPolicyType) {
  const policies = await readPages<PolicyNode>(async (after) => {
    const variables = { first: 20, targets: 20, after };
    return (await send<{ organization: { policies: Page<PolicyNode> } }>(policiesOf(type), variables)).organization
      .policies;
  });
  const all: Omit<AttachedPolicy, 'type'>[] = [];
  for (const { targets: first, ...policy } of policies) {
    const query = `query Targets($id: ID!, $first: Int!, $after: String) { node(id: $id) { ... on Policy { ${targets} } } }`;
    const rest = first.pageInfo.hasNextPage
      ? await readPages<{ readonly targetId: string | null }>(async (after) => {
          const variables = { id: policy.id, first: PAGE_SIZE, after };
          return (await send<{ node: Pick<PolicyNode, 'targets'> }>(query, variables)).node.targets;
        }, first.pageInfo.endCursor)
      : [];
    all.push({ ...policy, targetIds: [...first.nodes, ...rest].flatMap(({ targetId }) => targetId ?? []) });
  }
  return all;
}

async function readPages<Node>(
  read: (after: string | null) => Promise<Page<Node>>,
  start: string | null = null,
): Promise<Node[]> {
  const nodes: Node[] = [];
  for (let after = start; ; ) {
    const { nodes: next, pageInfo: info } = await read(after);
    nodes.push(...next);
    if (!info.hasNextPage) return nodes;
    after = info.endCursor;
  }
}

function groupByParent(nodes: readonly TreeNode[], ids: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, string[]>();
  for (const { id, parent } of nodes) {
    if (parent === null || !ids.has(parent.id)) {
      throw new CommandError(
        `the organization changed while it was read: the parent of ${id} is not in the tree; try again`,
      );
    }
    append(children, parent.id, id);
  }
  return children;
}

function childrenOf(id: string, children: ReadonlyMap<string, readonly string[]>): readonly OrganizationNode[] {
  return (children.get(id) ?? []).map((child) => ({ id: child, children: childrenOf(child, children) }));
}

function append(lists: Map<string, string[]>, key: string, item: string): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
