import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { atMost, note, type Row } from './row.ts';
import { medianOf } from './statistics.ts';
import { Gateway, World } from './subject.ts';

const SUBSCRIBERS = 1_000;
const SOCKETS = 10;
/** Changes of one phase. There are two phases with filters, and two without. */
const CHANGES = 12;
/** The first changes of a phase are not counted. */
const WARM_UP = 3;

const DOCUMENT = `subscription ($filter: AccountFilter) {
  accountChanges(filter: $filter) { cursor type account { id name parent { id } } members { name before after } } }`;

/** Each subscriber has a filter of its own, which the account always fulfills. */
const filterOf = (accountId: string, number: number): object => {
  const kinds = [
    { ids: [accountId, String(300_000_000_000 + number)] },
    { joinedUntil: new Date(Date.now() + 86_400_000 + number).toISOString() },
    { tags: [{ key: `Unused${number}`, exists: false }] },
    { text: accountId, states: ['ACTIVE'], joinedUntil: new Date(Date.now() + 86_400_000 + number).toISOString() },
  ];
  return kinds[number % kinds.length] ?? {};
};

/** The subscribers of one phase, on a few sockets. */
class Subscribers implements AsyncDisposable {
  readonly #clients: Client[];
  #received = 0;
  #onAll: (() => void) | undefined;

  constructor(url: string) {
    this.#clients = Array.from({ length: SOCKETS }, () =>
      createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 }),
    );
  }

  /** Resolves when all have received their snapshots. */
  async subscribe(filter: (number: number) => object | undefined): Promise<void> {
    await Promise.all(Array.from({ length: SUBSCRIBERS }, (_, number) => this.#subscribe(number, filter(number))));
  }

  #subscribe(number: number, filter: object | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#clients[number % SOCKETS]?.subscribe(
        { query: DOCUMENT, variables: { filter } },
        {
          next: ({ data, errors }) => {
            if (errors !== undefined) return reject(new Error(JSON.stringify(errors)));
            const { type } = (data as { readonly accountChanges: { readonly type: string } }).accountChanges;
            if (type === 'BOOKMARK') return resolve();
            if (type === 'SNAPSHOT') return undefined;
            this.#received += 1;
            if (this.#received === SUBSCRIBERS) this.#onAll?.();
            return undefined;
          },
          error: reject,
          complete: () => undefined,
        },
      );
    });
  }

  /** Makes a change. Returns the time until all subscribers have received it, in ms. */
  async measure(change: () => Promise<unknown>): Promise<number> {
    this.#received = 0;
    const all = new Promise<void>((resolve) => {
      this.#onAll = resolve;
    });
    const startedAt = performance.now();
    await Promise.all([change(), all]);
    return performance.now() - startedAt;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.dispose()));
  }
}

/** Compares how long a change takes to reach subscribers with filters of their own, and subscribers without. */
export async function measureSubscribers(share: number): Promise<Row> {
  await using world = new World();
  await world.start({ accounts: 60, policies: 5 });
  await using gateway = new Gateway();
  await gateway.start({ simulator: world.url, share, isWarm: true });
  await gateway.keep();
  note('subscribers: first sweep');
  await gateway.swept();
  const accountId = (await world.accountIds()).at(-1) ?? '';
  const parents = '{ organization { root { id organizationalUnits(first: 1) { nodes { id } } } } }';
  const { organization } = (await gateway.query(parents)).data as {
    organization: { root: { id: string; organizationalUnits: { nodes: { id: string }[] } } };
  };
  const places = [organization.root.id, organization.root.organizationalUnits.nodes[0]?.id ?? ''];
  const read = await gateway.query(`{ account(id: "${accountId}") { parent { id } } }`);
  let place = (read.data as { account: { parent: { id: string } } }).account.parent.id;
  const move = async () => {
    const to = places.find((one) => one !== place) ?? '';
    const input = `{ accountId: "${accountId}", sourceParentId: "${place}", destinationParentId: "${to}" }`;
    await gateway.query(`mutation { moveAccount(input: ${input}) { __typename } }`, {});
    place = to;
  };
  const times: [number[], number[]] = [[], []];
  for (const hasFilter of [false, true, false, true]) {
    note(`subscribers: ${SUBSCRIBERS} ${hasFilter ? 'with filters' : 'without filters'}`);
    await using subscribers = new Subscribers(gateway.url);
    await subscribers.subscribe((number) => (hasFilter ? filterOf(accountId, number) : undefined));
    for (let number = 0; number < CHANGES; number += 1) {
      const ms = await subscribers.measure(move);
      if (number >= WARM_UP) times[hasFilter ? 1 : 0].push(ms);
    }
  }
  const [plain, filtered] = times.map(medianOf) as [number, number];
  const title = `a change reaches ${SUBSCRIBERS} subscribers with filters of their own ÷ without filters`;
  return atMost(title, filtered / plain, 1.5, '', 2, ` (${filtered.toFixed(0)} ms and ${plain.toFixed(0)} ms)`);
}
