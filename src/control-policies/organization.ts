import { checkAccountId } from './access-request.ts';
import { type ControlPolicyType, controlPolicyTypes } from './check-control-policy.ts';
import { type CompiledStatement, compilePolicy } from './compile-policy.ts';
import { throwUnexpected } from './input-error.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { rcpServices } from './rcp-services.ts';

/** An organizational unit or an account. */
export interface OrganizationNode {
  /** `ou-…`, or the 12 digits of an account. */
  readonly id: string;
  readonly children?: readonly OrganizationNode[];
}

/** The root of an organization. */
export interface OrganizationTree extends OrganizationNode {
  readonly managementAccount: string;
}

export interface ControlPolicyInput {
  readonly type: ControlPolicyType;
  /** The content: JSON text, or the parsed object. */
  readonly document: JsonObject | string;
}

export interface OrganizationInput {
  readonly tree: OrganizationTree;
  /** Default: both types. */
  readonly enabledPolicyTypes?: readonly ControlPolicyType[];
  /** Policies by name. `FullAWSAccess` and `RCPFullAWSAccess` need not be listed. */
  readonly policies: Readonly<Record<string, ControlPolicyInput>>;
  /** Names of the attached policies, by id of the root, organizational unit or account. */
  readonly attachments: Readonly<Record<string, readonly string[]>>;
}

export interface EvaluationOptions {
  /** Service prefixes that support RCPs, in addition to those that orgql knows. */
  readonly additionalRcpServices?: readonly string[];
}

export interface PreparedPolicy {
  readonly name: string;
  readonly type: ControlPolicyType;
  readonly statements: readonly CompiledStatement[];
}

/** A root, organizational unit or account with its policies. */
export interface PreparedNode {
  readonly id: string;
  readonly parent: PreparedNode | undefined;
  readonly policies: readonly PreparedPolicy[];
}

/** An organization whose policies are compiled. It keeps no reference to its input. */
export interface PreparedOrganization {
  readonly managementAccount: string;
  readonly enabledPolicyTypes: ReadonlySet<ControlPolicyType>;
  readonly accounts: ReadonlyMap<string, PreparedNode>;
  readonly rcpServices: ReadonlySet<string>;
}

/** What the evaluation of a request needs of an organization: accounts may be prepared when they are looked up. */
export type EvaluatedOrganization = Omit<PreparedOrganization, 'accounts'> & {
  readonly accounts: Pick<PreparedOrganization['accounts'], 'get'>;
};

const fullAccess = { Effect: 'Allow', Action: '*', Resource: '*' };

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_authorization_policies.html */
const managedPolicies: Readonly<Record<string, ControlPolicyInput>> = {
  FullAWSAccess: {
    type: 'SERVICE_CONTROL_POLICY',
    document: { Version: '2012-10-17', Statement: [fullAccess] },
  },
  RCPFullAWSAccess: {
    type: 'RESOURCE_CONTROL_POLICY',
    document: { Version: '2012-10-17', Statement: [{ ...fullAccess, Principal: '*' }] },
  },
};

/**
 * Compiles the policies of an organization, so that many requests can be evaluated at little cost.
 *
 * @throws ControlPolicyInputError if the tree, a policy's type or an attachment is not valid. A document that AWS would
 * reject is no error: decisions that it can change are DEPENDS.
 */
export function prepareOrganization(input: OrganizationInput, options: EvaluationOptions = {}): PreparedOrganization {
  const { tree, enabledPolicyTypes = controlPolicyTypes, policies, attachments } = input;
  checkAccountId('tree.managementAccount', tree.managementAccount);
  for (const type of enabledPolicyTypes) checkType('enabledPolicyTypes', type);
  const compiled = compilePolicies(policies);
  const nodes = prepareTree(tree, new Map(Object.entries(attachments)), compiled);
  for (const target of Object.keys(attachments)) {
    if (!nodes.has(target)) throwUnexpected('attachments', 'ids of the tree', target);
  }
  return {
    managementAccount: tree.managementAccount,
    enabledPolicyTypes: new Set(enabledPolicyTypes),
    accounts: new Map([...nodes].filter(([id]) => isAccountId(id))),
    rcpServices: new Set([...rcpServices, ...(options.additionalRcpServices ?? []).map((name) => name.toLowerCase())]),
  };
}

function checkType(path: string, type: ControlPolicyType): void {
  if (!controlPolicyTypes.includes(type)) throwUnexpected(path, controlPolicyTypes.join(' or '), type);
}

function compilePolicies(policies: OrganizationInput['policies']): ReadonlyMap<string, PreparedPolicy> {
  const entries = new Map([...Object.entries(managedPolicies), ...Object.entries(policies)]);
  return new Map(
    [...entries].map(([name, { type, document }]) => {
      const path = `policies[${JSON.stringify(name)}]`;
      checkType(`${path}.type`, type);
      if (typeof document !== 'string' && !isJsonObject(document)) {
        throwUnexpected(`${path}.document`, 'JSON text or an object', document);
      }
      return [name, { name, type, statements: compilePolicy(type, document) }];
    }),
  );
}

function prepareTree(
  tree: OrganizationTree,
  attachments: ReadonlyMap<string, readonly string[]>,
  policies: ReadonlyMap<string, PreparedPolicy>,
): ReadonlyMap<string, PreparedNode> {
  const nodes = new Map<string, PreparedNode>();
  const pending: { node: OrganizationNode; parent: PreparedNode | undefined }[] = [{ node: tree, parent: undefined }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { id, children = [] } = next.node;
    if (typeof id !== 'string') throwUnexpected('tree', 'an id in each node', id);
    if (nodes.has(id)) throwUnexpected('tree', 'each id once', id);
    if (isAccountId(id) && children.length > 0) throwUnexpected('tree', 'accounts without children', id);
    const attached = (attachments.get(id) ?? []).map(
      (name) => policies.get(name) ?? throwUnexpected(`attachments[${JSON.stringify(id)}]`, 'names of policies', name),
    );
    const prepared: PreparedNode = { id, parent: next.parent, policies: attached };
    nodes.set(id, prepared);
    for (const node of children) pending.push({ node, parent: prepared });
  }
  return nodes;
}

export function isAccountId(id: string): boolean {
  return /^\d{12}$/.test(id);
}
