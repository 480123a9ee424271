import { isDeepStrictEqual } from 'node:util';
import type { ServerProcess } from './processes.ts';
import type { GraphQLRequest, Row } from './rows.ts';
import { authorization } from './settings.ts';

/** Number of compared requests in a row with unique requests. */
export const SAMPLES = 5;
/** Enough requests for servers that compile an operation late to reach their final state. */
const REPEATS = 3;

/** orgql's response bodies by row, for the fixed replies of a bare server. */
export type Replies = ReadonlyMap<string, string>;

/**
 * Checks that both servers return the same `data` for each row, without errors. Throws with the first row and server
 * that do not.
 */
export async function verify(
  [orgql, other]: readonly [ServerProcess, ServerProcess],
  rows: readonly Row[],
): Promise<Replies> {
  const answering = other.contender.kind === 'fixed' ? [orgql] : [orgql, other];
  const replies = new Map<string, string>();
  for (const row of rows) {
    for (let number = 0; number < (row.renews ? SAMPLES : 1); number += 1) {
      const request = row.request(number);
      const expected = await ask(orgql, request);
      replies.set(row.name, expected.text);
      for (const server of answering) await verifyOne(server, row, request, expected);
    }
  }
  return replies;
}

async function verifyOne(server: ServerProcess, row: Row, request: GraphQLRequest, expected: Answer): Promise<void> {
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const { text, body } = await ask(server, request);
    if (body.data && !body.errors && isDeepStrictEqual(body.data, expected.body.data)) continue;
    throw new Error(
      `${server.contender.title} answers the row "${row.name}" with\n  ${text.slice(0, 1_000)}\nwhere this is expected\n  ${expected.text.slice(0, 1_000)}`,
    );
  }
}

interface Answer {
  readonly text: string;
  readonly body: Body;
}

interface Body {
  readonly data?: unknown;
  readonly errors?: unknown;
}

async function ask({ port, contender }: ServerProcess, request: GraphQLRequest): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      ...(contender.apiKeys && { authorization }),
    },
    body: JSON.stringify(request),
  });
  const text = await response.text();
  return { text, body: JSON.parse(text) as Body };
}
