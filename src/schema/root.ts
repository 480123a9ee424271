import type { aws } from '../upstream/index.ts';
import { builder } from './builder.ts';
import type { GraphContext } from './context.ts';
import { upstreamCost } from './cost/rules.ts';
import { type Entity, fromMember, load, loadedEntity, mapMaybePromise } from './entity.ts';
import { expectId } from './ids.ts';
import { loadOnlyRoot } from './loaders/objects-by-id.ts';
import { awsMutation } from './mutation.ts';
import { PolicyType, PolicyTypeSummaryRef } from './policy-type.ts';
import { HistoryRef, NodeRef, ParentRef, PolicyTargetRef, RootRef, TaggableRef } from './refs.ts';
import { requires } from './scopes.ts';

RootRef.implement({
  description: 'The top of the tree of organizational units and accounts. An organization has one.',
  interfaces: [NodeRef, HistoryRef, ParentRef, PolicyTargetRef, TaggableRef],
  fields: (t) => ({
    policyTypes: t.field({
      type: [PolicyTypeSummaryRef],
      description: 'The policy types that are enabled in it, or being enabled or disabled.',
      ...fromMember('PolicyTypes'),
    }),
  }),
});

export const RootConnection = builder.connectionObject({
  type: RootRef,
  name: 'RootConnection',
  description: 'Roots of an organization.',
});

export const wholeRoot = (root: aws.Root): Entity<'Root'> => loadedEntity('Root', root.Id, root);

/** The root of the principal's organization; null when its account is in none. */
export function onlyRoot(context: GraphContext): Entity<'Root'> | null | Promise<Entity<'Root'> | null> {
  return mapMaybePromise(loadOnlyRoot(context), (root) => root && wholeRoot(root));
}

builder.queryField('root', (t) =>
  t.field({
    type: RootRef,
    description:
      'A root by its id, or without an id the one root of the organization; null when there is none. Costs one call.',
    args: { id: t.arg.id({ description: 'The id, such as `r-ab12`.' }) },
    extensions: { ...upstreamCost({ readOnce: 'Root' }), ...requires('read') },
    resolve: (_parent, { id }, context) =>
      id == null ? onlyRoot(context) : load(context, 'Root', expectId('root(id:)', 'Root', id)),
  }),
);

awsMutation('EnablePolicyType', {
  description:
    'Enables a policy type in a root, so that policies of it can be attached and take effect. For the management account and delegated administrators.',
  input: (t) => ({
    rootId: t.id({ required: true, description: 'The root to enable it in.' }),
    policyType: t.field({ type: PolicyType, required: true, description: 'The type to enable.' }),
  }),
  payload: (t) => ({
    root: t.field({
      type: RootRef,
      description: 'The root, with its policy types.',
      resolve: ({ output }) => output.Root && wholeRoot(output.Root),
    }),
  }),
});

awsMutation('DisablePolicyType', {
  description:
    'Disables a policy type in a root; policies of it are detached everywhere. For the management account and delegated administrators.',
  input: (t) => ({
    rootId: t.id({ required: true, description: 'The root to disable it in.' }),
    policyType: t.field({ type: PolicyType, required: true, description: 'The type to disable.' }),
  }),
  payload: (t) => ({
    root: t.field({
      type: RootRef,
      description: 'The root, with its policy types.',
      resolve: ({ output }) => output.Root && wholeRoot(output.Root),
    }),
  }),
});
