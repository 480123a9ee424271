import { getCallerOrganization } from '../call.ts';
import type { Operation } from './operation.ts';
import { findTaggable } from './taggable.ts';
import { checkTags } from './tags.ts';

export const tagResource: Operation<'TagResource'> = ({ ResourceId, Tags }, call) => {
  const organization = getCallerOrganization(call);
  const { kind, tags } = findTaggable(call, organization, ResourceId);
  for (const [key, value] of checkTags(call, organization, kind, Tags, tags)) tags.set(key, value);
};
