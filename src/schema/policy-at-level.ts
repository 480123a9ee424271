import type { PolicyAtLevel } from '../inventory/policy-preview.ts';
import { builder } from './builder.ts';
import { upstreamCost } from './cost/rules.ts';
import { entityRef } from './entity.ts';
import { policyTarget, summaryMembers } from './policy.ts';
import { PolicyRef, type PolicyTargetEntity, PolicyTargetRef } from './refs.ts';

export const PolicyAtLevelRef = builder.objectRef<PolicyAtLevel>('PolicyAtLevel').implement({
  description: 'A policy, and the level where it is attached directly.',
  fields: (t) => ({
    policy: t.field({
      type: PolicyRef,
      nullable: false,
      description: 'The policy, as it is before the changes.',
      extensions: upstreamCost({ knownMembers: summaryMembers }),
      resolve: ({ policyId, policy }) => entityRef('Policy', policyId, policy),
    }),
    target: t.field({
      type: PolicyTargetRef,
      nullable: false,
      description: 'The root, organizational unit or account that it is attached to.',
      extensions: upstreamCost({ knownMembers: ['Id'] }),
      // Only ids of targets are attached to.
      resolve: ({ targetId }) => policyTarget(targetId) as PolicyTargetEntity,
    }),
  }),
});
