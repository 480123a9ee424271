import type { aws } from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import { accountsOfParentsScan } from './accounts-of-parents.ts';
import type { ScannedLists } from './list-scan.ts';
import { type KeyedRead, loadByKey } from './load-by-key.ts';
import { keyedReads, ListPages, readAllItems } from './replies.ts';

export const policiesOfTargetsScan = 'policies of targets';

/** Enough to use all of AWS's 5 calls a second, even if replies are slow. */
const maxConcurrentLists = 8;

interface Attachments {
  readonly policy: aws.PolicySummary;
  readonly targets: ListPages<'ListTargetsForPolicy'>;
}

/**
 * Reads which policies of a type are attached to each target from ListPolicies and ListTargetsForPolicy, with 20
 * targets a call. ListPoliciesForTarget takes a call for each target. AWS allows 5 calls a second of both.
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
    // The order of ListPolicies; the pages of targets arrive in any order.
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
    name: `${policiesOfTargetsScan} ${type}`,
    cacheKey: (targetId) => targetId,
    read: async () => undefined,
    scan: {
      name: policiesOfTargetsScan,
      directOperation: 'ListPoliciesForTarget',
      listOperation: 'ListTargetsForPolicy',
      dependsOn: [accountsOfParentsScan, 'ListOrganizationalUnitsForParent', 'ListAccounts', 'ListAccountsForParent'],
      createLists: (context) => new PoliciesByTarget(context, type),
    },
  }),
);

/**
 * Loads all policies of a type attached to a target, in the order of ListPolicies; undefined if ListPoliciesForTarget
 * is cheaper. The target must be in the organization: for any other one, the result would be an empty list instead of
 * an error.
 */
export const loadPoliciesOfTarget = async (context: GraphContext, targetId: string, type: aws.PolicyType) =>
  loadByKey(context, policiesOfTargets(type), targetId);

/** Loads the same list in the cheaper way. The target must be in the organization. */
export const loadAttachedPolicies = async (
  context: GraphContext,
  targetId: string,
  type: aws.PolicyType,
): Promise<readonly aws.PolicySummary[]> =>
  (await loadPoliciesOfTarget(context, targetId, type)) ??
  (await readAllItems(context, { operation: 'ListPoliciesForTarget', input: { TargetId: targetId, Filter: type } }));

/** Loads the same list from ListTargetsForPolicy, even if that takes more calls. */
export const scanPoliciesOfTarget = async (
  context: GraphContext,
  targetId: string,
  type: aws.PolicyType,
): Promise<readonly aws.PolicySummary[]> => (await scanAttachedPolicies(context, type))(targetId);

/** Reads the policies of a type of all targets from ListTargetsForPolicy. Returns those of one target. */
export async function scanAttachedPolicies(
  context: GraphContext,
  type: aws.PolicyType,
): Promise<(targetId: string) => readonly aws.PolicySummary[]> {
  const policies = new PoliciesByTarget(context, type);
  while (!(await policies.readNext(Number.POSITIVE_INFINITY)).isComplete);
  return (targetId) => policies.find(targetId) ?? [];
}
