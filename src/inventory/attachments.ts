import type { PolicyAttachment } from '../watcher/kept-types.ts';
import { IdSets } from './id-sets.ts';

/** Which policies are attached to which roots, units and accounts, in both directions. */
export class Attachments {
  readonly #targets = new IdSets();
  /** In arrays, because most of the many targets have few policies. */
  readonly #policies = new Map<string, readonly string[]>();

  targetsOf(policyId: string): ReadonlySet<string> {
    return this.#targets.get(policyId);
  }

  policiesOf(targetId: string): readonly string[] {
    return this.#policies.get(targetId) ?? [];
  }

  clear(): void {
    this.#targets.clear();
    this.#policies.clear();
  }

  change(before: PolicyAttachment | undefined, after: PolicyAttachment | undefined): void {
    if (before !== undefined) this.#detach(before);
    if (after !== undefined) this.#attach(after);
  }

  #attach({ PolicyId, TargetId }: PolicyAttachment): void {
    this.#targets.add(PolicyId, TargetId);
    const policies = this.policiesOf(TargetId);
    if (!policies.includes(PolicyId)) this.#policies.set(TargetId, [...policies, PolicyId]);
  }

  #detach({ PolicyId, TargetId }: PolicyAttachment): void {
    this.#targets.delete(PolicyId, TargetId);
    const left = this.policiesOf(TargetId).filter((id) => id !== PolicyId);
    if (left.length === 0) this.#policies.delete(TargetId);
    else this.#policies.set(TargetId, left);
  }
}
