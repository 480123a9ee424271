import type { JsonObject, JsonValue } from '../../control-policies/json.ts';
import type { OperatorSet } from './inheritance-operators.ts';

/** A policy as the merge sees it: its id and its document, which must have passed `checkPolicyDocument`. */
export interface PolicyDocument {
  readonly policyId: string;
  readonly document: JsonObject;
}

/** One key of the effective policy, with what the policies so far made of it. */
export interface MergedNode {
  /** As the first policy spelled it. Policies address each other's keys without case. */
  readonly key: string;
  /** By lower-case key, in the order in which they were first set. */
  readonly children: ReadonlyMap<string, MergedNode>;
  /** The setting, if the key is one. Undefined for maps, and for lists whose last value was removed. */
  readonly value: JsonValue | undefined;
  /** Policies that the setting's present value comes from, those that took values away included. */
  readonly contributors: ReadonlySet<string>;
  /** What policies further down may still do here. */
  readonly allowed: OperatorSet;
  /** Whether the key is in the effective policy: it has a value, or something below it has. */
  readonly present: boolean;
}

export interface MergedPolicy {
  /** The effective policy: plain JSON without operators. */
  readonly document: JsonObject;
  /** The same, with its history. The root has one child, the type's top key. */
  readonly root: MergedNode;
  /** The merged policies' ids, each once, in the order of evaluation. */
  readonly policyIds: readonly string[];
}

export function childAt(node: MergedNode | undefined, key: string): MergedNode | undefined {
  return node?.children.get(key.toLowerCase());
}

export function presentChildren(node: MergedNode): readonly MergedNode[] {
  return [...node.children.values()].filter(({ present }) => present);
}

/** Ids of the policies that anything at or below a path of the effective policy comes from, in the order of evaluation. */
export function contributingPolicies(merged: MergedPolicy, path: readonly string[]): readonly string[] {
  let node: MergedNode | undefined = merged.root;
  for (const key of path) node = childAt(node, key);
  const found = new Set<string>();
  if (node !== undefined) collect(node, found);
  return merged.policyIds.filter((id) => found.has(id));
}

function collect(node: MergedNode, into: Set<string>): void {
  for (const id of node.contributors) into.add(id);
  for (const child of node.children.values()) collect(child, into);
}

/** The codes that https://docs.aws.amazon.com/organizations/latest/userguide/invalid-policy-alerts.html names. */
export type EffectivePolicyErrorCode = 'ELEMENTS_TOO_MANY' | 'ELEMENTS_TOO_FEW' | 'KEY_REQUIRED';

/** `EffectivePolicyValidationError` of the API model. */
export interface EffectivePolicyValidationError {
  readonly ErrorCode: EffectivePolicyErrorCode;
  readonly ErrorMessage: string;
  /** Keys from the top of the effective policy down, joined with slashes, as CloudTrail's EffectivePolicyValidation events print it. */
  readonly PathToError: string;
  readonly ContributingPolicies: readonly string[];
}

/** An error before it is known which policies are behind it. */
export interface Fault {
  readonly code: EffectivePolicyErrorCode;
  readonly message: string;
  readonly path: readonly string[];
  /** Where to look for contributing policies, if not at `path`. */
  readonly contributions?: readonly (readonly string[])[];
}
