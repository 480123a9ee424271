import type { ParsedRequest } from '../../control-policies/access-request.ts';
import { bindingOfRcps, bindingOfScps } from '../../control-policies/binding.ts';
import {
  type ControlPolicyType,
  controlPolicyTypes,
  isControlPolicyType,
} from '../../control-policies/check-control-policy.ts';
import { compilePolicy } from '../../control-policies/compile-policy.ts';
import { type ControlPolicyDecision, decide } from '../../control-policies/decision.ts';
import { evaluateLevel, type LevelEvaluation, matchStatements } from '../../control-policies/level.ts';
import type { PreparedNode, PreparedOrganization, PreparedPolicy } from '../../control-policies/organization.ts';
import { rcpServices } from '../../control-policies/rcp-services.ts';
import type { Policy } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';
import { pathFromRoot } from '../world/tree.ts';
import type { World } from '../world/world.ts';

/**
 * Decides a request by the SCPs of its principal's organization and the RCPs of its resource's, as they are now. Only
 * compiled policies are cached, so changes of the tree and of attachments invalidate nothing.
 *
 * @param account id of the account that owns the resource or receives the call
 */
export function decideRequest(world: World, account: string, request: ParsedRequest): ControlPolicyDecision {
  const principal = prepareAccount(world, request.principalAccount ?? account);
  const owner = prepareAccount(world, account);
  const bindings = {
    serviceControlPolicies: bindingOfScps(principal.organization, request, principal),
    resourceControlPolicies: bindingOfRcps(owner.organization, request, owner),
  };
  const evaluate = ({ path }: PreparedAccount, type: ControlPolicyType): readonly LevelEvaluation[] =>
    path.map((node) => evaluateLevel(node, type, (policy) => matchStatements(policy, request)));
  return decide(
    [
      ...(bindings.serviceControlPolicies === 'BOUND' ? evaluate(principal, 'SERVICE_CONTROL_POLICY') : []),
      ...(bindings.resourceControlPolicies === 'BOUND' ? evaluate(owner, 'RESOURCE_CONTROL_POLICY') : []),
    ],
    bindings,
  );
}

export function findOrganization(world: World, accountId: string): Organization | undefined {
  const account = world.accounts.get(accountId);
  return account && world.organizationOf(account);
}

/** An account with the policies above it. */
interface PreparedAccount {
  readonly id: string;
  readonly organization: PreparedOrganization;
  /** From the root down to the account; empty if it is in no organization. */
  readonly path: readonly PreparedNode[];
  readonly node: PreparedNode | undefined;
}

function prepareAccount(world: World, id: string): PreparedAccount {
  const organization = findOrganization(world, id);
  const parentId = organization?.members.get(id)?.membership?.parentId;
  if (!organization || parentId === undefined) return { id, organization: noOrganization, path: [], node: undefined };
  const path = [...pathFromRoot(organization, parentId), id].map((level) => ({
    id: level,
    parent: undefined,
    policies: compiledPoliciesOf(organization, level),
  }));
  const enabledPolicyTypes = new Set<ControlPolicyType>();
  for (const [type, { status }] of organization.root.policyTypes) {
    if (status === 'ENABLED' && isControlPolicyType(type)) enabledPolicyTypes.add(type);
  }
  const { managementAccountId: managementAccount } = organization;
  return {
    id,
    organization: { ...noOrganization, managementAccount, enabledPolicyTypes },
    path,
    node: path.at(-1),
  };
}

const noOrganization: PreparedOrganization = {
  managementAccount: '',
  enabledPolicyTypes: new Set(controlPolicyTypes),
  accounts: new Map(),
  rcpServices,
};

/** Compiled policies, while their content is the same. Their names are the policies' ids. */
const compiledPolicies = new WeakMap<Policy, { readonly content: string; readonly compiled: PreparedPolicy }>();

function compiledPoliciesOf(organization: Organization, targetId: string): readonly PreparedPolicy[] {
  return organization
    .attachmentsTo(targetId)
    .values()
    .flatMap(({ policy }) => {
      const { id, type, content } = policy;
      if (!isControlPolicyType(type)) return [];
      const cached = compiledPolicies.get(policy);
      if (cached?.content === content) return [cached.compiled];
      const compiled = { name: id, type, statements: compilePolicy(type, content) };
      compiledPolicies.set(policy, { content, compiled });
      return [compiled];
    });
}
