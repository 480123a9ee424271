import {
  type AccessRequest,
  type AccessRequestDetails,
  checkAccountId,
  type ParsedRequest,
  parseRequest,
} from './access-request.ts';
import { bindingOfRcps, bindingOfScps } from './binding.ts';
import type { ControlPolicyType } from './check-control-policy.ts';
import { type ControlPolicyDecision, decide } from './decision.ts';
import { evaluateLevel, type LevelEvaluation, matchStatements, type StatementMatch } from './level.ts';
import {
  type EvaluationOptions,
  type OrganizationInput,
  type PreparedNode,
  type PreparedOrganization,
  type PreparedPolicy,
  prepareOrganization,
} from './organization.ts';

/**
 * Decides whether SCPs and RCPs deny a request. ALLOWED means that none of them does: they grant nothing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 *
 * @throws ControlPolicyInputError if the input is not valid
 */
export function evaluateControlPolicies(
  { request, ...organization }: OrganizationInput & { readonly request: AccessRequest },
  options?: EvaluationOptions,
): ControlPolicyDecision {
  return evaluateRequest(prepareOrganization(organization, options), request);
}

/**
 * Decides a request in an organization whose policies are compiled.
 *
 * @throws ControlPolicyInputError if the request is not valid
 */
export function evaluateRequest(organization: PreparedOrganization, request: AccessRequest): ControlPolicyDecision {
  checkAccountId('request.account', request.account);
  return new Evaluation(organization, parseRequest(request)).decide(request.account);
}

/**
 * Decides the same request for several accounts: each account is the request's `account`, and the principal's unless
 * the request names that. Policies and levels that accounts share are evaluated once.
 *
 * @param accounts default: all accounts of the organization
 * @throws ControlPolicyInputError if the request or an account id is not valid
 */
export function evaluateAccounts(
  organization: PreparedOrganization,
  request: AccessRequestDetails,
  accounts: Iterable<string> = organization.accounts.keys(),
): ReadonlyMap<string, ControlPolicyDecision> {
  const evaluation = new Evaluation(organization, parseRequest(request));
  const decisions = new Map<string, ControlPolicyDecision>();
  for (const account of accounts) {
    checkAccountId('accounts', account);
    decisions.set(account, evaluation.decide(account));
  }
  return decisions;
}

type Levels = readonly LevelEvaluation[];

/** One request. Compares it with each policy and each level at most once, also for many accounts. */
class Evaluation {
  readonly #organization: PreparedOrganization;
  readonly #request: ParsedRequest;
  readonly #matches = new Map<PreparedPolicy, readonly StatementMatch[]>();
  readonly #levels: Readonly<Record<ControlPolicyType, Map<PreparedNode, Levels>>> = {
    SERVICE_CONTROL_POLICY: new Map(),
    RESOURCE_CONTROL_POLICY: new Map(),
  };

  constructor(organization: PreparedOrganization, request: ParsedRequest) {
    this.#organization = organization;
    this.#request = request;
  }

  decide(account: string): ControlPolicyDecision {
    const owner = this.#find(account);
    const principal = this.#find(this.#request.principalAccount ?? account);
    const bindings = {
      serviceControlPolicies: bindingOfScps(this.#organization, this.#request, principal),
      resourceControlPolicies: bindingOfRcps(this.#organization, this.#request, owner),
    };
    const { serviceControlPolicies: scps, resourceControlPolicies: rcps } = bindings;
    return decide(
      [
        ...(scps === 'BOUND' ? this.#levelsOf(principal.node, 'SERVICE_CONTROL_POLICY') : []),
        ...(rcps === 'BOUND' ? this.#levelsOf(owner.node, 'RESOURCE_CONTROL_POLICY') : []),
      ],
      bindings,
    );
  }

  #find(id: string): { readonly id: string; readonly node: PreparedNode | undefined } {
    return { id, node: this.#organization.accounts.get(id) };
  }

  /** Returns the levels from the root down to a node. */
  #levelsOf(node: PreparedNode | undefined, type: ControlPolicyType): Levels {
    const below: PreparedNode[] = [];
    let levels: Levels = [];
    for (let next = node; next !== undefined; next = next.parent) {
      const known = this.#levels[type].get(next);
      if (known !== undefined) {
        levels = known;
        break;
      }
      below.push(next);
    }
    for (const next of below.reverse()) {
      levels = [...levels, evaluateLevel(next, type, (policy) => this.#match(policy))];
      this.#levels[type].set(next, levels);
    }
    return levels;
  }

  #match(policy: PreparedPolicy): readonly StatementMatch[] {
    const known = this.#matches.get(policy);
    if (known !== undefined) return known;
    const matches = matchStatements(policy, this.#request);
    this.#matches.set(policy, matches);
    return matches;
  }
}
