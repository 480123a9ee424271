import type { Policy } from './entities.ts';

type ManagedPolicy = Pick<Policy, 'id' | 'type' | 'name' | 'description' | 'content'>;

/**
 * AWS managed policies of every organization with all features.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html and ..._rcps.html
 */
export const managedPolicies: readonly ManagedPolicy[] = [
  {
    id: 'p-FullAWSAccess',
    type: 'SERVICE_CONTROL_POLICY',
    name: 'FullAWSAccess',
    description: 'Allows access to every operation',
    content: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  },
  {
    id: 'p-RCPFullAWSAccess',
    type: 'RESOURCE_CONTROL_POLICY',
    name: 'RCPFullAWSAccess',
    description: 'Allows access to every resource',
    content: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}',
  },
];
