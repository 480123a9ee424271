import type { AccessRequestDetails } from '../../control-policies/access-request.ts';
import { controlPolicyTypes } from '../../control-policies/check-control-policy.ts';
import { createAccountEvaluator } from '../../control-policies/evaluate.ts';
import type { ChangedOrganization } from '../../inventory/policy-changes.ts';
import type { aws } from '../../upstream/index.ts';
import { builder } from '../builder.ts';
import type { GraphContext } from '../context.ts';
import type { CostRule } from '../cost/rules.ts';
import { mapMaybePromise } from '../entity.ts';
import type { NodeName } from '../ids.ts';
import type { LivePolicyTree } from '../loaders/live-policy-tree.ts';
import { loadOwnOrganization } from '../loaders/objects-by-id.ts';
import { MAX_LEVELS_OF_ACCOUNT } from '../policy-levels.ts';
import { POLICIES_OF_ACCOUNT } from './account-decision.ts';
import { ControlPolicyDecisionRef, type DecisionIn } from './decision.ts';
import { loadPoliciesAt, loadPrincipals, principalsOf } from './decision-organization.ts';
import { PreparedTree } from './prepared-tree.ts';
import type { GivenRequest } from './request-input.ts';

interface DecisionChange {
  readonly action: string;
  readonly before: DecisionIn;
  readonly after: DecisionIn;
}

/** A request in the organization before or after the changes. */
interface Side {
  readonly organization: PreparedTree;
  readonly decide: readonly ReturnType<typeof createAccountEvaluator>[];
}

export const ControlPolicyDecisionChangeRef = builder
  .objectRef<DecisionChange>('ControlPolicyDecisionChange')
  .implement({
    description: 'A request that control policies decide otherwise after changes.',
    fields: (t) => ({
      action: t.exposeString('action', { nullable: false, description: 'The action of the request.' }),
      before: t.field({
        type: ControlPolicyDecisionRef,
        nullable: false,
        description: 'The decision before the changes.',
        resolve: ({ before }) => before,
      }),
      after: t.field({
        type: ControlPolicyDecisionRef,
        nullable: false,
        description: 'The decision after the changes.',
        resolve: ({ after }) => after,
      }),
    }),
  });

/** Compares decisions before and after changes. Accounts share the levels that they have in common. */
export class PreviewDecisions {
  readonly requests: readonly AccessRequestDetails[];
  readonly #changed: ChangedOrganization;
  /** What was read from AWS; undefined if it is the copy. */
  readonly #live: LivePolicyTree | undefined;
  #sides: readonly [before: Side, after: Side] | undefined;
  #principals: Promise<void> | undefined;

  constructor(
    changed: ChangedOrganization,
    live: LivePolicyTree | undefined,
    requests: readonly AccessRequestDetails[],
  ) {
    this.#changed = changed;
    this.#live = live;
    this.requests = requests;
  }

  /** @throws UpstreamError (by rejecting) if AWS rejects a read. */
  changesOf(context: GraphContext, account: string): DecisionChange[] | Promise<DecisionChange[]> {
    if (this.requests.length === 0) return [];
    return mapMaybePromise(loadOwnOrganization(context), (own) => {
      // An account that has left meanwhile has no levels.
      if (own === null || this.#changed.before.levelsOf(account) === undefined) return [];
      const [before, after] = this.#prepare(context, own);
      const compare = () => this.#compare(before, after, account);
      return mapMaybePromise(this.#load(context, before, after, account), compare);
    });
  }

  #prepare(context: GraphContext, own: aws.Organization): readonly [Side, Side] {
    const sideOf = (organization: PreparedTree): Side => ({
      organization,
      decide: this.requests.map((request) => createAccountEvaluator(organization, request, organization.facts)),
    });
    this.#sides ??= [
      sideOf(new PreparedTree(context, this.#changed.before, own)),
      sideOf(new PreparedTree(context, this.#changed, own)),
    ];
    return this.#sides;
  }

  /** Loads the policies that reach an account and the callers of the requests, before and after the changes. */
  #load(context: GraphContext, before: Side, after: Side, account: string): void | Promise<void> {
    const load = (): void | Promise<void> => {
      const ids = [account, ...principalsOf(this.requests)];
      const levelsIn = ({ organization }: Side) => new Set(ids.flatMap((id) => organization.tree.levelsOf(id) ?? []));
      const [old, next] = [levelsIn(before), levelsIn(after)];
      const complete = (): void | Promise<void> =>
        mapMaybePromise(loadPoliciesAt(context, before.organization, old), () =>
          loadPoliciesAt(context, after.organization, next),
        );
      return this.#live === undefined
        ? complete()
        : this.#live.loadPoliciesOf(new Set([...old, ...next]), controlPolicyTypes).then(complete);
    };
    if (this.#live === undefined) return load();
    this.#principals ??= loadPrincipals(context, this.#live, this.requests);
    return this.#principals.then(load);
  }

  #compare(before: Side, after: Side, account: string): DecisionChange[] {
    return this.requests.flatMap(({ action }, index) => {
      const [old, next] = [decisionIn(before, index, account), decisionIn(after, index, account)];
      return old.evaluated.decision === next.evaluated.decision ? [] : [{ action, before: old, after: next }];
    });
  }
}

function decisionIn({ organization, decide }: Side, request: number, account: string): DecisionIn {
  // There is one function for each request.
  return { organization, evaluated: (decide[request] as Side['decide'][number])(account) };
}

type Args = Readonly<Record<string, unknown>>;

/** The requests of the preview around the field. */
const requestsIn = ({ decisions }: Args = {}): readonly GivenRequest[] => (Array.isArray(decisions) ? decisions : []);

export const previewDecisionsCost = {
  items: (_args, _limits, above) => requestsIn(above).length,
  typesReadById: (_args, _limits, above) => {
    const requests = requestsIn(above);
    if (requests.length === 0) return [];
    const principals = new Set(requests.flatMap(({ principal }) => principal?.accountId ?? []));
    return [
      'Organization',
      ...Array.from(principals, (): NodeName => 'Account'),
      ...Array.from({ length: 2 * POLICIES_OF_ACCOUNT }, (): NodeName => 'Policy'),
    ];
  },
  listsRead: (_args, above) =>
    requestsIn(above).length === 0
      ? []
      : [
          {
            field: 'policies',
            list: { bound: 'attachedPolicies' },
            count: 2 * controlPolicyTypes.length * MAX_LEVELS_OF_ACCOUNT,
            variants: controlPolicyTypes.length,
          },
        ],
} as const satisfies CostRule;
