import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../control-policies/json.ts';
import type { EffectivePolicyType } from '../model/enums.ts';
import { topLevelKeys } from './document-shapes.ts';
import { allOperators, canAddKeys, isOperatorKey, narrowOperators, valueOperators } from './inheritance-operators.ts';
import { mergeSetting, type SettingOperation } from './merge-setting.ts';
import type { MergedNode, MergedPolicy, PolicyDocument } from './merged-policy.ts';

export interface MergeOptions {
  /**
   * Account that replaces `$account` in a backup policy's values. AWS documents this below backup policy example 1; its
   * printed results replace it in roles and vaults (examples 1 and 3), never in keys, and not in an ARN with `$region`.
   */
  readonly accountId?: string;
}

/**
 * Types that keep a list as `[]` when its last value is removed, because the empty list has a meaning: no Region
 * (backup policies: "no region is defined for a backup plan" is ELEMENTS_TOO_FEW), a required list that "can be empty"
 * (Security Hub, Inspector, Network Security Director), "all models" (Bedrock). Other types drop the list
 * (inheritance-examples, example 3).
 */
const keepEmptiedLists: ReadonlySet<EffectivePolicyType> = new Set([
  'BACKUP_POLICY',
  'SECURITYHUB_POLICY',
  'SECURITYHUB_CSPM_POLICY',
  'INSPECTOR_POLICY',
  'NETWORK_SECURITY_DIRECTOR_POLICY',
  'BEDROCK_POLICY',
]);

/** The value of one policy at one path. */
interface PolicyValue {
  readonly policyId: string;
  readonly value: JsonValue;
}

const emptyNode: MergedNode = {
  key: '',
  children: new Map(),
  value: undefined,
  contributors: new Set(),
  allowed: allOperators,
  isPresent: false,
};

/**
 * Merges policies of one type into an account's effective policy.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html
 *
 * @param levels the policies attached to the root, to each OU on the path and to the account, from the root down; those
 * of one entity in the order of their attachment (detaching and attaching again moves a policy to the end)
 * @returns undefined if no policy applies, which AWS reports as EffectivePolicyNotFoundException
 */
export function mergeEffectivePolicy(
  type: EffectivePolicyType,
  levels: readonly (readonly PolicyDocument[])[],
  options: MergeOptions = {},
): MergedPolicy | undefined {
  const policyIds = [...new Set(levels.flat().map(({ policyId }) => policyId))];
  if (policyIds.length === 0) return undefined;
  const top = topLevelKeys[type];
  let root = emptyNode;
  for (const level of levels) {
    const sources = level.map(({ policyId, document }) => ({ policyId, value: belowTop(document, top) }));
    root = mergeNode('', root, sources, keepEmptiedLists.has(type));
  }
  const accountId = type === 'BACKUP_POLICY' ? options.accountId : undefined;
  const document = toJson(root, accountId);
  return {
    document: { ...(top === undefined ? {} : { [top]: {} }), ...(isJsonObject(document) ? document : {}) },
    root,
    policyIds,
  };
}

function belowTop(document: JsonObject, top: string | undefined): JsonObject {
  if (top === undefined) return document;
  return document[top] === undefined ? {} : { [top]: document[top] };
}

/** Applies one entity's policies to the inherited node. They do not limit each other, only the levels below. */
function mergeNode(
  key: string,
  inherited: MergedNode | undefined,
  sources: readonly PolicyValue[],
  keepEmptied: boolean,
): MergedNode {
  const before = inherited ?? { ...emptyNode, key };
  if (sources.length === 0) return before;
  const { value, contributors } = mergeSetting(before, sources.flatMap(readOperations), before.allowed, keepEmptied);
  const children = mergeChildren(before, sources, keepEmptied);
  return {
    key: before.key,
    children,
    value,
    contributors,
    allowed: sources.reduce((allowed, source) => narrowOperators(allowed, source.value), before.allowed),
    isPresent: value !== undefined || [...children.values()].some(({ isPresent }) => isPresent),
  };
}

function mergeChildren(
  inherited: MergedNode,
  sources: readonly PolicyValue[],
  keepEmptied: boolean,
): ReadonlyMap<string, MergedNode> {
  const byKey = new Map<string, { readonly key: string; readonly sources: PolicyValue[] }>();
  for (const { policyId, value } of sources) {
    if (!isJsonObject(value)) continue;
    for (const [key, child] of Object.entries(value)) {
      if (isOperatorKey(key)) continue;
      const known = byKey.get(key.toLowerCase()) ?? { key, sources: [] };
      known.sources.push({ policyId, value: child });
      byKey.set(key.toLowerCase(), known);
    }
  }
  const merged = new Map(inherited.children);
  for (const [lowerCaseKey, { key, sources: childSources }] of byKey) {
    const child = inherited.children.get(lowerCaseKey);
    if (child === undefined && !canAddKeys(inherited.allowed)) continue;
    merged.set(lowerCaseKey, mergeNode(key, child, childSources, keepEmptied));
  }
  return merged;
}

function readOperations({ policyId, value }: PolicyValue): readonly SettingOperation[] {
  // AWS's samples of upgrade rollout policies omit @@assign.
  if (!isJsonObject(value)) return [{ policyId, operator: '@@assign', value }];
  return valueOperators.flatMap((operator) => {
    const operand = value[operator];
    return operand === undefined ? [] : [{ policyId, operator, value: operand }];
  });
}

function toJson(node: MergedNode, accountId: string | undefined): JsonValue | undefined {
  if (node.value !== undefined) return accountId === undefined ? node.value : withAccount(node.value, accountId);
  if (!node.isPresent) return undefined;
  const entries = [...node.children.values()].flatMap((child): [string, JsonValue][] => {
    const value = toJson(child, accountId);
    return value === undefined ? [] : [[child.key, value]];
  });
  return Object.fromEntries(entries) satisfies JsonObject;
}

function withAccount(value: JsonValue, accountId: string): JsonValue {
  if (isJsonArray(value)) return value.map((item) => withAccount(item, accountId));
  if (typeof value !== 'string' || value.includes('$region')) return value;
  return value.replaceAll('$account', accountId);
}
