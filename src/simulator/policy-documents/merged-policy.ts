import type { JsonObject, JsonValue } from '../../control-policies/json.ts';
import type { OperatorSet } from './inheritance-operators.ts';

/** A policy to merge. Its document must have passed `checkPolicyDocument`. */
export interface PolicyDocument {
  readonly policyId: string;
  readonly document: JsonObject;
}

/** One key of the effective policy, as merged so far. */
export interface MergedNode {
  /** Spelled as in the first policy. Policies refer to each other's keys without case. */
  readonly key: string;
  /** By lower-case key, in the order in which they were first set. */
  readonly children: ReadonlyMap<string, MergedNode>;
  /** The setting's value. Undefined for maps, and for lists whose last value was removed. */
  readonly value: JsonValue | undefined;
  /** Ids of policies that set the value or removed values from it. */
  readonly contributors: ReadonlySet<string>;
  /** Operators that child policies may use here. */
  readonly allowed: OperatorSet;
  /** Whether the effective policy has the key, because it or a key below it has a value. */
  readonly isPresent: boolean;
}

export interface MergedPolicy {
  /** The effective policy as JSON without operators. */
  readonly document: JsonObject;
  /** The same with contributors. The root has one child, the top-level key. */
  readonly root: MergedNode;
  /** Ids of the merged policies, without duplicates, in the order of evaluation. */
  readonly policyIds: readonly string[];
}

export function childAt(node: MergedNode | undefined, key: string): MergedNode | undefined {
  return node?.children.get(key.toLowerCase());
}

export function presentChildren(node: MergedNode): readonly MergedNode[] {
  return [...node.children.values()].filter(({ isPresent }) => isPresent);
}

/** Ids of the policies that contribute to a path of the effective policy or below it, in the order of evaluation. */
export function contributingPolicies(merged: MergedPolicy, path: readonly string[]): readonly string[] {
  let node: MergedNode | undefined = merged.root;
  for (const key of path) node = childAt(node, key);
  const found = new Set<string>();
  if (node !== undefined) collectContributors(node, found);
  return merged.policyIds.filter((id) => found.has(id));
}

function collectContributors(node: MergedNode, into: Set<string>): void {
  for (const id of node.contributors) into.add(id);
  for (const child of node.children.values()) collectContributors(child, into);
}

/** https://docs.aws.amazon.com/organizations/latest/userguide/invalid-policy-alerts.html */
export type EffectivePolicyErrorCode = 'ELEMENTS_TOO_MANY' | 'ELEMENTS_TOO_FEW' | 'KEY_REQUIRED';

export interface EffectivePolicyValidationError {
  readonly ErrorCode: EffectivePolicyErrorCode;
  readonly ErrorMessage: string;
  /** Keys from the top down, joined with slashes, as in CloudTrail's EffectivePolicyValidation events. */
  readonly PathToError: string;
  readonly ContributingPolicies: readonly string[];
}

/** A validation error before its contributing policies are known. */
export interface PolicyViolation {
  readonly code: EffectivePolicyErrorCode;
  readonly message: string;
  readonly path: readonly string[];
  /** Paths of the contributing policies. Default: `path`. */
  readonly contributorPaths?: readonly (readonly string[])[];
}
