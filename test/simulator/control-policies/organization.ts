import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  DetachPolicyCommand,
  OrganizationsClient,
  type PolicyType,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { onTestFinished } from 'vitest';
import type { SimulatorOptions } from '../../../src/simulator/index.ts';
import { simulate } from '../support.ts';

export const PAYER = '111111111111';
/** In the OU. */
export const MEMBER = '222222222222';
/** Below the root. */
export const OTHER = '333333333333';
export const OUTSIDER = '999999999999';
export const ROOT = 'r-grdr';
export const UNIT = 'ou-grdr-workload';
export const ORGANIZATION = 'o-guardrails0';

export const SCP = 'SERVICE_CONTROL_POLICY';
export const RCP = 'RESOURCE_CONTROL_POLICY';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export const seed = {
  version: 1,
  accounts: [PAYER, MEMBER, OTHER, OUTSIDER].map((id) => ({ id, name: id, email: `${id}@example.com` })),
  organizations: [
    {
      id: ORGANIZATION,
      managementAccountId: PAYER,
      root: { id: ROOT, policyTypes: [{ type: SCP }, { type: RCP }] },
      organizationalUnits: [{ id: UNIT, name: 'Workloads' }],
      members: [
        { accountId: MEMBER, parentId: UNIT, joinedMethod: 'INVITED' },
        { accountId: OTHER, joinedMethod: 'INVITED', tags: { stage: 'test' } },
      ],
    },
  ],
} as const satisfies SimulatorOptions['seed'];

export const deny = (Action: string | readonly string[], more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Sid: 'Guardrail', Effect: 'Deny', Action, Resource: '*', ...more }],
});

/** A variable of a policy document. */
export const variable = (key: string) => `\${${key}}`;

/** Starts a simulator with an organization, whose management account creates and attaches policies with AWS's SDK. */
export async function startOrganization(options: SimulatorOptions = {}) {
  const { simulator, as } = await simulate({ seed, ...options });
  const payer = as(PAYER);
  const attach = async (document: object, target = ROOT, type: PolicyType = SCP): Promise<string> => {
    const { Policy } = await payer.send(
      new CreatePolicyCommand({
        Name: `Policy ${Math.random()}`,
        Description: '',
        Type: type,
        Content: JSON.stringify(document),
      }),
    );
    const PolicyId = Policy?.PolicySummary?.Id ?? '';
    await payer.send(new AttachPolicyCommand({ PolicyId, TargetId: target }));
    return PolicyId;
  };
  const detach = (PolicyId: string, TargetId = ROOT) => payer.send(new DetachPolicyCommand({ PolicyId, TargetId }));
  const sts = (credentials: Credentials | string, region = 'us-east-1') => {
    const client = new STSClient({
      endpoint: simulator.url,
      region,
      credentials: resolve(credentials),
      maxAttempts: 1,
    });
    onTestFinished(() => client.destroy());
    return client;
  };
  const assume = async (
    from: Credentials | string,
    RoleArn: string,
    more: Partial<AssumeRoleCommandInput> = {},
  ): Promise<Credentials> => {
    const input = { RoleArn, RoleSessionName: 'session', ...more };
    const { Credentials: issued } = await sts(from).send(new AssumeRoleCommand(input));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = issued ?? {};
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  };
  const organizations = (credentials: Credentials | string, region = 'us-east-1') => {
    const client = new OrganizationsClient({
      endpoint: simulator.url,
      region,
      credentials: resolve(credentials),
      maxAttempts: 1,
    });
    onTestFinished(() => client.destroy());
    return client;
  };
  return { simulator, as, payer, attach, detach, sts, assume, organizations };
}

const resolve = (credentials: Credentials | string): Credentials =>
  typeof credentials === 'string' ? { accessKeyId: credentials, secretAccessKey: 'anything' } : credentials;
