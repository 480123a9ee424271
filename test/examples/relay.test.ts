import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInterfaceType, isObjectType } from 'graphql';
import { commitLocalUpdate, Environment, fetchQuery, Network, RecordSource, Store } from 'relay-runtime';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import InvitationQuery from '../../examples/relay/__generated__/InvitationQuery.graphql.ts';
import { openAccountList, refetchAccount, streamAccounts } from '../../examples/relay/accounts.ts';
import { type Connection, connect, getDataID } from '../../examples/relay/environment.ts';
import { cancelInvitation, invite, openInvitation, watchInvitation } from '../../examples/relay/invitations.ts';
import { schema } from '../../src/schema/index.ts';
import { type Demo, startDemo } from '../support/gateway.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
});
afterAll(() => demo.close());

let partner: Connection;
// Relay says what it finds wrong with a payload by console.error.
let complaints: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  complaints = vi.spyOn(console, 'error').mockImplementation(() => {});
  partner = connect(demo.url, 'partner', WebSocket);
});
afterEach(async () => {
  await partner.close();
  complaints.mockRestore();
});

/** All accounts, as a plain client reads them. */
async function allAccounts() {
  const { data } = await demo.query('{ organization { accounts(first: 1000) { nodes { id name state } } } }');
  return data.organization.accounts.nodes as { id: string; name: string; state: string }[];
}

it('relay-compiler accepts the schema, and the example’s artifacts are current', () => {
  const compiler = join(root, 'node_modules/relay-compiler/cli.js');
  const run = spawnSync(process.execPath, [compiler, '--validate'], {
    cwd: join(root, 'examples/relay'),
    encoding: 'utf8',
  });
  expect(`${run.stdout}${run.stderr}`).not.toMatch(/error|out of date|would be/i);
  expect(run.status).toBe(0);
});

describe('a list in the store', () => {
  it('grows by pagination from `node(id:)` until it has every account once, and reads no page twice', async () => {
    const accounts = await allAccounts();
    const list = await openAccountList(partner.environment, 30);
    expect(list.read()).toHaveLength(30);
    while (list.hasNext()) await list.loadNext(30);
    expect(list.read().map(({ id }) => id)).toEqual(accounts.map(({ id }) => id));
    expect(new Set(list.read().map(({ id }) => id)).size).toBe(accounts.length);
    list.release();
    expect(complaints).not.toHaveBeenCalled();
  });

  it('updates an account everywhere after a refetch by `node(id:)`', async () => {
    const list = await openAccountList(partner.environment, 5);
    const [, second] = list.read();
    if (second === undefined) throw new Error('the demo has more than one account');
    commitLocalUpdate(partner.environment, (store) => void store.get(second.id)?.setValue('as it was', 'name'));
    expect(list.read()[1]?.name).toBe('as it was');
    await refetchAccount(partner.environment, second.id);
    expect(list.read()[1]?.name).toBe(second.name);
    list.release();
    expect(complaints).not.toHaveBeenCalled();
  });

  it('grows while a streamed connection is read', async () => {
    const accounts = await allAccounts();
    // A cached list arrives in one result.
    await using forgetful = await startDemo({ config: { upstream: { cacheMs: 0 } } });
    const connection = connect(forgetful.url, 'partner', WebSocket);
    const lengths: number[] = [];
    let last: readonly { readonly id: string }[] = [];
    await streamAccounts(connection.environment, 60, (more) => {
      lengths.push(more.length);
      last = more;
    });
    await connection.close();
    expect(lengths[0]).toBe(0);
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    expect(new Set(lengths).size).toBeGreaterThan(2);
    expect(last.map(({ id }) => id)).toEqual(accounts.slice(0, 60).map(({ id }) => id));
    expect(complaints).not.toHaveBeenCalled();
  });
});

describe('an invitation in the store', () => {
  it('follows its own mutations, and the other side’s over the subscription', async () => {
    const answer = await invite(partner.environment, '222222222222');
    expect(answer.inviteAccountToOrganization?.__typename).toBe('InviteAccountToOrganizationPayload');
    const { data } = await demo.query(
      '{ organization { handshakes(first: 100) { nodes { id state recipient { id } } } } }',
    );
    const { id } = data.organization.handshakes.nodes.find(
      ({ state, recipient }: { state: string; recipient: { id: string } }) =>
        state === 'OPEN' && recipient.id === '222222222222',
    );
    const invitation = await openInvitation(partner.environment, id);
    expect(invitation.read()).toMatchObject({ id, state: 'OPEN', action: 'INVITE' });

    const seen: unknown[] = [];
    let present = () => {};
    const presentState = new Promise<void>((resolve) => {
      present = resolve;
    });
    const watching = watchInvitation(partner.environment, id, ({ type }) => {
      seen.push(type);
      if (type === 'BOOKMARK') present();
    });
    await presentState;
    const standalone = { principal: 'standalone' };
    await demo.query(`mutation { declineHandshake(input: { handshakeId: "${id}" }) { __typename } }`, {}, standalone);
    await watching.completed;
    expect(invitation.read().state).toBe('DECLINED');
    expect(seen).toEqual(['SNAPSHOT', 'BOOKMARK', 'CHANGED']);

    // What AWS refuses is data of the result, and the record stays as it is.
    const refused = await cancelInvitation(partner.environment, id);
    expect(refused.cancelHandshake).toMatchObject({ code: 'InvalidHandshakeTransitionException' });
    expect(invitation.read().state).toBe('DECLINED');
    invitation.release();
    expect(complaints).not.toHaveBeenCalled();
  });

  it('changes with a mutation of its client', async () => {
    await invite(partner.environment, '222222222222');
    const { data } = await demo.query('{ organization { handshakes(first: 100) { nodes { id state action } } } }');
    const { id } = data.organization.handshakes.nodes.find(
      ({ state, action }: { state: string; action: string }) => state === 'OPEN' && action === 'INVITE',
    );
    const invitation = await openInvitation(partner.environment, id);
    expect(invitation.read().state).toBe('OPEN');
    const answer = await cancelInvitation(partner.environment, id);
    expect(answer.cancelHandshake?.__typename).toBe('CancelHandshakePayload');
    expect(invitation.read().state).toBe('CANCELED');
    invitation.release();
  });
});

describe('ids in the store', () => {
  it('getDataID normalizes exactly the types that implement Node; the ids of four more are of a place in a list or of another object', () => {
    const withId = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter((type) => 'id' in type.getFields());
    const nodes = withId.filter((type) => type.getInterfaces().some(({ name }) => name === 'Node'));
    const node = schema.getType('Node');
    expect(isInterfaceType(node) && schema.getPossibleTypes(node)).toHaveLength(nodes.length);
    for (const { name } of withId) {
      expect([name, getDataID({ id: 'x' }, name)]).toEqual([
        name,
        nodes.some((type) => type.name === name) ? 'x' : undefined,
      ]);
    }
    const others = withId.filter((type) => !nodes.includes(type)).map(({ name }) => name);
    const { schemaConfig } = JSON.parse(readFileSync(join(root, 'examples/relay/relay.config.json'), 'utf8'));
    expect(others).toEqual(Object.keys(schemaConfig.nonNodeIdFields.allowedIdTypes));
  });

  it("without it, Relay takes a handshake's party and the account that it names for one record", async () => {
    const { data } = await demo.query(
      '{ organization { handshakes(first: 100, filter: { actionType: INVITE }) { nodes { id recipient { type } } } } }',
    );
    const { id } = data.organization.handshakes.nodes.find(
      ({ recipient }: { recipient: { type: string } | null }) => recipient?.type === 'ACCOUNT',
    );
    const network = Network.create(async ({ text }, variables) => {
      const { data: answer, errors } = await demo.query(text ?? '', variables);
      return { data: answer, errors: errors as never };
    });
    const types = async (own: object) => {
      const environment = new Environment({ network, store: new Store(new RecordSource()), ...own });
      await fetchQuery(environment, InvitationQuery, { id }).toPromise();
      const records = Object.values(environment.getStore().getSource().toJSON());
      return records.map((record) => String(record?.['__typename']));
    };
    expect(await types({ getDataID })).toEqual(expect.arrayContaining(['HandshakeParty', 'Account']));
    expect(complaints).not.toHaveBeenCalled();
    expect(await types({})).not.toEqual(expect.arrayContaining(['HandshakeParty', 'Account']));
  });
});
