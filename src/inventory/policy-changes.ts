import { attachmentRules, isPolicyType, policyLimits } from '../policy-limits.ts';
import type { PolicyTree } from './types.ts';

/** A change that a preview applies. */
export type PolicyChange =
  | { readonly kind: 'attach' | 'detach'; readonly policyId: string; readonly targetId: string }
  | { readonly kind: 'updateContent'; readonly policyId: string; readonly content: string }
  | { readonly kind: 'moveAccount'; readonly accountId: string; readonly destinationParentId: string };

/** The operation that would make each kind of change. */
const operations = {
  attach: 'AttachPolicy',
  detach: 'DetachPolicy',
  updateContent: 'UpdatePolicy',
  moveAccount: 'MoveAccount',
} as const;

/** Why AWS would reject a change: its exception, with its reason if it has one. */
export interface Rejection {
  readonly code: string;
  readonly reason?: string;
  readonly message: string;
}

/** A change that AWS would reject after it has made those before it. */
export class ChangeRejectedError extends Error {
  /** The place of the change among the changes. */
  readonly index: number;
  readonly kind: PolicyChange['kind'];
  readonly operation: (typeof operations)[PolicyChange['kind']];
  readonly code: string;
  readonly reason: string | undefined;

  constructor(index: number, kind: PolicyChange['kind'], { code, reason, message }: Rejection) {
    super(message);
    this.index = index;
    this.kind = kind;
    this.operation = operations[kind];
    this.code = code;
    this.reason = reason;
  }
}

/** What AWS would reject in the content of a policy. */
export type CheckContent = (type: string, content: string) => Rejection | undefined;

/** The policies of one target that differ from those before the changes. */
export interface TargetChange {
  readonly added: Set<string>;
  readonly removed: Set<string>;
}

const NO_CHANGE: TargetChange = { added: new Set(), removed: new Set() };

/** An organization after changes, which are kept apart from it: nothing is written. */
export class ChangedOrganization implements PolicyTree {
  readonly version = {};
  readonly before: PolicyTree;
  /** The levels of accounts that were moved. */
  readonly moved = new Map<string, readonly string[]>();
  /** The new contents of policies. */
  readonly contents = new Map<string, string>();
  readonly #targets = new Map<string, TargetChange>();
  readonly #checkContent: CheckContent;

  constructor(before: PolicyTree, checkContent: CheckContent) {
    this.before = before;
    this.#checkContent = checkContent;
  }

  /** Applies changes in their order. @throws ChangeRejectedError for the first one that AWS would reject. */
  apply(changes: readonly PolicyChange[]): void {
    for (const [index, change] of changes.entries()) {
      const rejection = this.#apply(change);
      if (rejection !== undefined) throw new ChangeRejectedError(index, change.kind, rejection);
    }
  }

  /** The targets whose policies have changed. */
  get targets(): readonly string[] {
    return [...this.#targets].flatMap(([id, { added, removed }]) => (added.size + removed.size > 0 ? [id] : []));
  }

  targetChange(targetId: string): TargetChange {
    return this.#targets.get(targetId) ?? NO_CHANGE;
  }

  levelsOf(id: string): readonly string[] | undefined {
    return this.moved.get(id) ?? this.before.levelsOf(id);
  }

  policiesOf(targetId: string): readonly string[] {
    const before = this.before.policiesOf(targetId);
    const { added, removed } = this.targetChange(targetId);
    return added.size + removed.size === 0 ? before : [...before.filter((id) => !removed.has(id)), ...added];
  }

  policy(id: string) {
    return this.before.policy(id);
  }

  contentOf(policyId: string): string | undefined {
    return this.contents.get(policyId) ?? this.before.contentOf(policyId);
  }

  statusOf(type: string | undefined) {
    return this.before.statusOf(type);
  }

  targetsOf(policyId: string): ReadonlySet<string> {
    const targets = new Set(this.before.targetsOf(policyId));
    for (const [id, { added, removed }] of this.#targets) {
      if (added.has(policyId)) targets.add(id);
      if (removed.has(policyId)) targets.delete(id);
    }
    return targets;
  }

  #apply(change: PolicyChange): Rejection | undefined {
    switch (change.kind) {
      case 'attach':
        return this.#rejectAttach(change) ?? this.#change(change.targetId, change.policyId, 'added', 'removed');
      case 'detach':
        return this.#rejectDetach(change) ?? this.#change(change.targetId, change.policyId, 'removed', 'added');
      case 'updateContent':
        return this.#update(change);
      case 'moveAccount':
        return this.#move(change);
    }
  }

  /** `to`: the set that gets the policy, unless it only leaves the other one. */
  #change(targetId: string, policyId: string, to: keyof TargetChange, from: keyof TargetChange): undefined {
    const change = this.#targets.get(targetId) ?? { added: new Set<string>(), removed: new Set<string>() };
    this.#targets.set(targetId, change);
    if (!change[from].delete(policyId)) change[to].add(policyId);
  }

  // The rejections are in AWS's order, as far as it is known.

  #rejectAttach({ policyId, targetId }: PolicyChange & { kind: 'attach' | 'detach' }): Rejection | undefined {
    const { type, rejection } = this.#find(policyId, targetId);
    if (type === undefined) return rejection;
    const changing = this.#rejectWhileChanging(type);
    if (changing !== undefined) return changing;
    if (this.before.statusOf(type) === undefined)
      return {
        code: 'PolicyTypeNotEnabledException',
        message: `${type} is not enabled in the root. EnablePolicyType enables it.`,
      };
    if (this.policiesOf(targetId).includes(policyId))
      return {
        code: 'DuplicatePolicyAttachmentException',
        message: `Policy ${policyId} is already attached to ${targetId}.`,
      };
    if (!isPolicyType(type)) return undefined;
    const { maxPerTarget } = policyLimits[type];
    if (this.#countOf(type, targetId) < maxPerTarget) return undefined;
    return constraintViolation(
      'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
      `${targetId} already has ${maxPerTarget} policies of type ${type}, which is AWS's quota.`,
    );
  }

  #rejectDetach({ policyId, targetId }: PolicyChange & { kind: 'attach' | 'detach' }): Rejection | undefined {
    const { type, rejection } = this.#find(policyId, targetId);
    if (type === undefined) return rejection;
    if (!this.policiesOf(targetId).includes(policyId))
      return { code: 'PolicyNotAttachedException', message: `Policy ${policyId} is not attached to ${targetId}.` };
    const changing = this.#rejectWhileChanging(type);
    if (changing !== undefined || !isPolicyType(type)) return changing;
    const { defaultPolicyId, defaultIsDetachable, minPerTarget } = attachmentRules[type];
    if (defaultPolicyId === policyId && defaultIsDetachable === false)
      return invalidInput('NON_DETACHABLE_POLICY', `AWS attaches policy ${policyId}, which cannot be detached.`);
    if (this.#countOf(type, targetId) > minPerTarget) return undefined;
    return constraintViolation(
      'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
      `Policy ${policyId} is the last one of type ${type} on ${targetId}. Attach another one first.`,
    );
  }

  #update({ policyId, content }: PolicyChange & { kind: 'updateContent' }): Rejection | undefined {
    const policy = this.before.policy(policyId);
    if (policy === undefined) return policyNotFound(policyId);
    if (policy.AwsManaged)
      return invalidInput('IMMUTABLE_POLICY', `AWS manages policy ${policyId}, which cannot be changed.`);
    const { Type: type = '' } = policy;
    const rejection = this.#rejectWhileChanging(type) ?? this.#checkContent(type, content);
    if (rejection !== undefined) return rejection;
    if (content === this.before.contentOf(policyId)) this.contents.delete(policyId);
    else this.contents.set(policyId, content);
    return undefined;
  }

  #move({ accountId, destinationParentId }: PolicyChange & { kind: 'moveAccount' }): Rejection | undefined {
    const levels = this.levelsOf(accountId);
    if (levels === undefined)
      return { code: 'AccountNotFoundException', message: `The organization has no account ${accountId}.` };
    const destination = this.before.levelsOf(destinationParentId);
    if (destination === undefined)
      return {
        code: 'DestinationParentNotFoundException',
        message: `The organization has no root or organizational unit ${destinationParentId}.`,
      };
    if (levels.at(-2) === destinationParentId)
      return {
        code: 'DuplicateAccountException',
        message: `Account ${accountId} is already in ${destinationParentId}.`,
      };
    this.moved.set(accountId, [...destination, accountId]);
    return undefined;
  }

  #find(
    policyId: string,
    targetId: string,
  ): { readonly type: string; readonly rejection?: never } | { readonly type?: never; readonly rejection: Rejection } {
    const policy = this.before.policy(policyId);
    if (policy === undefined) return { rejection: policyNotFound(policyId) };
    if (this.before.levelsOf(targetId) !== undefined) return { type: policy.Type ?? '' };
    const message = `The organization has no root, organizational unit or account ${targetId}.`;
    return { rejection: { code: 'TargetNotFoundException', message } };
  }

  #rejectWhileChanging(type: string): Rejection | undefined {
    const status = this.before.statusOf(type);
    if (status === undefined || status === 'ENABLED') return undefined;
    return { code: 'PolicyChangesInProgressException', message: `${type} is ${status} in the root.` };
  }

  #countOf(type: string, targetId: string): number {
    return this.policiesOf(targetId).filter((id) => this.before.policy(id)?.Type === type).length;
  }
}

const constraintViolation = (reason: string, message: string): Rejection => ({
  code: 'ConstraintViolationException',
  reason,
  message,
});

const invalidInput = (reason: string, message: string): Rejection => ({
  code: 'InvalidInputException',
  reason,
  message,
});

const policyNotFound = (policyId: string): Rejection => ({
  code: 'PolicyNotFoundException',
  message: `The organization has no policy ${policyId}.`,
});
