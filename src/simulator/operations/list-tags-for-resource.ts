import { callersOrganization } from '../call.ts';
import { listed } from '../paging/pager.ts';
import type { Operation } from './operation.ts';
import { findTaggable } from './taggable.ts';

export const listTagsForResource: Operation<'ListTagsForResource'> = (input, call) => {
  const { tags } = findTaggable(call, callersOrganization(call), input.ResourceId);
  const { items, NextToken } = call.pager.page(call, input, listed([...tags]), ([Key, Value]) => ({ Key, Value }));
  return { Tags: items, NextToken };
};
