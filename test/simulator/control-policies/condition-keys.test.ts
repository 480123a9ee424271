import {
  DescribeOrganizationCommand,
  EnableAWSServiceAccessCommand,
  ListPoliciesCommand,
  type OrganizationsClient,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-organizations';
import { expect, it, test } from 'vitest';
import { createClock } from '../../../src/simulator/index.ts';
import {
  deny,
  MEMBER,
  ORGANIZATION,
  OTHER,
  PAYER,
  RCP,
  ROOT,
  startOrganization,
  UNIT,
  variable,
} from './organization.ts';

const DENIED = 'with an explicit deny in a';
const describeOrganization = (client: OrganizationsClient) => client.send(new DescribeOrganizationCommand({}));
const tag =
  (Key: string, Value = 'blue') =>
  (client: OrganizationsClient) =>
    client.send(new TagResourceCommand({ ResourceId: OTHER, Tags: [{ Key, Value }] }));
const untag = (client: OrganizationsClient) =>
  client.send(new UntagResourceCommand({ ResourceId: OTHER, TagKeys: ['team'] }));

/** A condition that matches the member's call from eu-west-1 at 2026-01-01, and one that does not. */
const cases: readonly [
  key: string,
  matching: object,
  other: object,
  call?: (client: OrganizationsClient) => Promise<unknown>,
][] = [
  [
    'aws:PrincipalArn',
    { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/OrganizationAccountAccessRole' } },
    { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:root' } },
  ],
  [
    'aws:PrincipalAccount',
    { StringEquals: { 'aws:PrincipalAccount': MEMBER } },
    { StringEquals: { 'aws:PrincipalAccount': PAYER } },
  ],
  [
    'aws:PrincipalOrgID',
    { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } },
    { StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION } },
  ],
  [
    'aws:PrincipalOrgPaths',
    { 'ForAnyValue:StringEquals': { 'aws:PrincipalOrgPaths': `${ORGANIZATION}/${ROOT}/${UNIT}/` } },
    { 'ForAnyValue:StringEquals': { 'aws:PrincipalOrgPaths': `${ORGANIZATION}/${ROOT}/` } },
  ],
  ['aws:PrincipalTag', { Null: { 'aws:PrincipalTag/team': 'true' } }, { Null: { 'aws:PrincipalTag/team': 'false' } }],
  [
    'aws:RequestedRegion',
    { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
    { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } },
  ],
  [
    'aws:SourceIp',
    { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } },
    { NotIpAddress: { 'aws:SourceIp': '127.0.0.0/8' } },
  ],
  [
    'aws:CurrentTime',
    { DateLessThan: { 'aws:CurrentTime': '2026-01-02T00:00:00Z' } },
    { DateLessThan: { 'aws:CurrentTime': '2025-12-31T00:00:00Z' } },
  ],
  [
    'aws:EpochTime',
    { NumericEquals: { 'aws:EpochTime': '1767225600' } },
    { NumericLessThan: { 'aws:EpochTime': '1767225600' } },
  ],
  ['aws:SecureTransport', { Bool: { 'aws:SecureTransport': 'false' } }, { Bool: { 'aws:SecureTransport': 'true' } }],
  [
    'aws:ResourceAccount',
    { StringEquals: { 'aws:ResourceAccount': MEMBER } },
    { StringEquals: { 'aws:ResourceAccount': PAYER } },
  ],
  [
    'aws:ResourceAccount of an object of the organization',
    { StringEquals: { 'aws:ResourceAccount': PAYER } },
    { StringEquals: { 'aws:ResourceAccount': MEMBER } },
    untag,
  ],
  [
    'aws:ResourceOrgID',
    { StringEquals: { 'aws:ResourceOrgID': variable('aws:PrincipalOrgID') } },
    { StringNotEquals: { 'aws:ResourceOrgID': variable('aws:PrincipalOrgID') } },
  ],
  [
    'aws:ResourceOrgPaths',
    { 'ForAnyValue:StringLike': { 'aws:ResourceOrgPaths': `${ORGANIZATION}/*` } },
    { 'ForAnyValue:StringLike': { 'aws:ResourceOrgPaths': 'o-another000/*' } },
  ],
  [
    'aws:RequestTag',
    { StringEquals: { 'aws:RequestTag/Team': 'blue' } },
    { StringEquals: { 'aws:RequestTag/Team': 'red' } },
    tag('team'),
  ],
  [
    'aws:TagKeys',
    { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } },
    { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'stage' } },
    tag('team'),
  ],
  [
    'aws:TagKeys of UntagResource',
    { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } },
    { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'stage' } },
    untag,
  ],
  ['aws:TagKeys without tags', { Null: { 'aws:TagKeys': 'true' } }, { Null: { 'aws:TagKeys': 'false' } }],
  [
    'aws:ResourceTag',
    { StringEquals: { 'aws:ResourceTag/stage': 'test' } },
    { StringEquals: { 'aws:ResourceTag/stage': 'live' } },
    untag,
  ],
  [
    'organizations:PolicyType',
    { StringEquals: { 'organizations:PolicyType': 'SERVICE_CONTROL_POLICY' } },
    { StringEquals: { 'organizations:PolicyType': 'TAG_POLICY' } },
    (client) => client.send(new ListPoliciesCommand({ Filter: 'SERVICE_CONTROL_POLICY' })),
  ],
  [
    'organizations:ServicePrincipal',
    { StringEquals: { 'organizations:ServicePrincipal': 'config.amazonaws.com' } },
    { StringEquals: { 'organizations:ServicePrincipal': 'ram.amazonaws.com' } },
    (client) => client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: 'config.amazonaws.com' })),
  ],
  ['aws:UserAgent', { StringLike: { 'aws:UserAgent': 'aws-sdk-js/*' } }, { StringLike: { 'aws:UserAgent': 'curl*' } }],
  [
    'a key that the request does not have',
    { Null: { 'aws:SourceVpc': 'true' } },
    { Null: { 'aws:SourceVpc': 'false' } },
  ],
];

test.each(cases)('an SCP can test %s', async (_, matching, other, call = describeOrganization) => {
  const { organizations, attach, detach } = await startOrganization({
    clock: createClock({ start: Date.UTC(2026, 0, 1), rate: 0 }),
  });
  const message = () =>
    call(organizations(MEMBER, 'eu-west-1')).then(
      () => '',
      (error: Error) => error.message,
    );
  const policyId = await attach(deny('organizations:*', { Condition: other }));
  // The service itself denies some calls of member accounts.
  expect(await message()).not.toContain(DENIED);
  await detach(policyId);
  await attach(deny('organizations:*', { Condition: matching }));
  expect(await message()).toContain(DENIED);
});

it('an RCP can test the tags, the external id, the names and the caller of AssumeRole', async () => {
  const { assume, attach, detach } = await startOrganization();
  const RoleArn = `arn:aws:iam::${MEMBER}:role/Admin`;
  const input = {
    ExternalId: 'shared',
    SourceIdentity: 'ada',
    Tags: [{ Key: 'team', Value: 'blue' }],
    TransitiveTagKeys: ['team'],
  };
  for (const [condition, isDenied] of [
    [{ StringEquals: { 'aws:RequestTag/team': 'blue' } }, true],
    [{ StringEquals: { 'aws:RequestTag/team': 'red' } }, false],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } }, true],
    [{ 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'team' } }, true],
    [{ StringEquals: { 'sts:ExternalId': 'shared' } }, true],
    [{ StringNotEquals: { 'sts:ExternalId': 'shared' } }, false],
    [{ StringLike: { 'sts:RoleSessionName': 'sess*' } }, true],
    [{ StringEquals: { 'sts:SourceIdentity': 'ada' } }, true],
    [{ StringEquals: { 'aws:PrincipalAccount': OTHER } }, true],
    [{ StringEquals: { 'aws:ResourceAccount': MEMBER } }, true],
    [{ StringEquals: { 'aws:ResourceAccount': OTHER } }, false],
  ] as const) {
    const document = deny('sts:AssumeRole', { Principal: '*', Condition: condition });
    const policyId = await attach(document, UNIT, RCP);
    const outcome = await assume(OTHER, RoleArn, structuredClone(input) as never).then(
      () => false,
      (error: Error) => error.message.includes(DENIED),
    );
    expect([condition, outcome]).toEqual([condition, isDenied]);
    await detach(policyId, UNIT);
  }
});
