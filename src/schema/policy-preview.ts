import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { AccessRequestDetails } from '../control-policies/access-request.ts';
import { ChangedOrganization, ChangeRejectedError, type PolicyChange } from '../inventory/policy-changes.ts';
import { PolicyPreview } from '../inventory/policy-preview.ts';
import { countCopied } from '../inventory/session.ts';
import type { CopyReader, PolicyTree } from '../inventory/types.ts';
import { policyLimits } from '../policy-limits.ts';
import { wholeAccount } from './account.ts';
import { builder } from './builder.ts';
import { connectionArgs } from './connection.ts';
import type { GraphContext } from './context.ts';
import {
  ControlPolicyDecisionChangeRef,
  PreviewDecisions,
  previewDecisionsCost,
} from './control-policies/preview-decisions.ts';
import { ControlPolicyRequestInput, expectRequests } from './control-policies/request-input.ts';
import { acceptedCopy } from './copied-connection.ts';
import { type CostRule, upstreamCost } from './cost/rules.ts';
import type { Entity } from './entity.ts';
import { typeOfId } from './ids.ts';
import { idsOf, LivePolicyTree } from './loaders/live-policy-tree.ts';
import { ofOwn } from './organization.ts';
import { PolicyAtLevelRef } from './policy-at-level.ts';
import { expectChanges, MAX_CHANGES, PolicyChangeInput, toChanges } from './policy-change-input.ts';
import { checkPolicyContent } from './policy-content.ts';
import { MAX_LEVELS_OF_ACCOUNT } from './policy-levels.ts';
import { AccountRef, OrganizationRef } from './refs.ts';
import { readReachedAccounts } from './search/account-reach.ts';

/** An organization before and after changes. */
interface Preview {
  readonly preview: PolicyPreview;
  /** What was read from AWS; undefined if it is the copy. */
  readonly live: LivePolicyTree | undefined;
  readonly decisions: PreviewDecisions;
}

/** Changes, applied to the copy of the organization or to what was read from AWS. */
interface AppliedChanges extends Preview {
  readonly changes: readonly PolicyChange[];
}

interface AccountPolicyChange extends Preview {
  readonly account: Entity<'Account'>;
}

/** An assumption: AWS allows 10 and more policies at each level, but organizations attach one or two. */
const MAX_POLICIES_OF_ACCOUNT = 2 * MAX_LEVELS_OF_ACCOUNT;

type Args = Readonly<Record<string, unknown>>;

const isMove = ({ kind }: PolicyChange) => kind === 'moveAccount';

/** Maximum number of policies that an account gains, or loses, by changes of a kind. */
const differenceCost = (kind: 'attach' | 'detach') =>
  upstreamCost({
    items: (_args, _limits, above = {}) => {
      const changes = changesIn(above);
      const levels = changes.some(isMove) ? MAX_POLICIES_OF_ACCOUNT : 0;
      return levels + changes.filter((change) => change.kind === kind).length;
    },
  });

const POLICY_TYPES = Object.keys(policyLimits).length;

const keptCost = {
  items: MAX_POLICIES_OF_ACCOUNT,
  listsRead: () => [
    {
      field: 'policies',
      list: { bound: 'attachedPolicies' },
      count: MAX_LEVELS_OF_ACCOUNT * POLICY_TYPES,
      variants: POLICY_TYPES,
    },
  ],
} as const satisfies CostRule;

const AccountPolicyChangeRef = builder.objectRef<AccountPolicyChange>('AccountPolicyChange').implement({
  description: 'An account whose policies the changes affect. Its policies are of all types, from the root down.',
  fields: (t) => ({
    account: t.field({
      type: AccountRef,
      nullable: false,
      description: 'The account, as it is before the changes.',
      resolve: ({ account }) => account,
    }),
    gained: t.field({
      type: [PolicyAtLevelRef],
      nullable: { list: false, items: false },
      description: 'Policies, with their levels, that reach it after the changes only.',
      extensions: differenceCost('attach'),
      resolve: ({ account, preview }) => [...preview.gained(account.id)],
    }),
    lost: t.field({
      type: [PolicyAtLevelRef],
      nullable: { list: false, items: false },
      description: 'Policies, with their levels, that reach it before the changes only.',
      extensions: differenceCost('detach'),
      resolve: ({ account, preview }) => [...preview.lost(account.id)],
    }),
    kept: t.field({
      type: [PolicyAtLevelRef],
      nullable: { list: false, items: false },
      description:
        'Policies, with their levels, that reach it before and after the changes. Among them are those with a new text. Without the copy of the organization, read from ListPoliciesForTarget with a call for each level and enabled type.',
      extensions: upstreamCost(keptCost),
      resolve: ({ account, preview, live }) => {
        const kept = () => [...preview.kept(account.id)];
        const levels = live?.levelsOf(account.id);
        return live === undefined || levels === undefined ? kept() : live.loadPoliciesOf(levels).then(kept);
      },
    }),
    decisions: t.field({
      type: [ControlPolicyDecisionChangeRef],
      nullable: { list: false, items: false },
      description:
        'Of the requests that `policyPreview` was given, those whose decision about this account changes, in their order. Without the copy of the organization, read from ListPoliciesForTarget with a call for each level and type, and from DescribePolicy.',
      extensions: upstreamCost(previewDecisionsCost),
      resolve: ({ account, decisions }, _args, context) => decisions.changesOf(context, account.id),
    }),
  }),
});

const PolicyPreviewConnection = builder.connectionObject({
  type: AccountPolicyChangeRef,
  name: 'PolicyPreviewConnection',
  description: 'Accounts whose policies the changes affect, in the order of their ids.',
});

const PolicyPreviewRef = builder.objectRef<AppliedChanges>('PolicyPreview').implement({
  description: 'What changes would do. Nothing is written.',
  fields: (t) => ({
    accounts: t.field({
      type: PolicyPreviewConnection,
      nullable: false,
      description:
        'The accounts that gain or lose a policy, or that a policy with a new text reaches, in the order of their ids. Without the copy of the organization, read from ListAccounts to its end.',
      args: connectionArgs,
      extensions: upstreamCost({
        list: { bound: 'accounts', totalBound: 'accounts', search: () => ({ pages: 'none' }) },
      }),
      resolve: (applied, args, context) => readAffected(context, applied, args),
    }),
  }),
});

function readAffected(
  context: GraphContext,
  { changes, ...applied }: AppliedChanges,
  args: Parameters<typeof readReachedAccounts>[2],
) {
  const accepted = acceptedCopy(context);
  // A cursor of the copy continues there, whatever age the operation accepts.
  let current: Preview = applied;
  return readReachedAccounts<AccountPolicyChange>(
    context,
    {
      conditions: createHash('sha256').update(JSON.stringify(changes)).digest('base64url'),
      inCopy(reader) {
        if (reader === accepted) return applied.live === undefined ? applied.preview.affected : undefined;
        const tree = reader.policyTree()?.value;
        if (tree === undefined) return undefined;
        current = previewIn(tree, changes, applied.decisions.requests);
        return current.preview.affected;
      },
      live: () => applied.preview.affected,
      node: (account) => {
        current.live?.addAccount(account);
        return { account: wholeAccount(account), ...current };
      },
    },
    args,
  );
}

/** @throws GraphQLError with AWS's code and reason for the first change that AWS would reject. */
function previewIn(
  tree: PolicyTree | LivePolicyTree,
  changes: readonly PolicyChange[],
  requests: readonly AccessRequestDetails[],
): Preview {
  const live = tree instanceof LivePolicyTree ? tree : undefined;
  const organization = new ChangedOrganization(tree, checkPolicyContent);
  try {
    organization.apply(changes);
  } catch (error) {
    throw error instanceof ChangeRejectedError ? rejectedChange(error) : error;
  }
  return {
    preview: new PolicyPreview(organization),
    live,
    decisions: new PreviewDecisions(organization, live, requests),
  };
}

function rejectedChange({ index, kind, message, code, reason, operation }: ChangeRejectedError): GraphQLError {
  const argument = `changes[${index}].${kind}`;
  return new GraphQLError(`${argument}: ${message}`, {
    extensions: { code, reason: reason ?? null, operation, requestId: null, retryable: false, argument, change: index },
  });
}

/** The copy, if it has all objects that the changes name: AWS knows whether there are others. */
function copiedTree(copy: CopyReader | undefined, changes: readonly PolicyChange[]) {
  const copied = copy?.policyTree();
  const isKnown = (id: string) =>
    (typeOfId(id) === 'Policy' ? copied?.value.policy(id) : copied?.value.levelsOf(id)) !== undefined;
  return changes.every((change) => idsOf(change).every(isKnown)) ? copied : undefined;
}

function previewChanges(
  context: GraphContext,
  changes: readonly PolicyChange[],
  requests: readonly AccessRequestDetails[],
): AppliedChanges | Promise<AppliedChanges> {
  const copied = copiedTree(acceptedCopy(context), changes);
  if (copied === undefined)
    return LivePolicyTree.load(context, changes).then((live) => ({ changes, ...previewIn(live, changes, requests) }));
  countCopied(context.session, copied.asOf);
  return { changes, ...previewIn(copied.value, changes, requests) };
}

/** The changes of an argument, for an estimate. Invalid ones are rejected without a call. */
function changesIn({ changes }: Args): readonly PolicyChange[] {
  return Array.isArray(changes) ? toChanges(changes.slice(0, MAX_CHANGES)) : [];
}

const idsIn = (args: Args): readonly string[] => [...new Set(changesIn(args).flatMap(idsOf))];

const previewCost = {
  requiresOwnOrganization: true,
  readOnce: 'Root',
  boundsItemsBelow: true,
  idsReadById: idsIn,
  typesReadById: (args) =>
    idsIn(args)
      .flatMap((id) => typeOfId(id) ?? [])
      .filter((type) => type !== 'Root'),
  fullReads: (args) => {
    const reachesMany = changesIn(args).some(
      (change) => change.kind === 'updateContent' || ('targetId' in change && typeOfId(change.targetId) !== 'Account'),
    );
    return reachesMany ? ['accounts'] : [];
  },
  listsRead(args) {
    const changes = changesIn(args);
    const moves = changes.filter(isMove).length;
    const edits = changes.filter(({ kind }) => kind === 'updateContent').length;
    const attached = changes.length - moves - edits;
    const ofMove = 2 * MAX_LEVELS_OF_ACCOUNT * POLICY_TYPES;
    return [
      { field: 'policies', list: { bound: 'attachedPolicies' }, count: attached + moves * ofMove },
      { field: 'targets', list: { bound: 'targets' }, count: edits },
    ];
  },
} as const satisfies CostRule;

builder.objectField(OrganizationRef, 'policyPreview', (t) =>
  t.field({
    type: PolicyPreviewRef,
    nullable: false,
    description:
      'What changes of policies would do: they are applied in their order to the copy of the organization, or without one to what is read from AWS. Nothing is written. A change that AWS would reject is an error with the code and reason of AWS, and with the place of the change.',
    args: {
      changes: t.arg({ type: [PolicyChangeInput], required: true, description: '1 to 100 changes.' }),
      decisions: t.arg({
        type: [ControlPolicyRequestInput],
        description: '1 to 50 requests whose decisions `accounts { nodes { decisions } }` compares.',
      }),
    },
    extensions: upstreamCost(previewCost),
    resolve: (organization, { changes, decisions }, context) => {
      const valid = expectChanges(changes);
      const requests = decisions == null ? [] : expectRequests('decisions', decisions);
      return ofOwn(context, organization, () => previewChanges(context, valid, requests));
    },
  }),
);
