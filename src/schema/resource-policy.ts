import { builder } from './builder.ts';
import { member, unlessNotFound, whole } from './entity.ts';
import { requireOwn } from './organization.ts';
import { parsed } from './policy.ts';
import { NodeRef, OrganizationRef, ResourcePolicyRef, TaggableRef } from './refs.ts';

ResourcePolicyRef.implement({
  description: 'The policy by which an organization lets member accounts manage its policies.',
  interfaces: [NodeRef, TaggableRef],
  fields: (t) => ({
    arn: t.string({
      description: 'Its Amazon Resource Name.',
      resolve: (policy, _args, context) => member(context, policy, 'Arn'),
    }),
    content: t.string({
      description: 'Its text: JSON, up to 40,000 characters.',
      resolve: (policy, _args, context) => member(context, policy, 'Content'),
    }),
    document: t.field({
      type: 'JSON',
      description: 'Its text, parsed; null when the text is not JSON.',
      resolve: async (policy, _args, context) => parsed(await member(context, policy, 'Content')),
    }),
  }),
});

builder.objectField(OrganizationRef, 'resourcePolicy', (t) =>
  t.field({
    type: ResourcePolicyRef,
    description: 'Its resource policy; null when it has none. Costs one call.',
    resolve: async (organization, _args, context) => {
      await requireOwn(context, organization);
      const reply = await unlessNotFound(context.session.read('DescribeResourcePolicy', {}));
      const policy = reply?.ResourcePolicy;
      return policy === undefined
        ? null
        : whole('ResourcePolicy', policy.ResourcePolicySummary?.Id, {
            ...policy.ResourcePolicySummary,
            Content: policy.Content,
          });
    },
  }),
);
