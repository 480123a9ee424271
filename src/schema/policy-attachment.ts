import { upstreamCost } from './cost/rules.ts';
import { entityRef } from './entity.ts';
import { awsMutation, type Written } from './mutation.ts';
import { policyTarget } from './policy.ts';
import { PolicyRef, PolicyTargetRef } from './refs.ts';

const policyOf = ({ input }: Written<'AttachPolicy' | 'DetachPolicy'>) =>
  input.PolicyId === undefined ? null : entityRef('Policy', input.PolicyId);

awsMutation('AttachPolicy', {
  description:
    'Attaches a policy to a root, an organizational unit or an account, where it takes effect at once, and for all below. For the management account and delegated administrators.',
  input: (t) => ({
    policyId: t.id({ required: true, description: 'The policy to attach.' }),
    targetId: t.id({ required: true, description: 'The root, organizational unit or account to attach it to.' }),
  }),
  payload: (t) => ({
    policy: t.field({
      type: PolicyRef,
      description: 'The attached policy.',
      extensions: upstreamCost({ knownMembers: [] }),
      resolve: policyOf,
    }),
    target: t.field({
      type: PolicyTargetRef,
      description: 'The target, with the policy attached.',
      extensions: upstreamCost({ knownMembers: [] }),
      resolve: ({ input }) => policyTarget(input.TargetId),
    }),
  }),
});

awsMutation('DetachPolicy', {
  description:
    'Detaches a policy from a root, an organizational unit or an account. The last service control policy cannot be. For the management account and delegated administrators.',
  input: (t) => ({
    policyId: t.id({ required: true, description: 'The policy to detach.' }),
    targetId: t.id({ required: true, description: 'The root, organizational unit or account to detach it from.' }),
  }),
  payload: (t) => ({
    policy: t.field({
      type: PolicyRef,
      description: 'The detached policy.',
      extensions: upstreamCost({ knownMembers: [] }),
      resolve: policyOf,
    }),
    target: t.field({
      type: PolicyTargetRef,
      description: 'The target, without the policy.',
      extensions: upstreamCost({ knownMembers: [] }),
      resolve: ({ input }) => policyTarget(input.TargetId),
    }),
  }),
});
