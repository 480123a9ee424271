import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeOrganizationCommand } from '@aws-sdk/client-organizations';
import { expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../../src/simulator/index.ts';
import { startInProcess } from '../../support/cli.ts';
import { query } from '../../support/client.ts';
import { attempt } from '../raw-call.ts';
import { clientOf } from '../support.ts';
import { deny, MEMBER, PAYER, startOrganization } from './organization.ts';

const denied = { name: 'AccessDeniedException' };

it('enforceControlPolicies turns enforcement off and on, by option and by PATCH /_orgql/settings', async () => {
  const { simulator, as, attach, assume } = await startOrganization({ settings: { enforceControlPolicies: false } });
  await attach(deny('*'));
  await as(MEMBER).send(new DescribeOrganizationCommand({}));
  await assume(MEMBER, `arn:aws:iam::${PAYER}:role/Admin`);
  const patch = (enforceControlPolicies: unknown) =>
    fetch(`${simulator.url}/_orgql/settings`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ enforceControlPolicies }),
    });
  expect(await (await patch(true)).json()).toMatchObject({ enforceControlPolicies: true });
  await expect(as(MEMBER).send(new DescribeOrganizationCommand({}))).rejects.toMatchObject(denied);
  await expect(assume(MEMBER, `arn:aws:iam::${PAYER}:role/Admin`)).rejects.toMatchObject({ name: 'AccessDenied' });
  expect((await patch('no')).status).toBe(400);
  await patch(false);
  await as(MEMBER).send(new DescribeOrganizationCommand({}));
});

it('a state file keeps policies, attachments and the tags of sessions', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const stateFile = join(folder, 'world.json');
  const { simulator, attach, assume } = await startOrganization({ stateFile });
  await attach(
    deny('organizations:*', {
      Condition: {
        StringEquals: { 'aws:PrincipalTag/team': 'blue' },
        ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/team/*' },
      },
    }),
  );
  const team = await assume(PAYER, `arn:aws:iam::${MEMBER}:role/team/Admin`, {
    Tags: [{ Key: 'team', Value: 'blue' }],
  });
  const plain = await assume(PAYER, `arn:aws:iam::${MEMBER}:role/Admin`);
  await simulator.close();

  const again = await startSimulator({ stateFile });
  onTestFinished(() => again.close());
  const call = (credentials: typeof team) => {
    const client = clientOf(again, MEMBER);
    client.config.credentials = async () => credentials;
    onTestFinished(() => client.destroy());
    return client.send(new DescribeOrganizationCommand({}));
  };
  await expect(call(team)).rejects.toMatchObject(denied);
  await call(plain);
});

it('a session in a state file of an earlier version has a role without a path', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const stateFile = join(folder, 'world.json');
  const { simulator, attach, assume } = await startOrganization({ stateFile });
  await attach(
    deny('organizations:*', { Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${MEMBER}:role/Admin` } } }),
  );
  const credentials = await assume(PAYER, `arn:aws:iam::${MEMBER}:role/Admin`);
  await simulator.close();
  const world = JSON.parse(readFileSync(stateFile, 'utf8'));
  for (const session of world.sessions) delete session.roleArn;
  writeFileSync(stateFile, JSON.stringify(world));
  const { organizations } = await startOrganization({ stateFile });
  await expect(organizations(credentials).send(new DescribeOrganizationCommand({}))).rejects.toMatchObject(denied);
});

it.for([
  [[], 'AccessDeniedException'],
  [['--no-control-policies'], undefined],
] as const)('orgql simulate %j: a member of the demo world leaves: %s', async ([options, error]) => {
  await using orgql = await startInProcess(['simulate', '--port', '0', ...options]);
  expect((await attempt(orgql.url, '191813416651', 'LeaveOrganization', {})).error).toBe(error);
});

it.for([
  [[], 'AccessDeniedException'],
  [['--no-control-policies'], 'LeaveOrganizationPayload'],
] as const)('orgql demo %j: an account that has joined leaves: %s', async ([options, type]) => {
  await using orgql = await startInProcess(['demo', '--port', '0', ...options]);
  const send = async (document: string, principal: string) =>
    (await query(orgql.url, { document, as: { principal } })).data;
  const { inviteAccountToOrganization } = await send(
    'mutation { inviteAccountToOrganization(input: { target: { id: "222222222222", type: ACCOUNT } }) { ... on InviteAccountToOrganizationPayload { handshake { id } } } }',
    'partner',
  );
  const { id } = inviteAccountToOrganization.handshake;
  await send(`mutation { acceptHandshake(input: { handshakeId: "${id}" }) { __typename } }`, 'standalone');
  expect(await send('mutation { leaveOrganization { __typename } }', 'standalone')).toEqual({
    leaveOrganization: { __typename: type },
  });
});
