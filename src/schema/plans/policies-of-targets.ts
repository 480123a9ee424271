import type { aws } from '../../upstream/index.ts';
import type { GraphContext } from '../context.ts';
import { accountsOfParentsPlan } from './accounts-of-parents.ts';
import { ListReader } from './list-sweep.ts';
import { Planner, type PlanOptions } from './planner.ts';
import type { Sweep } from './pool.ts';

export const policiesOfTargetsPlan = 'policies of targets';

interface Attachments {
  readonly policy: aws.PolicySummary;
  readonly targets: ListReader<'ListTargetsForPolicy'>;
}

/**
 * The policies of one type attached to each target, by the targets of each policy: ListPolicies, then ListTargetsForPolicy for each, 20
 * targets a call, where ListPoliciesForTarget takes one call for each target. Both are allowed 5 calls a second.
 */
class AttachmentsSweep implements Sweep<readonly aws.PolicySummary[]> {
  readonly #context: GraphContext;
  readonly #policies: ListReader<'ListPolicies'>;
  #listed: Attachments[] = [];
  /** Those whose targets have not all been told, each with its place among all. */
  #open: Attachments[] = [];
  readonly #byTarget = new Map<string, Set<aws.PolicySummary>>();
  #complete = false;

  constructor(context: GraphContext, type: aws.PolicyType) {
    this.#context = context;
    this.#policies = new ListReader(context, 'ListPolicies', { Filter: type });
  }

  async step(most: number) {
    if (!this.#policies.complete) {
      for (const policy of await this.#policies.next()) {
        const targets = new ListReader(this.#context, 'ListTargetsForPolicy', { PolicyId: policy.Id });
        this.#listed.push({ policy, targets });
      }
      this.#open = this.#listed;
      return { calls: 1, complete: this.#end() };
    }
    const now = this.#open.slice(0, Math.min(most, sideBySide));
    await Promise.all(
      now.map(async ({ policy, targets }) => {
        for (const { TargetId } of await targets.next()) {
          if (TargetId === undefined) continue;
          const attached = this.#byTarget.get(TargetId);
          if (attached === undefined) this.#byTarget.set(TargetId, new Set([policy]));
          else attached.add(policy);
        }
      }),
    );
    this.#open = this.#open.filter(({ targets }) => !targets.complete);
    return { calls: now.length, complete: this.#end() };
  }

  answer(targetId: string): readonly aws.PolicySummary[] | undefined {
    if (!this.#complete) return undefined;
    const attached = this.#byTarget.get(targetId);
    // In the order of ListPolicies, whichever policy's targets came first.
    return attached === undefined
      ? []
      : this.#listed.map(({ policy }) => policy).filter((policy) => attached.has(policy));
  }

  #end(): boolean {
    this.#complete = this.#policies.complete && this.#open.length === 0;
    return this.#complete;
  }
}

/** Enough for the slowest answers to leave none of the 5 calls a second unused. */
const sideBySide = 8;

const plan = (context: GraphContext, type: aws.PolicyType): PlanOptions<readonly aws.PolicySummary[]> => ({
  kind: policiesOfTargetsPlan,
  direct: 'ListPoliciesForTarget',
  swept: 'ListTargetsForPolicy',
  sweep: () => new AttachmentsSweep(context, type),
  fedBy: [accountsOfParentsPlan, 'ListOrganizationalUnitsForParent', 'ListAccounts', 'ListAccountsForParent'],
});

/**
 * All policies of a type attached to a target, in the order of ListPolicies; undefined when they are to be read from
 * ListPoliciesForTarget. The target must be one of the organization: of another, nothing would look attached, instead of an error.
 */
export function policiesOfTarget(
  context: GraphContext,
  targetId: string,
  type: aws.PolicyType,
): Promise<readonly aws.PolicySummary[] | undefined> {
  return Planner.of(context).demand(`${policiesOfTargetsPlan} ${type}`, targetId, plan(context, type));
}

/** The same, whatever it costs. */
export async function sweepPoliciesOfTarget(
  context: GraphContext,
  targetId: string,
  type: aws.PolicyType,
): Promise<readonly aws.PolicySummary[]> {
  const sweep = new AttachmentsSweep(context, type);
  while (!(await sweep.step(Number.POSITIVE_INFINITY)).complete);
  return sweep.answer(targetId) ?? [];
}
