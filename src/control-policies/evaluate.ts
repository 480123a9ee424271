import {
  type AccessRequest,
  type AccessRequestDetails,
  checkAccountId,
  type ParsedRequest,
  parseRequest,
} from './access-request.ts';
import { bindingsOf } from './binding.ts';
import type { ControlPolicyType } from './check-control-policy.ts';
import type { CompiledStatement } from './compile-policy.ts';
import { type ControlPolicyDecision, decide } from './decision.ts';
import { DerivedContext, type OrganizationFacts } from './derived-context.ts';
import { evaluateLevel, findMatches, type LevelEvaluation, matchStatements, type StatementMatch } from './level.ts';
import {
  type EvaluatedOrganization,
  type EvaluationOptions,
  isAccountId,
  type OrganizationInput,
  type PreparedNode,
  type PreparedOrganization,
  type PreparedPolicy,
  prepareOrganization,
} from './organization.ts';
import type { Truth } from './truth.ts';

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

/**
 * Returns a function that decides the same request for accounts. Condition keys that follow from the accounts and the
 * organization need not be in the request.
 *
 * @throws ControlPolicyInputError if the request is not valid
 */
export function createAccountEvaluator(
  organization: EvaluatedOrganization,
  request: AccessRequestDetails,
  facts: OrganizationFacts,
): (account: string) => ControlPolicyDecision {
  const parsed = parseRequest(request);
  const evaluate = () => new Evaluation(organization, parsed, new DerivedContext(parsed, organization, facts));
  const inside = evaluate();
  let outside: Evaluation | undefined;
  return (account) => {
    if (organization.accounts.get(account) !== undefined) return inside.decide(account);
    // Outside of the organization, the keys that its accounts share have other values.
    outside ??= evaluate();
    return outside.decide(account);
  };
}

type Levels = readonly LevelEvaluation[];

/**
 * One request. Compares it with each policy and each level at most once, also for many accounts; again for each account
 * only where the account is part of the context.
 */
class Evaluation {
  readonly #organization: EvaluatedOrganization;
  readonly #request: ParsedRequest;
  readonly #derived: DerivedContext | undefined;
  readonly #truths = new Map<CompiledStatement, Truth>();
  readonly #matches = new Map<PreparedPolicy, readonly StatementMatch[]>();
  readonly #levels: Readonly<Record<ControlPolicyType, Map<PreparedNode, LevelEvaluation>>> = {
    SERVICE_CONTROL_POLICY: new Map(),
    RESOURCE_CONTROL_POLICY: new Map(),
  };

  constructor(organization: EvaluatedOrganization, request: ParsedRequest, derived?: DerivedContext) {
    this.#organization = organization;
    this.#request = derived === undefined ? request : { ...request, context: derived };
    this.#derived = derived;
  }

  decide(account: string): ControlPolicyDecision {
    const { accounts } = this.#organization;
    const principal = this.#request.principalAccount ?? account;
    const [principalNode, ownerNode] = [accounts.get(principal), accounts.get(account)];
    this.#derived?.select(principal, account);
    const bindings = bindingsOf(
      this.#organization,
      this.#request,
      { id: principal, node: principalNode },
      { id: account, node: ownerNode },
    );
    const { serviceControlPolicies: scps, resourceControlPolicies: rcps } = bindings;
    return decide(
      [
        ...(scps === 'BOUND' ? this.#levelsOf(principalNode, 'SERVICE_CONTROL_POLICY') : []),
        ...(rcps === 'BOUND' ? this.#levelsOf(ownerNode, 'RESOURCE_CONTROL_POLICY') : []),
      ],
      bindings,
    );
  }

  /** Returns the levels from the root down to a node. */
  #levelsOf(node: PreparedNode | undefined, type: ControlPolicyType): Levels {
    const levels: LevelEvaluation[] = [];
    for (let next = node; next !== undefined; next = next.parent) {
      levels.push(this.#levels[type].get(next) ?? this.#evaluate(next, type));
    }
    return levels.reverse();
  }

  #evaluate(node: PreparedNode, type: ControlPolicyType): LevelEvaluation {
    let isShared = true;
    const level = evaluateLevel(node, type, (policy) => {
      const matches = this.#matches.get(policy);
      if (matches !== undefined) return matches;
      const { found, dependsOnAccount } = this.#match(policy);
      if (dependsOnAccount) isShared = false;
      else this.#matches.set(policy, found);
      return found;
    });
    // Few requests need the level of an account again, and there are many accounts.
    if (isShared && (!isAccountId(node.id) || node.id === this.#request.principalAccount))
      this.#levels[type].set(node, level);
    return level;
  }

  #match(policy: PreparedPolicy): { readonly found: readonly StatementMatch[]; readonly dependsOnAccount: boolean } {
    const derived = this.#derived;
    if (derived === undefined) return { found: matchStatements(policy, this.#request), dependsOnAccount: false };
    let dependsOnAccount = false;
    const found = findMatches(policy, (statement) => {
      const known = this.#truths.get(statement);
      if (known !== undefined) return known;
      derived.dependsOnAccount = false;
      const truth = statement.matches(this.#request);
      // A comparison that reads no key of an account takes the same course for all accounts.
      if (derived.dependsOnAccount) dependsOnAccount = true;
      else this.#truths.set(statement, truth);
      return truth;
    });
    return { found, dependsOnAccount };
  }
}
