import type { aws } from '../upstream/index.ts';
import { builder } from './builder.ts';
import { upstreamCost } from './cost/rules.ts';
import { type Entity, fromMember, loadedEntity } from './entity.ts';
import { nullIfNotFound } from './loaders/objects-by-id.ts';
import { loadReply } from './loaders/replies.ts';
import { awsMutation } from './mutation.ts';
import { ofOwn, ownOrganization } from './organization.ts';
import { parsed } from './policy.ts';
import { NodeRef, OrganizationRef, ResourcePolicyRef, TaggableRef } from './refs.ts';
import { TagInput } from './tag.ts';

ResourcePolicyRef.implement({
  description: "The policy that lets member accounts manage the organization's policies.",
  interfaces: [NodeRef, TaggableRef],
  fields: (t) => ({
    arn: t.string({ description: 'Its Amazon Resource Name.', ...fromMember('Arn') }),
    content: t.string({ description: 'Its text: JSON, up to 40,000 characters.', ...fromMember('Content') }),
    document: t.field({
      type: 'JSON',
      description: 'Its text, parsed; null when the text is not JSON.',
      ...fromMember('Content', parsed),
    }),
  }),
});

builder.objectField(OrganizationRef, 'resourcePolicy', (t) =>
  t.field({
    type: ResourcePolicyRef,
    description: 'Its resource policy; null when it has none. Costs one call.',
    extensions: upstreamCost({ requiresOwnOrganization: true, readOnce: 'ResourcePolicy' }),
    resolve: (organization, _args, context) =>
      ofOwn(context, organization, async () => {
        const reply = await nullIfNotFound(loadReply(context, 'DescribeResourcePolicy', {}));
        return wholeResourcePolicy(reply?.ResourcePolicy);
      }),
  }),
);

awsMutation('PutResourcePolicy', {
  description: "Sets the organization's resource policy. For the management account.",
  input: (t) => ({
    content: t.string({ required: true, description: 'Its text: JSON, up to 40,000 characters.' }),
    tags: t.field({ type: [TagInput], description: 'Tags, for a new policy only.' }),
  }),
  payload: (t) => ({
    resourcePolicy: t.field({
      type: ResourcePolicyRef,
      description: 'The policy as it is now.',
      resolve: ({ output }) => wholeResourcePolicy(output.ResourcePolicy),
    }),
  }),
});

awsMutation('DeleteResourcePolicy', {
  description: "Deletes the organization's resource policy. For the management account.",
  payload: (t) => ({
    organization: t.field({
      type: OrganizationRef,
      description: 'The organization, without a resource policy.',
      extensions: upstreamCost({ readOnce: 'Organization' }),
      resolve: (_written, _args, context) => ownOrganization(context),
    }),
  }),
});

function wholeResourcePolicy(policy: aws.ResourcePolicy | undefined): Entity<'ResourcePolicy'> | null {
  if (policy === undefined) return null;
  const { ResourcePolicySummary: summary, Content } = policy;
  return loadedEntity('ResourcePolicy', summary?.Id, { ...summary, Content });
}
