import { getCallerOrganization } from '../call.ts';
import type { Operation } from './operation.ts';
import { findTaggable } from './taggable.ts';
import { checkTagKey } from './tags.ts';

export const untagResource: Operation<'UntagResource'> = ({ ResourceId, TagKeys }, call) => {
  const { tags } = findTaggable(call, getCallerOrganization(call), ResourceId);
  for (const key of TagKeys) checkTagKey(key);
  for (const key of TagKeys) tags.delete(key);
};
