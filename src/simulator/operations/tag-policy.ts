import { isJsonObject, type JsonObject, type JsonValue } from '../../control-policies/json.ts';
import type { Call } from '../call.ts';
import { effectiveDocument } from '../effective-policies.ts';
import { throwConstraintViolation } from '../service-error.ts';
import type { Tags } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';

/** Resource types of AWS Organizations in tag policies, e.g. `organizations:account`. */
export type TaggedKind = 'account' | 'organizationalunit' | 'policy' | 'resourcepolicy' | 'root' | 'transfer';

/**
 * Enforces tag policies for resources of AWS Organizations. They belong to the management account, so its effective tag
 * policy applies.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies.html
 */
export function enforceTagPolicy(call: Call, organization: Organization, kind: TaggedKind, tags: Tags): void {
  if (tags.size === 0 || !organization.root.policyTypes.has('TAG_POLICY')) return;
  const management = call.world.accounts.get(organization.managementAccountId);
  const document = management && effectiveDocument(organization, management, 'TAG_POLICY');
  const rules = document?.['tags'];
  if (!isJsonObject(rules)) return;
  for (const [name, rule] of Object.entries(rules)) {
    if (!isJsonObject(rule) || !isEnforced(rule, kind)) continue;
    for (const [key, value] of tags) if (key.toLowerCase() === name.toLowerCase()) checkTag(key, value, rule);
  }
}

function isEnforced(rule: JsonObject, kind: TaggedKind): boolean {
  return filterStrings(rule['enforced_for']).some(
    (entry) =>
      entry === `organizations:${kind}` || entry === 'organizations:*' || entry === 'organizations:ALL_SUPPORTED',
  );
}

function checkTag(key: string, value: string, rule: JsonObject): void {
  const spelling = rule['tag_key'];
  if (typeof spelling === 'string' && spelling !== key) {
    throwConstraintViolation('TAG_POLICY_VIOLATION', `The tag policy spells the key "${key}" as "${spelling}".`);
  }
  const values = filterStrings(rule['tag_value']);
  if (values.length > 0 && !values.some((allowed) => matches(allowed, value))) {
    throwConstraintViolation(
      'TAG_POLICY_VIOLATION',
      `The tag policy does not allow the value "${value}" for "${key}".`,
    );
  }
}

/** A value in a tag policy can contain one `*`. */
function matches(allowed: string, value: string): boolean {
  const separator = allowed.indexOf('*');
  if (separator < 0) return allowed === value;
  const [start, end] = [allowed.slice(0, separator), allowed.slice(separator + 1)];
  return value.length >= start.length + end.length && value.startsWith(start) && value.endsWith(end);
}

function filterStrings(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
