import type { AccessRequestDetails } from '../../control-policies/access-request.ts';
import { controlPolicyTypes } from '../../control-policies/check-control-policy.ts';
import { createAccountEvaluator } from '../../control-policies/evaluate.ts';
import { builder } from '../builder.ts';
import type { GraphContext } from '../context.ts';
import { MAX_CONTROL_POLICIES } from '../cost/list-bounds.ts';
import { type CostRule, upstreamCost } from '../cost/rules.ts';
import { type Entity, mapMaybePromise } from '../entity.ts';
import type { NodeName } from '../ids.ts';
import { policiesOfTargetsScan } from '../loaders/policies-of-targets.ts';
import { MAX_LEVELS_OF_ACCOUNT } from '../policy-levels.ts';
import { AccountRef } from '../refs.ts';
import { ControlPolicyDecisionRef, type DecisionIn } from './decision.ts';
import { copiedOrganization, principalsOf, readOrganizationOf } from './decision-organization.ts';
import type { PreparedTree } from './prepared-tree.ts';
import {
  ConditionKeyInput,
  ControlPolicyPrincipalInput,
  expectRequest,
  type GivenRequest,
  requestDescriptions,
} from './request-input.ts';

type Decide = ReturnType<typeof createAccountEvaluator>;

/** The same request of one operation, for all accounts that ask it. */
interface SharedRequest {
  readonly request: AccessRequestDetails;
  organization?: PreparedTree;
  decide?: Decide;
}

/** The requests of an operation, by their arguments as text. */
const requestsOf = new WeakMap<GraphContext, Map<string, SharedRequest>>();
/** An operation with more aliases parses the further requests for each account. */
const MAX_SHARED = 20;

/** @throws GraphQLError BAD_USER_INPUT */
function sharedRequest(context: GraphContext, given: GivenRequest): SharedRequest {
  const requests = requestsOf.get(context) ?? new Map<string, SharedRequest>();
  requestsOf.set(context, requests);
  const key = JSON.stringify(given);
  const known = requests.get(key);
  if (known !== undefined) return known;
  const shared = { request: expectRequest('', given) };
  if (requests.size < MAX_SHARED) requests.set(key, shared);
  return shared;
}

/** @throws GraphQLError BAD_USER_INPUT (at once) @throws UpstreamError if AWS rejects a read (by rejecting). */
function decide(
  context: GraphContext,
  account: Entity<'Account'>,
  given: GivenRequest,
): DecisionIn | Promise<DecisionIn> {
  const shared = sharedRequest(context, given);
  const { request } = shared;
  const organization =
    copiedOrganization(context, account.id, principalsOf([request])) ?? readOrganizationOf(context, account, request);
  return mapMaybePromise(organization, (found) => ({
    organization: found,
    evaluated: evaluatorIn(found, shared)(account.id),
  }));
}

function evaluatorIn(organization: PreparedTree, shared: SharedRequest): Decide {
  if (shared.decide === undefined || shared.organization !== organization) {
    shared.decide = createAccountEvaluator(organization, shared.request, organization.facts);
    shared.organization = organization;
  }
  return shared.decide;
}

/** Of both types, at all levels of an account. */
export const POLICIES_OF_ACCOUNT = MAX_CONTROL_POLICIES * MAX_LEVELS_OF_ACCOUNT;

/** What a decision about one account reads. */
const decisionCost = {
  members: ['Paths'],
  readOnce: 'Root',
  typesReadById: ({ principal }) => [
    'Organization',
    ...((principal as GivenRequest['principal'])?.accountId == null ? [] : (['Account'] as const)),
    ...Array.from({ length: POLICIES_OF_ACCOUNT }, (): NodeName => 'Policy'),
  ],
  listsRead: () => [
    {
      field: 'policies',
      list: { bound: 'attachedPolicies', scan: policiesOfTargetsScan },
      count: controlPolicyTypes.length * MAX_LEVELS_OF_ACCOUNT,
      variants: controlPolicyTypes.length,
      isSharedByAllArguments: true,
    },
  ],
} as const satisfies CostRule;

builder.objectField(AccountRef, 'controlPolicyDecision', (t) =>
  t.field({
    type: ControlPolicyDecisionRef,
    nullable: false,
    description:
      'Whether service and resource control policies deny a request of this account. From the copy of the organization without a call, otherwise read from ListPoliciesForTarget with a call for each level and type, and from DescribePolicy.',
    args: {
      action: t.arg.string({ required: true, description: requestDescriptions.action }),
      resource: t.arg.string({ description: requestDescriptions.resource }),
      context: t.arg({ type: [ConditionKeyInput], description: requestDescriptions.context }),
      principal: t.arg({ type: ControlPolicyPrincipalInput, description: requestDescriptions.principal }),
    },
    extensions: upstreamCost(decisionCost),
    resolve: (account, args, context) => decide(context, account, args),
  }),
);
