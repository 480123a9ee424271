import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateOrganizationCommand,
  DescribeOrganizationCommand,
  InviteAccountToOrganizationCommand,
  ListHandshakesForAccountCommand,
  ListHandshakesForOrganizationCommand,
  ListRootsCommand,
} from '@aws-sdk/client-organizations';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createClock, startSimulator, WorldFileError } from '../../src/simulator/index.ts';
import { simulate } from './support.ts';

const PAYER = '123456789012';
const GUEST = '222222222222';
const DAY_MS = 24 * 60 * 60 * 1000;
const target = { Type: 'ACCOUNT', Id: GUEST } as const;

describe('client', () => {
  test('calls as its account', async () => {
    const { simulator } = await simulate();
    const payer = simulator.client(PAYER);
    await payer.send(new CreateOrganizationCommand({}));
    const { Handshake } = await payer.send(new InviteAccountToOrganizationCommand({ Target: target }));
    const { Handshakes } = await simulator.client(GUEST).send(new ListHandshakesForAccountCommand({}));
    expect(Handshakes?.map(({ Id }) => Id)).toEqual([Handshake?.Id]);
  });

  test('is the same for each call, and works after it was destroyed', async () => {
    const { simulator } = await simulate({ seed: 'demo' });
    const client = simulator.client('111111111111');
    client.destroy();
    expect(simulator.client('111111111111')).toBe(client);
    expect((await client.send(new ListRootsCommand({}))).Roots).toHaveLength(1);
  });

  test('signs with the secret that the simulator verifies', async () => {
    const { simulator } = await simulate({ seed: 'demo', verifySignatures: { secretAccessKey: 'a secret' } });
    expect((await simulator.client('111111111111').send(new ListRootsCommand({}))).Roots).toHaveLength(1);
  });

  test('repeats a call that a fault has failed, as the SDK does', async () => {
    const { simulator } = await simulate({ seed: 'demo' });
    simulator.control.failNext('ListRoots', 'TooManyRequestsException');
    await simulator.client('111111111111').send(new ListRootsCommand({}));
    expect(simulator.control.requestCount('ListRoots')).toBe(2);
  });

  test.each([['payer'], ['12345678901'], [123456789012], [undefined]])('rejects the account id %j', async (id) => {
    const { simulator } = await simulate();
    expect(() => simulator.client(id as string)).toThrow(
      new TypeError(`The account id ${JSON.stringify(id)} is not valid: expected a string of 12 digits`),
    );
  });

  test('cannot call after the simulator is closed', async () => {
    const simulator = await startSimulator({ seed: 'demo' });
    await simulator.client('111111111111').send(new ListRootsCommand({}));
    await simulator.close();
    await expect(simulator.client('111111111111').send(new ListRootsCommand({}))).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});

describe('reset', () => {
  test('returns to the world, the time, the faults and the counts of the start, and clients go on', async () => {
    const clock = createClock({ start: new Date('2027-01-15T00:00:00Z'), rate: 0 });
    const { simulator } = await simulate({ clock, faults: { emptyPages: 1 } });
    const client = simulator.client(PAYER);
    await client.send(new CreateOrganizationCommand({}));
    simulator.clock.advance(90 * DAY_MS);
    simulator.clock.setRate(60);
    simulator.control.setEmptyPages(false);
    simulator.control.failNext('DescribeOrganization', 'ServiceException', 100);
    simulator.reset();
    expect(simulator.control.requestCount()).toBe(0);
    expect(simulator.control.faults).toMatchObject({ emptyPages: 1, failures: [] });
    expect([simulator.clock.rate, simulator.clock.now()]).toEqual([0, Date.parse('2027-01-15T00:00:00Z')]);
    await expect(client.send(new DescribeOrganizationCommand({}))).rejects.toMatchObject({
      name: 'AWSOrganizationsNotInUseException',
    });
  });

  test('repeats the random faults of the start', async () => {
    const { simulator } = await simulate({ seed: 'demo', emptyPages: 0.5 });
    const pages = async () => {
      const sizes = [];
      for (let call = 0; call < 12; call++) {
        const { Roots } = await simulator.client('111111111111').send(new ListRootsCommand({}));
        sizes.push(Roots?.length);
      }
      return sizes;
    };
    const first = await pages();
    expect(new Set(first)).toEqual(new Set([0, 1]));
    simulator.reset();
    expect(await pages()).toEqual(first);
  });

  test('accepts another seed, which the next reset forgets', async () => {
    const { simulator } = await simulate();
    simulator.reset('demo');
    expect(simulator.world.organizations.has('o-exampleorgid')).toBe(true);
    simulator.reset();
    expect(simulator.world.organizations.size).toBe(0);
  });

  test('changes nothing if the seed is not valid', async () => {
    const { simulator } = await simulate({ seed: 'demo' });
    const { world } = simulator;
    simulator.control.setEmptyPages(0.5);
    expect(() => simulator.reset('dmo' as 'demo')).toThrow(
      new WorldFileError('The seed "dmo" does not exist. Use "demo", "empty", a world or { file: "PATH" }.'),
    );
    expect(simulator.world).toBe(world);
    expect(simulator.control.faults.emptyPages).toBe(0.5);
  });

  test('returns to the seed, not to the state file, and saves it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const stateFile = join(folder, 'state.json');
    const first = await startSimulator({ seed: 'empty', stateFile });
    await first.client(PAYER).send(new CreateOrganizationCommand({}));
    await first.close();
    const second = await startSimulator({ seed: 'empty', stateFile });
    expect(second.world.organizations.size).toBe(1);
    second.reset();
    expect(second.world.organizations.size).toBe(0);
    await second.close();
    expect(JSON.parse(readFileSync(stateFile, 'utf8')).organizations).toEqual([]);
  });

  test('ends what the world before had still to do', async () => {
    const { simulator } = await simulate({
      autoRespond: { delayMs: { min: DAY_MS, max: DAY_MS }, acceptance: 1, except: [] },
    });
    const client = simulator.client(PAYER);
    const invite = async () => {
      await client.send(new CreateOrganizationCommand({}));
      return client.send(new InviteAccountToOrganizationCommand({ Target: target }));
    };
    await invite();
    simulator.reset();
    const { Handshake } = await invite();
    simulator.clock.advance(DAY_MS);
    const { Handshakes } = await client.send(new ListHandshakesForOrganizationCommand({}));
    expect(Handshakes?.map(({ Id, State }) => [Id, State])).toEqual([[Handshake?.Id, 'ACCEPTED']]);
  });
});

describe('options', () => {
  test.each<[unknown, string]>([
    [{ seeds: 'empty' }, '"seeds" is not a known member'],
    [{ account: '12' }, 'account: expected the 12 digits of an account id'],
    [{ accounts: -1 }, 'accounts: expected at least 0'],
    [{ latencyMs: -1 }, 'latencyMs: expected at least 0'],
    [{ emptyPages: 2 }, 'emptyPages: expected at most 1'],
    [{ throttleFactor: 0 }, 'throttleFactor: expected more than 0'],
    [{ settings: { accountCreationMs: '1 s' } }, 'settings.accountCreationMs: expected a number, got a string'],
    [{ faults: { latncy: 1 } }, 'faults: "latncy" is not a known member'],
    [{ clock: new Date() }, 'clock.now: create it with createClock()'],
    [{ autoRespond: { acceptance: 3 } }, 'autoRespond.acceptance: expected at most 1'],
  ])('rejects %j', async (options, message) => {
    await expect(startSimulator(options as object)).rejects.toThrow(
      new TypeError(`The options of startSimulator are not valid:\n${message}`),
    );
  });

  test('rejects a seed and a start of the clock that do not exist', async () => {
    await expect(startSimulator({ seed: 'full' as 'empty' })).rejects.toThrow('The seed "full" does not exist.');
    expect(() => createClock({ start: new Date('tomorrow') })).toThrow('cannot be set to NaN');
  });

  test.each<[object, string]>([
    [{ operation: 'ListRoot', failure: { kind: 'reset' } }, 'operation: expected "AcceptHandshake" or '],
    [{ failure: { kind: 'error', error: 'Throttled' } }, 'failure.error: expected '],
    [{ accountId: 'payer', failure: { kind: 'hang' } }, 'accountId: expected the 12 digits of an account id'],
    [{ times: 0, failure: { kind: 'hang' } }, 'times: expected more than 0'],
  ])('rejects the failure %j', async (rule, message) => {
    const { simulator } = await simulate();
    expect(() => simulator.control.fail(rule as never)).toThrow(`The fault is not valid:\n${message}`);
  });
});
