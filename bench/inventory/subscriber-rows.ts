import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { atMost, note, type Row } from './row.ts';
import { medianOf } from './statistics.ts';
import { Gateway, World } from './subject.ts';

const SUBSCRIBERS = 1_000;
const SOCKETS = 10;
/** Changes of one phase. There are two phases of each kind of subscribers. */
const CHANGES = 12;
/** The first changes of a phase are not counted. */
const WARM_UP = 3;

const DOCUMENT = `subscription ($filter: AccountFilter) {
  accountChanges(filter: $filter) { cursor type account { id name parent { id } } members { name before after } } }`;

/** Subscribers with the same filter share events. */
const SHARED_FILTERS = 10;

/** Different filters, which the account always fulfills. */
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

/** Compares how long a change takes to reach subscribers with filters, and subscribers without. */
export async function measureSubscribers(share: number): Promise<readonly Row[]> {
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
  const filters: readonly ((number: number) => object | undefined)[] = [
    () => undefined,
    (number) => filterOf(accountId, number % SHARED_FILTERS),
    (number) => filterOf(accountId, number),
  ];
  const times: readonly number[][] = filters.map(() => []);
  for (let phase = 0; phase < 2 * filters.length; phase += 1) {
    const kind = phase % filters.length;
    note(`subscribers: ${SUBSCRIBERS}, phase ${phase + 1} of ${2 * filters.length}`);
    await using subscribers = new Subscribers(gateway.url);
    await subscribers.subscribe(filters[kind] ?? (() => undefined));
    for (let number = 0; number < CHANGES; number += 1) {
      const ms = await subscribers.measure(move);
      if (number >= WARM_UP) times[kind]?.push(ms);
    }
  }
  const [plain, shared, own] = times.map(medianOf) as [number, number, number];
  const row = (title: string, ms: number): Row => {
    const remark = ` (${ms.toFixed(0)} ms and ${plain.toFixed(0)} ms)`;
    return atMost(
      `a change reaches ${SUBSCRIBERS} subscribers with ${title} ÷ without`,
      ms / plain,
      1.5,
      '',
      2,
      remark,
    );
  };
  return [row(`${SHARED_FILTERS} filters`, shared), row('a filter of their own', own)];
}
