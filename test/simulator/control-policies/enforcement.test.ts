import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  DisablePolicyTypeCommand,
  EnableAWSServiceAccessCommand,
  LeaveOrganizationCommand,
  ListAccountsCommand,
  ListHandshakesForAccountCommand,
  MoveAccountCommand,
  RegisterDelegatedAdministratorCommand,
  UpdatePolicyCommand,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { attempt } from '../raw-call.ts';
import {
  deny,
  MEMBER,
  ORGANIZATION,
  OTHER,
  OUTSIDER,
  PAYER,
  RCP,
  ROOT,
  SCP,
  seed,
  startOrganization,
  UNIT,
} from './organization.ts';

const sessionArn = (account: string) => `arn:aws:sts::${account}:assumed-role/OrganizationAccountAccessRole/orgql`;
const role = (account: string, path = 'Admin') => `arn:aws:iam::${account}:role/${path}`;

describe('service control policies', () => {
  it('deny member accounts to leave, in AWS’s words, until the policy is detached', async () => {
    const { as, attach, detach } = await startOrganization();
    const policyId = await attach(deny('organizations:LeaveOrganization'));
    await expect(as(MEMBER).send(new LeaveOrganizationCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: ${sessionArn(MEMBER)} is not authorized to perform: organizations:LeaveOrganization on resource: * with an explicit deny in a service control policy: arn:aws:organizations::${PAYER}:policy/${ORGANIZATION}/service_control_policy/${policyId}`,
    });
    await detach(policyId);
    await as(MEMBER).send(new LeaveOrganizationCommand({}));
    await expect(as(MEMBER).send(new DescribeOrganizationCommand({}))).rejects.toMatchObject({
      name: 'AWSOrganizationsNotInUseException',
    });
  });

  it('do not restrict the management account, nor accounts outside', async () => {
    const { as, attach } = await startOrganization();
    await attach(deny('*'));
    await attach(deny('*'), PAYER);
    await as(PAYER).send(new ListAccountsCommand({}));
    await expect(as(PAYER).send(new LeaveOrganizationCommand({}))).rejects.toMatchObject({
      name: 'MasterCannotLeaveOrganizationException',
    });
    await as(OUTSIDER).send(new ListHandshakesForAccountCommand({}));
    await expect(as(MEMBER).send(new DescribeOrganizationCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it('allow in an OU only what each level allows', async () => {
    const { as, attach, detach } = await startOrganization();
    const statement = { Effect: 'Allow', Action: 'organizations:Describe*', Resource: '*' };
    await attach({ Version: '2012-10-17', Statement: statement }, UNIT);
    await as(MEMBER).send(new ListHandshakesForAccountCommand({}));
    await detach('p-FullAWSAccess', UNIT);
    await as(MEMBER).send(new DescribeOrganizationCommand({}));
    await expect(as(MEMBER).send(new ListHandshakesForAccountCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: ${sessionArn(MEMBER)} is not authorized to perform: organizations:ListHandshakesForAccount on resource: * because no service control policy allows the organizations:ListHandshakesForAccount action`,
    });
    await as(OTHER).send(new ListHandshakesForAccountCommand({}));
  });

  it('restrict delegated administrators', async () => {
    const { as, payer, attach } = await startOrganization();
    const ServicePrincipal = 'config.amazonaws.com';
    await payer.send(new EnableAWSServiceAccessCommand({ ServicePrincipal }));
    await payer.send(new RegisterDelegatedAdministratorCommand({ AccountId: MEMBER, ServicePrincipal }));
    await as(MEMBER).send(new ListAccountsCommand({}));
    await attach(deny('organizations:ListAccounts'), UNIT);
    await expect(as(MEMBER).send(new ListAccountsCommand({}))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('follow changes of a policy, of the tree and of the enabled types at once', async () => {
    const { as, payer, attach } = await startOrganization();
    const outcome = () =>
      as(MEMBER)
        .send(new DescribeOrganizationCommand({}))
        .then(
          () => 'allowed',
          ({ name }: Error) => name,
        );
    const PolicyId = await attach(deny('organizations:DescribeOrganization'), UNIT);
    expect(await outcome()).toBe('AccessDeniedException');
    await payer.send(new UpdatePolicyCommand({ PolicyId, Content: JSON.stringify(deny('s3:*')) }));
    expect(await outcome()).toBe('allowed');
    await payer.send(new UpdatePolicyCommand({ PolicyId, Content: JSON.stringify(deny('organizations:*')) }));
    expect(await outcome()).toBe('AccessDeniedException');
    const move = { AccountId: MEMBER, SourceParentId: UNIT, DestinationParentId: ROOT };
    await payer.send(new MoveAccountCommand(move));
    expect(await outcome()).toBe('allowed');
    await payer.send(new MoveAccountCommand({ ...move, SourceParentId: ROOT, DestinationParentId: UNIT }));
    expect(await outcome()).toBe('AccessDeniedException');
    await payer.send(new DisablePolicyTypeCommand({ RootId: ROOT, PolicyType: SCP }));
    expect(await outcome()).toBe('allowed');
  });

  it('deny nothing while their type is being enabled', async () => {
    const [organization] = seed.organizations;
    const { as } = await startOrganization({
      seed: {
        ...seed,
        organizations: [
          {
            ...organization,
            root: { id: ROOT, policyTypes: [{ type: SCP, status: 'PENDING_ENABLE' }] },
            policies: [{ id: 'p-11111111', type: SCP, name: 'No', content: JSON.stringify(deny('*')) }],
            attachments: [{ policyId: 'p-11111111', targetId: ROOT }],
          },
        ],
      },
      settings: { policyTypeMs: 600_000 },
    });
    await as(MEMBER).send(new DescribeOrganizationCommand({}));
  });

  it('compare the ARNs of the objects that a call names', async () => {
    const { as, attach } = await startOrganization();
    const PolicyId = await attach(deny('s3:*'));
    const Resource = `arn:aws:organizations::${PAYER}:policy/${ORGANIZATION}/service_control_policy/${PolicyId}`;
    await attach(deny('organizations:DescribePolicy', { Resource }));
    const message = async (id: string) =>
      as(MEMBER)
        .send(new DescribePolicyCommand({ PolicyId: id }))
        .then(
          () => '',
          (error: Error) => error.message,
        );
    expect(await message(PolicyId)).toContain(`on resource: ${Resource} with an explicit deny`);
    expect(await message('p-FullAWSAccess')).toContain('only the management account and delegated administrators may');
  });

  it('that cannot be evaluated deny', async () => {
    const [organization] = seed.organizations;
    const { as } = await startOrganization({
      seed: {
        ...seed,
        organizations: [
          {
            ...organization,
            policies: [
              {
                id: 'p-11111111',
                type: SCP,
                name: 'Unknown operator',
                content: JSON.stringify(
                  deny('organizations:*', { Condition: { StringIs: { 'aws:PrincipalAccount': MEMBER } } }),
                ),
              },
            ],
            attachments: [ROOT, UNIT, PAYER, MEMBER, OTHER].flatMap((targetId) => [
              { policyId: 'p-FullAWSAccess', targetId },
              ...(targetId === UNIT ? [{ policyId: 'p-11111111', targetId }] : []),
            ]),
          },
        ],
      },
    });
    await as(OTHER).send(new DescribeOrganizationCommand({}));
    await expect(as(MEMBER).send(new DescribeOrganizationCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(
        /with an explicit deny in a service control policy: .*p-11111111\. The simulator cannot evaluate Statement\[0\]\.Condition\.StringIs: /,
      ),
    });
  });

  it('are checked after throttling and the input, and before the rules of the service', async () => {
    const { simulator, attach } = await startOrganization();
    await attach(deny('organizations:*'));
    const { url } = simulator;
    expect((await attempt(url, MEMBER, 'DescribeAccount', { AccountId: 1 })).error).toBe('SerializationException');
    expect((await attempt(url, MEMBER, 'DescribeAccount', { AccountId: 'x' })).error).toBe('InvalidInputException');
    const denied = await attempt(url, MEMBER, 'DescribeAccount', { AccountId: PAYER });
    expect(denied.message).toContain('with an explicit deny in a service control policy');
    // The service would respond with AlreadyInOrganizationException.
    expect((await attempt(url, MEMBER, 'CreateOrganization', {})).error).toBe('AccessDeniedException');
    const china = await attempt(
      url,
      MEMBER,
      'CreateGovCloudAccount',
      { Email: 'a@example.com', AccountName: 'A' },
      'cn-north-1',
    );
    expect(china.error).toBe('UnsupportedAPIEndpointException');
    simulator.control.setThrottle(true);
    const errors = await Promise.all(
      Array.from({ length: 60 }, async () => (await attempt(url, MEMBER, 'DescribeOrganization', {})).error),
    );
    expect(new Set(errors)).toEqual(new Set(['AccessDeniedException', 'TooManyRequestsException']));
  });
});

describe('AssumeRole', () => {
  const perimeter = {
    Version: '2012-10-17',
    Statement: {
      Sid: 'Perimeter',
      Effect: 'Deny',
      Principal: '*',
      Action: 'sts:AssumeRole',
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION } },
    },
  };

  it('is denied by RCPs of the role’s account, for callers outside too, but not for roles of the management account', async () => {
    const { assume, attach } = await startOrganization();
    const policyId = await attach(perimeter, UNIT, RCP);
    await assume(PAYER, role(MEMBER));
    await assume(OTHER, role(MEMBER));
    await expect(assume(OUTSIDER, role(MEMBER))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: ${sessionArn(OUTSIDER)} is not authorized to perform: sts:AssumeRole on resource: ${role(MEMBER)} with an explicit deny in a resource control policy`,
      $metadata: { httpStatusCode: 403 },
    });
    await assume(OUTSIDER, role(OTHER));
    await attach({ ...perimeter, Statement: { ...perimeter.Statement, Condition: {} } }, ROOT, RCP);
    await expect(assume(PAYER, role(OTHER))).rejects.toThrow(
      /with an explicit deny in a resource control policy: arn:aws:organizations::111111111111:policy\/o-guardrails0\/resource_control_policy\/p-/,
    );
    await assume(MEMBER, role(PAYER));
    await assume(MEMBER, role(OUTSIDER));
    expect(policyId).toMatch(/^p-/);
  });

  it('is denied by SCPs of the caller’s account', async () => {
    const { assume, attach } = await startOrganization();
    await attach(deny('sts:AssumeRole', { Resource: `arn:aws:iam::*:role/Break*` }));
    await assume(MEMBER, role(OTHER));
    await expect(assume(MEMBER, role(OTHER, 'BreakGlass'))).rejects.toMatchObject({ name: 'AccessDenied' });
    await assume(PAYER, role(OTHER, 'BreakGlass'));
    await assume(OUTSIDER, role(OTHER, 'BreakGlass'));
  });

  it('with tags or a source identity needs sts:TagSession and sts:SetSourceIdentity', async () => {
    const { assume, attach } = await startOrganization();
    await attach(deny(['sts:TagSession', 'sts:SetSourceIdentity']));
    await assume(MEMBER, role(OTHER));
    const cases = {
      'sts:TagSession': { Tags: [{ Key: 'team', Value: 'blue' }] },
      'sts:SetSourceIdentity': { SourceIdentity: 'ada' },
    };
    for (const [action, more] of Object.entries(cases)) {
      await expect(assume(MEMBER, role(OTHER), more)).rejects.toThrow(`not authorized to perform: ${action} on`);
    }
  });

  it('rejects invalid session tags', async () => {
    const { sts } = await startOrganization();
    const tag = (Key: string, Value = 'x') => ({ Key, Value });
    for (const [more, message] of [
      [{ Tags: [tag('aws:team')] }, 'not begin with aws:'],
      [{ Tags: [tag('team'), tag('Team')] }, 'Tags has the key Team more than once'],
      [{ Tags: [tag('team', '<')] }, 'The value of the tag team'],
      [{ Tags: Array.from({ length: 51 }, (_, index) => tag(`tag${index}`)) }, 'at most 50 tags'],
      [{ Tags: [tag('team')], TransitiveTagKeys: ['stage'] }, 'TransitiveTagKeys has stage'],
      [{ SourceIdentity: 'a b' }, 'SourceIdentity must have'],
      [{ ExternalId: '#!' }, 'ExternalId must have'],
    ] as const) {
      const input = { RoleArn: role(MEMBER), RoleSessionName: 'session', ...structuredClone(more) } as never;
      await expect(sts(PAYER).send(new AssumeRoleCommand(input))).rejects.toMatchObject({
        name: 'ValidationError',
        message: expect.stringContaining(message),
      });
    }
  });
});

describe('a session', () => {
  it('is restricted as its role, with its path, and keeps transitive tags in further sessions', async () => {
    const { assume, attach, organizations, sts } = await startOrganization();
    await attach(
      deny('organizations:DescribeOrganization', {
        Condition: {
          ArnNotLike: { 'aws:PrincipalArn': role('*', 'team/*') },
        },
      }),
    );
    await attach(
      deny('organizations:ListHandshakesForAccount', {
        Condition: { StringEquals: { 'aws:PrincipalTag/Team': 'blue' } },
      }),
    );
    const team = await assume(PAYER, role(MEMBER, 'team/Admin'), {
      Tags: [
        { Key: 'team', Value: 'blue' },
        { Key: 'stage', Value: 'test' },
      ],
      TransitiveTagKeys: ['Team'],
    });
    await organizations(team).send(new DescribeOrganizationCommand({}));
    const other = await assume(PAYER, role(MEMBER, 'Admin'));
    await expect(organizations(other).send(new DescribeOrganizationCommand({}))).rejects.toThrow(
      `User: arn:aws:sts::${MEMBER}:assumed-role/Admin/session is not authorized`,
    );
    await organizations(other).send(new ListHandshakesForAccountCommand({}));
    const chained = await assume(team, role(OTHER));
    for (const credentials of [team, chained]) {
      await expect(organizations(credentials).send(new ListHandshakesForAccountCommand({}))).rejects.toMatchObject({
        name: 'AccessDeniedException',
      });
    }
    await expect(assume(team, role(OTHER), { Tags: [{ Key: 'Team', Value: 'red' }] })).rejects.toMatchObject({
      name: 'ValidationError',
    });
    expect(await sts(chained).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: `arn:aws:sts::${OTHER}:assumed-role/Admin/session`,
    });
  });

  it('of a service-linked role is not restricted', async () => {
    const { assume, attach, organizations } = await startOrganization();
    await attach(deny('organizations:*'));
    const linked = await assume(PAYER, role(MEMBER, 'aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig'));
    await organizations(linked).send(new DescribeOrganizationCommand({}));
  });
});

it('GetCallerIdentity is never denied, and names the role of a 12-digit access key', async () => {
  const { attach, sts } = await startOrganization();
  await attach(deny('sts:*'));
  expect(await sts(MEMBER).send(new GetCallerIdentityCommand({}))).toEqual(
    expect.objectContaining({ Account: MEMBER, Arn: sessionArn(MEMBER) }),
  );
});
