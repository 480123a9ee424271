import type { aws } from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import { accountsOfParentsKind } from './accounts-of-parents.ts';
import type { ScannedLists } from './list-scan.ts';
import { type KeyedRead, loadByKey } from './load-by-key.ts';
import { keyedReads, ListPages } from './replies.ts';

export const policiesOfTargetsKind = 'policies of targets';

/** Enough for the slowest replies to leave none of the 5 calls a second unused. */
const maxConcurrentLists = 8;

interface Attachments {
  readonly policy: aws.PolicySummary;
  readonly targets: ListPages<'ListTargetsForPolicy'>;
}

/**
 * The policies of one type attached to each target, by the targets of each policy: ListPolicies, then ListTargetsForPolicy for each, 20
 * targets a call, where ListPoliciesForTarget takes one call for each target. Both are allowed 5 calls a second.
 */
class PoliciesByTarget implements ScannedLists<readonly aws.PolicySummary[]> {
  readonly #context: GraphContext;
  readonly #policies: ListPages<'ListPolicies'>;
  readonly #attachments: Attachments[] = [];
  readonly #byTarget = new Map<string, Set<aws.PolicySummary>>();
  #isComplete = false;

  constructor(context: GraphContext, type: aws.PolicyType) {
    this.#context = context;
    this.#policies = new ListPages(context, { operation: 'ListPolicies', input: { Filter: type } });
  }

  async readNext(maxCalls: number) {
    if (!this.#policies.isComplete) {
      for (const policy of (await this.#policies.next()).items) {
        const list = { operation: 'ListTargetsForPolicy', input: { PolicyId: policy.Id } } as const;
        this.#attachments.push({ policy, targets: new ListPages(this.#context, list) });
      }
      return this.#progress(1);
    }
    const next = this.#attachments
      .filter(({ targets }) => !targets.isComplete)
      .slice(0, Math.min(maxCalls, maxConcurrentLists));
    await Promise.all(
      next.map(async ({ policy, targets }) => {
        for (const { TargetId } of (await targets.next()).items) {
          if (TargetId === undefined) continue;
          const attached = this.#byTarget.get(TargetId);
          if (attached === undefined) this.#byTarget.set(TargetId, new Set([policy]));
          else attached.add(policy);
        }
      }),
    );
    return this.#progress(next.length);
  }

  find(targetId: string): readonly aws.PolicySummary[] | undefined {
    if (!this.#isComplete) return undefined;
    const attached = this.#byTarget.get(targetId);
    // In the order of ListPolicies, whichever policy's targets came first.
    return attached === undefined
      ? []
      : this.#attachments.map(({ policy }) => policy).filter((policy) => attached.has(policy));
  }

  #progress(calls: number) {
    this.#isComplete = this.#policies.isComplete && this.#attachments.every(({ targets }) => targets.isComplete);
    return { calls, isComplete: this.#isComplete };
  }
}

const policiesOfTargets = keyedReads(
  (type: aws.PolicyType): KeyedRead<string, readonly aws.PolicySummary[] | undefined> => ({
    name: `${policiesOfTargetsKind} ${type}`,
    cacheKey: (targetId) => targetId,
    read: async () => undefined,
    scan: {
      kind: policiesOfTargetsKind,
      direct: 'ListPoliciesForTarget',
      scanned: 'ListTargetsForPolicy',
      dependsOn: [accountsOfParentsKind, 'ListOrganizationalUnitsForParent', 'ListAccounts', 'ListAccountsForParent'],
      lists: (context) => new PoliciesByTarget(context, type),
    },
  }),
);

/**
 * Loads all policies of a type attached to a target, in the order of ListPolicies; undefined when ListPoliciesForTarget is cheaper.
 * The target must be one of the organization: another one would look as if nothing were attached, instead of an error.
 */
export const loadPoliciesOfTarget = async (context: GraphContext, targetId: string, type: aws.PolicyType) =>
  loadByKey(context, policiesOfTargets(type), targetId);

/** The same from ListTargetsForPolicy, whatever it costs. */
export async function scanPoliciesOfTarget(
  context: GraphContext,
  targetId: string,
  type: aws.PolicyType,
): Promise<readonly aws.PolicySummary[]> {
  const policies = new PoliciesByTarget(context, type);
  while (!(await policies.readNext(Number.POSITIVE_INFINITY)).isComplete);
  return policies.find(targetId) ?? [];
}
