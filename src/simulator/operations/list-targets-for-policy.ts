import { getCallerOrganization } from '../call.ts';
import { targetArn } from '../render/arns.ts';
import { findPolicy, findPolicyTarget } from './find.ts';
import type { Operation } from './operation.ts';

export const listTargetsForPolicy: Operation<'ListTargetsForPolicy'> = (input, call) => {
  const organization = getCallerOrganization(call);
  const attachments = organization.attachmentsOf(findPolicy(organization, input.PolicyId).id);
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => attachments.after(position),
    ({ targetId }) => {
      const target = findPolicyTarget(organization, targetId);
      return { TargetId: target.id, Arn: targetArn(call, organization, target), Name: target.name, Type: target.type };
    },
  );
  return { Targets: items, NextToken };
};
