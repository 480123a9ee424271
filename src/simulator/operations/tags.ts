import type { Call } from '../call.ts';
import type { Tag } from '../model/structures.ts';
import { throwConstraintViolation, throwInvalidInput } from '../service-error.ts';
import type { Tags } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';
import { enforceTagPolicy, type TaggedKind } from './tag-policy.ts';

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
const MAX_TAGS = 50;

/** Checks the requested tags, together with the resource's existing ones, and returns them. */
export function checkTags(
  call: Call,
  organization: Organization,
  kind: TaggedKind,
  requested: readonly Tag[] = [],
  present: Tags = new Map(),
): Tags {
  const tags: Tags = new Map();
  for (const { Key, Value } of requested) {
    if (tags.has(Key)) throwInvalidInput('DUPLICATE_TAG_KEY', `The tag key "${Key}" is given more than once.`);
    checkTagKey(Key);
    tags.set(Key, Value);
  }
  const keys = new Set([...present.keys(), ...tags.keys()]);
  if (keys.size > MAX_TAGS) {
    throwConstraintViolation(
      'MAX_TAG_LIMIT_EXCEEDED',
      `The resource would have ${keys.size} tags, but the maximum is ${MAX_TAGS}.`,
    );
  }
  enforceTagPolicy(call, organization, kind, tags);
  return tags;
}

/** AWS reserves the prefix `aws:`. */
export function checkTagKey(key: string): void {
  if (key.toLowerCase().startsWith('aws:')) {
    throwInvalidInput('INVALID_SYSTEM_TAGS_PARAMETER', `The tag key "${key}" is reserved for AWS.`);
  }
}
