import type { Call } from '../call.ts';
import type * as structures from '../model/structures.ts';
import type { Policy } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';
import { policyArn } from './arns.ts';

export function renderPolicySummary(call: Call, organization: Organization, policy: Policy): structures.PolicySummary {
  return {
    Id: policy.id,
    Arn: policyArn(call, organization, policy),
    Name: policy.name,
    Description: policy.description,
    Type: policy.type,
    AwsManaged: policy.awsManaged,
  };
}

export function renderPolicy(call: Call, organization: Organization, policy: Policy): structures.Policy {
  return { PolicySummary: renderPolicySummary(call, organization, policy), Content: policy.content };
}
