import { createHash } from 'node:crypto';
import type { AccessRequestDetails } from '../../control-policies/access-request.ts';
import { controlPolicyTypes } from '../../control-policies/check-control-policy.ts';
import { createAccountEvaluator } from '../../control-policies/evaluate.ts';
import type { Decision } from '../../control-policies/level.ts';
import { idOrder } from '../../inventory/orders.ts';
import type { AccountFilter as AccountConditions } from '../../inventory/types.ts';
import type { aws } from '../../upstream/index.ts';
import { AccountConnection, wholeAccount } from '../account.ts';
import { builder } from '../builder.ts';
import { type ConnectionArgs, connectionArgs } from '../connection.ts';
import type { GraphContext } from '../context.ts';
import { acceptedCopy, copiedConnection } from '../copied-connection.ts';
import { maxObjectsOf } from '../cost/list-bounds.ts';
import { type CostRule, upstreamCost } from '../cost/rules.ts';
import type { NodeName } from '../ids.ts';
import { policiesOfTargetsScan } from '../loaders/policies-of-targets.ts';
import { ofOwn } from '../organization.ts';
import { pausesOf } from '../pauses.ts';
import { MAX_LEVELS_OF_ACCOUNT } from '../policy-levels.ts';
import { OrganizationRef } from '../refs.ts';
import { AccountFilter, checkAccountFilter, idsIn, loadMatchingAccounts } from '../search/account-search.ts';
import { conditionsKey } from '../search/filter-rules.ts';
import { createSortedList, readPositionedList } from '../search/positioned-list.ts';
import { POLICIES_OF_ACCOUNT } from './account-decision.ts';
import { ControlPolicyOutcome, ControlPolicyReasonRef, type Reason, reasonOf } from './decision.ts';
import { CopiedLevels, principalsOf, readOrganizationWith } from './decision-organization.ts';
import type { PreparedTree } from './prepared-tree.ts';
import { ControlPolicyRequestInput, expectRequests, MAX_REQUESTS } from './request-input.ts';

/** Accounts with the same decision for the same reason. */
interface DecisionGroup {
  readonly requestIndex: number;
  readonly action: string;
  readonly decision: Decision;
  readonly because: Reason | null;
  readonly missingContextKeys: Set<string>;
  /** In the order of their ids. */
  readonly accounts: aws.Account[];
  /** What determines the group, as text. */
  readonly conditions: string;
}

/** Accounts, and an organization that has the policies of all of them. */
interface Subject {
  readonly organization: PreparedTree;
  readonly accounts: readonly aws.Account[];
}

const outcomes: readonly Decision[] = ['DENIED', 'DEPENDS', 'ALLOWED'];

const DecisionGroupRef = builder.objectRef<DecisionGroup>('ControlPolicyDecisionGroup').implement({
  description: 'The accounts that get the same decision about a request for the same reason.',
  fields: (t) => ({
    requestIndex: t.exposeInt('requestIndex', {
      nullable: false,
      description: 'The place of the request among `requests`, from 0.',
    }),
    action: t.exposeString('action', { nullable: false, description: 'The action of the request.' }),
    decision: t.expose('decision', { type: ControlPolicyOutcome, nullable: false, description: 'The decision.' }),
    because: t.expose('because', {
      type: ControlPolicyReasonRef,
      nullable: true,
      description: 'What denies; null if several statements or levels do, and for other decisions.',
    }),
    missingContextKeys: t.stringList({
      nullable: { list: false, items: false },
      description: 'The condition keys on which the decisions depend, sorted.',
      resolve: ({ missingContextKeys }) => [...missingContextKeys].sort(),
    }),
    accountCount: t.int({
      nullable: false,
      description: 'How many accounts they are.',
      resolve: ({ accounts }) => accounts.length,
    }),
    accounts: t.field({
      type: AccountConnection,
      description: 'The accounts, in the order of their ids.',
      args: connectionArgs,
      extensions: upstreamCost({ list: { bound: 'accounts', search: () => ({ pages: 'none' }) } }),
      resolve: (group, args, context) => readAccountsOfGroup(context, group, args),
    }),
  }),
});

function readAccountsOfGroup(context: GraphContext, { accounts, conditions }: DecisionGroup, args: ConnectionArgs) {
  const request = { operation: 'ListAccounts', input: {} } as const;
  const found = new Map(accounts.map(({ Id = '' }) => [Id, true]));
  const copied = copiedConnection(
    context,
    {
      ...request,
      key: ({ Id }: aws.Account) => Id,
      node: wholeAccount,
      copied: { conditions, list: (reader) => reader.accounts({ reach: { levels: new Set(), accounts: found } }) },
    },
    args,
  );
  if (copied !== undefined) return copied;
  const list = createSortedList(idOrder, async () => accounts);
  return readPositionedList(context, { request, conditions, node: wholeAccount, ...list }, args);
}

/** The copy may change while decisions are made. After so many times the organization is read from AWS instead. */
const MAX_COPIED_ATTEMPTS = 3;

async function readGroups(
  context: GraphContext,
  filter: AccountConditions | null | undefined,
  requests: readonly AccessRequestDetails[],
): Promise<DecisionGroup[]> {
  const conditions = conditionsKey({ ...filter });
  for (let attempt = 0; attempt < MAX_COPIED_ATTEMPTS; attempt += 1) {
    const subject = await loadFromCopy(context, filter, requests);
    if (subject === undefined) break;
    const groups = await groupDecisions(context, subject, requests, conditions);
    if (groups !== undefined) return groups;
  }
  const accounts = await loadMatchingAccounts(context, filter);
  const organization = await readOrganizationWith(context, accounts, requests, !isByTarget(filter?.ids?.length));
  const known = accounts.filter(({ Id = '' }) => organization.nodeOf(Id) !== undefined);
  return (await groupDecisions(context, { organization, accounts: known }, requests, conditions)) ?? [];
}

/** Undefined if the copy does not have the policies of all accounts. */
async function loadFromCopy(
  context: GraphContext,
  filter: AccountConditions | null | undefined,
  requests: readonly AccessRequestDetails[],
): Promise<Subject | undefined> {
  const list = acceptedCopy(context)?.accounts({ filter });
  const levels = CopiedLevels.of(context);
  if (list === undefined || levels === undefined) return undefined;
  const pauses = pausesOf(context);
  const accounts = list.after(undefined, list.length);
  for (const { Id = '' } of accounts) {
    if (pauses.mustPause()) await pauses.resumed();
    if (!levels.add(Id)) return undefined;
  }
  if (!principalsOf(requests).every((id) => levels.addIfKnown(id))) return undefined;
  const organization = await levels.organization(context);
  for (const id of levels.policies) {
    if (pauses.mustPause()) await pauses.resumed();
    organization.policy(id);
  }
  return { organization, accounts };
}

/** Undefined if the organization has lost an account meanwhile. */
async function groupDecisions(
  context: GraphContext,
  { organization, accounts }: Subject,
  requests: readonly AccessRequestDetails[],
  conditions: string,
): Promise<DecisionGroup[] | undefined> {
  const pauses = pausesOf(context);
  const all: DecisionGroup[] = [];
  for (const [requestIndex, request] of requests.entries()) {
    const decide = createAccountEvaluator(organization, request, organization.facts);
    const groups = new Map<string, DecisionGroup>();
    for (const account of accounts) {
      if (pauses.mustPause()) await pauses.resumed();
      const { Id = '' } = account;
      if (organization.nodeOf(Id) === undefined) return undefined;
      const evaluated = decide(Id);
      const because = reasonOf({ organization, evaluated });
      const { decision, missingContextKeys = [] } = evaluated;
      const key = JSON.stringify([decision, because?.level, because?.policy, because?.index]);
      let group = groups.get(key);
      if (group === undefined) {
        const text = JSON.stringify([conditions, request, key]);
        group = {
          requestIndex,
          action: request.action,
          decision,
          because,
          missingContextKeys: new Set(),
          accounts: [],
          conditions: createHash('sha256').update(text).digest('base64url'),
        };
        groups.set(key, group);
      }
      group.accounts.push(account);
      for (const missing of missingContextKeys) group.missingContextKeys.add(missing);
    }
    all.push(...[...groups.values()].sort(byOutcome));
  }
  return all;
}

const byOutcome = (one: DecisionGroup, other: DecisionGroup): number =>
  outcomes.indexOf(one.decision) - outcomes.indexOf(other.decision) ||
  other.accounts.length - one.accounts.length ||
  idOrder.compare(one.accounts[0] ?? {}, other.accounts[0] ?? {});

type Args = Readonly<Record<string, unknown>>;

const requestsIn = ({ requests }: Args): readonly (typeof ControlPolicyRequestInput.$inferInput)[] =>
  Array.isArray(requests) ? requests.slice(0, MAX_REQUESTS) : [];

/** An assumption: few statements decide about one request. */
const MAX_GROUPS_OF_REQUEST = 20;

/** Maximum number of accounts by id whose policies are read for each target. Those of more are read for all targets at once. */
const MAX_BY_TARGET = 20;
const isByTarget = (ids: number | undefined): boolean => ids !== undefined && ids <= MAX_BY_TARGET;

const groupsCost = {
  requiresOwnOrganization: true,
  readOnce: 'Root',
  fullReads: (args) => {
    const ids = idsIn(args)?.length;
    const accounts = ids === undefined ? (['accounts'] as const) : [];
    return isByTarget(ids) ? accounts : [...accounts, 'policyAttachments'];
  },
  typesReadById: (args) => {
    const principals = new Set(requestsIn(args).flatMap(({ principal }) => principal?.accountId ?? []));
    const accounts = Array.from({ length: (idsIn(args)?.length ?? 0) + principals.size }, (): NodeName => 'Account');
    const policies = { length: (idsIn(args)?.length ?? Number.POSITIVE_INFINITY) * POLICIES_OF_ACCOUNT };
    if (policies.length > maxObjectsOf('Policy')) policies.length = maxObjectsOf('Policy');
    return [...accounts, ...Array.from(policies, (): NodeName => 'Policy')];
  },
  listsRead: (args) => {
    const ids = idsIn(args)?.length;
    if (ids === undefined || !isByTarget(ids)) return [];
    const count = ids * controlPolicyTypes.length * MAX_LEVELS_OF_ACCOUNT;
    return [
      {
        field: 'policies',
        list: { bound: 'attachedPolicies', scan: policiesOfTargetsScan },
        count,
        variants: controlPolicyTypes.length,
        isSharedByAllArguments: true,
      },
    ];
  },
  items: (args) => requestsIn(args).length * MAX_GROUPS_OF_REQUEST,
  computedValues: (args, { accounts }) => requestsIn(args).length * Math.min(accounts, idsIn(args)?.length ?? accounts),
} as const satisfies CostRule;

builder.objectField(OrganizationRef, 'controlPolicyDecisions', (t) =>
  t.field({
    type: [DecisionGroupRef],
    nullable: { list: false, items: false },
    description:
      'Decides requests for all accounts, or for those of a filter, and groups the accounts by decision and reason: in the order of the requests, denied accounts first. From the copy of the organization without a call, otherwise read from ListAccounts, ListPoliciesForTarget or ListTargetsForPolicy, and DescribePolicy.',
    args: {
      requests: t.arg({ type: [ControlPolicyRequestInput], required: true, description: '1 to 50 requests.' }),
      filter: t.arg({ type: AccountFilter, description: 'Which accounts. Default: all.' }),
    },
    extensions: upstreamCost(groupsCost),
    resolve: (organization, { requests, filter }, context) => {
      const valid = expectRequests('requests', requests);
      checkAccountFilter(filter);
      return ofOwn(context, organization, () => readGroups(context, filter, valid));
    },
  }),
);
