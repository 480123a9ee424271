import { isJsonArray } from '../../control-policies/json.ts';
import type { EffectivePolicyType } from '../model/enums.ts';
import { type EffectivePolicyRule, effectivePolicyRules } from './effective-policy-rules.ts';
import {
  childAt,
  contributingPolicies,
  type EffectivePolicyValidationError,
  type MergedNode,
  type MergedPolicy,
  type PolicyViolation,
  presentChildren,
} from './merged-policy.ts';
import { validateTagPolicy } from './tag-policy.ts';

/**
 * Returns the errors of an effective policy, in a stable order. If there are any, the caller keeps the last valid
 * policy in force (https://docs.aws.amazon.com/organizations/latest/userguide/invalid-policy-alerts.html).
 *
 * The text of ELEMENTS_TOO_MANY is AWS's ("'hourly_rule' exceeds the allowed maximum limit 10",
 * orgs_cloudtrail-integration.html). AWS does not document the others.
 */
export function validateEffectivePolicy(
  type: EffectivePolicyType,
  merged: MergedPolicy,
): readonly EffectivePolicyValidationError[] {
  const violations =
    type === 'TAG_POLICY'
      ? validateTagPolicy(merged)
      : (effectivePolicyRules[type] ?? []).flatMap((rule) =>
          nodesAt(merged.root, rule.path).flatMap((found) => findViolations(rule, found)),
        );
  return violations.map(({ code, message, path, contributorPaths = [path] }) => {
    const contributors = new Set(contributorPaths.flatMap((place) => contributingPolicies(merged, place)));
    return {
      ErrorCode: code,
      ErrorMessage: message,
      PathToError: path.join('/'),
      ContributingPolicies: merged.policyIds.filter((id) => contributors.has(id)),
    };
  });
}

interface NodeMatch {
  readonly node: MergedNode;
  readonly path: readonly string[];
}

function nodesAt(root: MergedNode, pattern: readonly string[]): readonly NodeMatch[] {
  let found: readonly NodeMatch[] = [{ node: root, path: [] }];
  for (const step of pattern) {
    found = found.flatMap(({ node, path }) => {
      const next =
        step === '*' ? presentChildren(node) : presentChildren(node).filter(({ key }) => key.toLowerCase() === step);
      return next.map((child) => ({ node: child, path: [...path, child.key] }));
    });
  }
  return found;
}

function findViolations(rule: EffectivePolicyRule, { node, path }: NodeMatch): readonly PolicyViolation[] {
  switch (rule.rule) {
    case 'required':
      return rule.keys
        .filter((key) => childAt(node, key)?.isPresent !== true)
        .map((key) => ({ code: 'KEY_REQUIRED', message: `'${key}' is required but missing`, path }));
    case 'one-of': {
      if (rule.keys.some((key) => childAt(node, key)?.isPresent === true)) return [];
      const names = rule.keys.map((key) => `'${key}'`).join(' or ');
      return [{ code: 'KEY_REQUIRED', message: `${names} is required but missing`, path }];
    }
    case 'enabled-first': {
      const enabled = presentChildren(node).filter((child) => childAt(child, 'status')?.value === 'enabled');
      if (enabled.length === 0 || enabled.some(({ key }) => key.toLowerCase() === rule.key)) return [];
      return [{ code: 'KEY_REQUIRED', message: `'${rule.key}' is required to be enabled before other keys`, path }];
    }
    case 'count': {
      const count = countElements(node, rule.depth ?? 1);
      if (rule.max !== undefined && count > rule.max) {
        return [
          { code: 'ELEMENTS_TOO_MANY', message: `'${node.key}' exceeds the allowed maximum limit ${rule.max}`, path },
        ];
      }
      if (rule.min !== undefined && count < rule.min) {
        return [
          { code: 'ELEMENTS_TOO_FEW', message: `'${node.key}' is below the allowed minimum limit ${rule.min}`, path },
        ];
      }
      return [];
    }
  }
}

function countElements(node: MergedNode, depth: number): number {
  if (isJsonArray(node.value)) return node.value.length;
  const children = presentChildren(node);
  if (depth === 1) return children.length;
  return children.reduce((sum, child) => sum + countElements(child, depth - 1), 0);
}
