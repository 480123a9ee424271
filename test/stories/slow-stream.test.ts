import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { expect, it } from 'vitest';
import { type Demo, startDemo } from '../support/gateway.ts';

/** So many changes exceed the socket buffers, with the size of one event. */
const changes = 100;
const maxBuffered = 5;
const repeats = 200;
const notes = 'n'.repeat(1_000);

const repeated = Array.from({ length: repeats }, (_, n) => `n${n}: notes`).join(' ');
const watch = (after?: string) => `subscription {
  organizationHandshakeChanges${after === undefined ? '' : `(after: "${after}")`} { cursor type reset handshake { id ${repeated} } }
}`;
const invite = `mutation ($id: ID!, $notes: String) {
  inviteAccountToOrganization(input: { target: { type: EMAIL, id: $id }, notes: $notes }) {
    ... on InviteAccountToOrganizationPayload { handshake { id } }
    ... on Error { code message }
  }
}`;

interface Event {
  readonly cursor: string;
  readonly type: string;
  readonly reset: boolean;
  readonly handshake: { readonly id: string } | null;
}
interface Reply {
  readonly data?: { readonly organizationHandshakeChanges: Event };
  readonly errors?: readonly {
    readonly extensions: { readonly code: string; readonly cursor?: string; readonly retryable: boolean };
  }[];
}

/** A client that reads events only on demand. */
interface SseClient {
  /** The next event, or the error that ended the subscription. */
  next(): Promise<Reply>;
  close(): void;
}

async function overSse(url: string, query: string): Promise<SseClient> {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const sent = request(url, { method: 'POST', headers, agent: false }).end(JSON.stringify({ query }));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  sent.on('error', () => {});
  response.on('error', () => {});
  const replies = events(response.setEncoding('utf8'));
  return {
    async next() {
      const { value, done } = await replies.next();
      if (done) throw new Error('the stream has ended');
      return value;
    },
    close: () => sent.destroy(),
  };
}

async function* events(response: IncomingMessage): AsyncGenerator<Reply, undefined, undefined> {
  let text = '';
  for await (const chunk of response) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: (.+)$/m.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (data !== undefined) yield JSON.parse(data);
    }
  }
  return undefined;
}

const eventOf = ({ data, errors }: Reply): Event => {
  if (data === undefined) throw new Error(`no event: ${JSON.stringify(errors)}`);
  return data.organizationHandshakeChanges;
};

/** Reads up to the first bookmark. */
async function upToBookmark(client: SseClient): Promise<Event[]> {
  const received = [eventOf(await client.next())];
  while (received.at(-1)?.type !== 'BOOKMARK') received.push(eventOf(await client.next()));
  return received;
}

const quotas = {
  ...{ accounts: 10_000, inboundTransfers: 10, outboundTransfers: 1, transferChain: 1, aggregateTransfers: 10 },
};
const organization = 'mutation { createOrganization(input: { featureSet: ALL }) { __typename } }';
const start = (): Promise<Demo> =>
  startDemo({
    simulator: { seed: 'empty', settings: { quotas } },
    // Without polls: all changes are the gateway's own writes.
    config: { watch: { maxBuffered, minIntervalMs: 600_000, maxIntervalMs: 600_000 }, limits: { aliases: repeats } },
  });

it('a slow client of server-sent events gets SUBSCRIBER_TOO_SLOW, resumes without a gap, and delays no other client', {
  timeout: 60_000,
}, async () => {
  await using demo = await start();
  await demo.query(organization);
  const [slow, quick] = [await overSse(demo.url, watch()), await overSse(demo.url, watch())];
  await Promise.all([slow, quick].map(upToBookmark));
  const invited: string[] = [];
  for (let n = 0; n < changes; n += 1) {
    const { data } = await demo.query(invite, { id: `account-${n}@example.com`, notes });
    const { id } = data.inviteAccountToOrganization.handshake;
    invited.push(id);
    expect(eventOf(await quick.next())).toMatchObject({ type: 'ADDED', handshake: { id } });
  }
  const received: Event[] = [];
  let reply = await slow.next();
  for (; reply.errors === undefined; reply = await slow.next()) received.push(eventOf(reply));
  expect(received.length).toBeLessThan(changes);
  const { cursor, ...extensions } = reply.errors[0]?.extensions ?? {};
  expect(extensions).toMatchObject({ code: 'SUBSCRIBER_TOO_SLOW', retryable: true });
  expect(cursor).toBe(received.at(-1)?.cursor);
  const back = await overSse(demo.url, watch(cursor));
  received.push(...(await upToBookmark(back)));
  expect(received.every(({ reset }) => !reset)).toBe(true);
  expect(received.flatMap(({ handshake }) => handshake?.id ?? [])).toEqual(invited);
  for (const client of [slow, quick, back]) client.close();
});
