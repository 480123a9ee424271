import { getCallerOrganization } from '../call.ts';
import { arraySource } from '../paging/pager.ts';
import type { Operation } from './operation.ts';
import { findTaggable } from './taggable.ts';

export const listTagsForResource: Operation<'ListTagsForResource'> = (input, call) => {
  const { tags } = findTaggable(call, getCallerOrganization(call), input.ResourceId);
  const { items, NextToken } = call.pager.page(call, input, arraySource([...tags]), ([Key, Value]) => ({ Key, Value }));
  return { Tags: items, NextToken };
};
