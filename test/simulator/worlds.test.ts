import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createClock, startSimulator, type WorldFile, WorldFileError } from '../../src/simulator/index.ts';
import { dumpWorld } from '../../src/simulator/worlds/dump-world.ts';
import { attempt } from './raw-call.ts';
import { simulate } from './support.ts';

const PAYER = '111111111111';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const small: WorldFile = {
  version: 1,
  accounts: [
    { id: '123456789012', name: 'Payer', email: 'payer@example.com' },
    { id: '210987654321', name: 'Member', email: 'member@example.com' },
  ],
  organizations: [
    {
      id: 'o-smallworld0',
      managementAccountId: '123456789012',
      root: { id: 'r-smal' },
      organizationalUnits: [{ id: 'ou-smal-workload', name: 'Workloads' }],
      members: [{ accountId: '210987654321', parentId: 'ou-smal-workload', tags: { stage: 'test' } }],
    },
  ],
};

test('loads a minimal world file', async () => {
  const { simulator } = await simulate({ seed: small });
  expect(await attempt(simulator.url, 'any key', 'ListParents', { ChildId: '210987654321' })).toMatchObject({
    output: { Parents: [{ Id: 'ou-smal-workload', Type: 'ORGANIZATIONAL_UNIT' }] },
  });
  const policies = { TargetId: '210987654321', Filter: 'SERVICE_CONTROL_POLICY' };
  expect(await attempt(simulator.url, '123456789012', 'ListPoliciesForTarget', policies)).toMatchObject({
    output: { Policies: [{ Id: 'p-FullAWSAccess' }] },
  });
});

test('dumping and loading a world preserves it', async () => {
  const clock = createClock({ start: Date.UTC(2026, 2, 10), rate: 0 });
  const { simulator } = await simulate({ seed: 'demo', clock });
  const dumped = JSON.parse(JSON.stringify(dumpWorld(simulator.world)));
  const { simulator: copy } = await simulate({ seed: dumped, clock });
  const again = JSON.parse(JSON.stringify(dumpWorld(copy.world)));
  expect({ ...again, ids: undefined }).toEqual({ ...dumped, ids: undefined });
  expect(again.ids.counter).toBeGreaterThan(dumped.ids.counter);
});

test('a loaded world continues pending work', async () => {
  const clock = createClock({ start: Date.UTC(2026, 2, 10), rate: 0 });
  const { simulator } = await simulate({ account: PAYER, clock });
  await attempt(simulator.url, PAYER, 'CreateOrganization', {});
  await attempt(simulator.url, PAYER, 'CreateAccount', { Email: 'new@example.com', AccountName: 'New' });
  const target = { Target: { Type: 'ACCOUNT', Id: '222222222222' } };
  await attempt(simulator.url, PAYER, 'InviteAccountToOrganization', target);
  const seed = JSON.parse(JSON.stringify(dumpWorld(simulator.world)));
  const { simulator: copy } = await simulate({ seed, clock });
  clock.advance(16 * 86_400_000);
  const { output } = await attempt(copy.url, PAYER, 'ListCreateAccountStatus', {});
  expect(output).toMatchObject({ CreateAccountStatuses: [{ State: 'SUCCEEDED' }] });
  const handshakes = await attempt(copy.url, '222222222222', 'ListHandshakesForAccount', {});
  expect(handshakes.output).toMatchObject({ Handshakes: [{ State: 'EXPIRED' }] });
});

test.each<[string, object, RegExp]>([
  ['no accounts', { ...small, accounts: [] }, /accounts/],
  ['an unknown member', { ...small, colour: 'green' }, /colour/],
  ['a malformed id', { ...small, accounts: [{ id: '12', name: 'x', email: 'x@example.com' }] }, /accounts\[0\]\.id/],
  ['a member without an account', { ...small, accounts: small.accounts.slice(0, 1) }, /members refers to 210987654321/],
  [
    'a missing parent',
    { ...small, organizations: [{ ...small.organizations?.[0], organizationalUnits: [] }] },
    /refers to ou-smal-workload/,
  ],
  [
    'an account in two organizations',
    { ...small, organizations: [...(small.organizations ?? []), { ...small.organizations?.[0], id: 'o-otherworld0' }] },
    /123456789012 is a member of o-smallworld0 and of o-otherworld0/,
  ],
])('rejects a world with %s, and names the place', async (_what, seed, message) => {
  await expect(startSimulator({ seed: seed as WorldFile })).rejects.toThrow(message);
  await expect(startSimulator({ seed: seed as WorldFile })).rejects.toBeInstanceOf(WorldFileError);
});

test('the error names a seed file that is missing or not JSON', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'world.json');
  await expect(startSimulator({ seed: { file } })).rejects.toThrow(file);
  writeFileSync(file, '{');
  await expect(startSimulator({ seed: { file } })).rejects.toThrow(/is not JSON/);
});

test('the state file keeps the world across restarts, without temporary files', async () => {
  const folder = temporaryFolder();
  const stateFile = join(folder, 'state.json');
  const first = await startSimulator({ seed: 'empty', stateFile });
  await attempt(first.url, '123456789012', 'CreateOrganization', {});
  const before = await attempt(first.url, '123456789012', 'DescribeOrganization', {});
  await first.close();
  expect(readdirSync(folder)).toEqual(['state.json']);
  const { simulator } = await simulate({ seed: 'demo', stateFile });
  expect(await attempt(simulator.url, '123456789012', 'DescribeOrganization', {})).toEqual(before);
});

test('the error names a state file that cannot be written', async () => {
  const stateFile = join(temporaryFolder(), 'missing', 'state.json');
  await expect(startSimulator({ seed: 'empty', stateFile })).rejects.toThrow(stateFile);
});

test('writes the state file while the simulator runs', async () => {
  const stateFile = join(temporaryFolder(), 'state.json');
  const { simulator } = await simulate({ seed: 'empty', stateFile });
  await attempt(simulator.url, '123456789012', 'CreateOrganization', {});
  await expect.poll(() => JSON.parse(readFileSync(stateFile, 'utf8')).organizations.length, { timeout: 5_000 }).toBe(1);
});

test('creates 10,000 accounts in 1,000 OUs on five levels', async () => {
  const { simulator } = await simulate({ seed: 'empty', accounts: 10_000 });
  const [organization] = simulator.world.organizations.values();
  expect(organization?.members.size).toBe(10_000);
  expect(organization?.units.size).toBe(1_000);
  const account = organization?.members.values().at(-1);
  const { output } = await attempt(simulator.url, '123456789012', 'DescribeAccount', { AccountId: account?.id });
  expect(output).toHaveProperty('Account.Paths');
  const paths = new Set(organization?.units.values().map(({ id }) => id));
  expect(paths.size).toBe(1_000);
});
