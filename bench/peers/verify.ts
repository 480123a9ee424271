import { isDeepStrictEqual } from 'node:util';
import type { ServerProcess } from './processes.ts';
import type { GraphQLRequest, Row } from './rows.ts';
import { authorization } from './settings.ts';

/** How many requests of a row in which each is another are compared. */
export const SAMPLES = 5;
/** Often enough that an operation is compiled, and answered as it is from then on, where servers compile it late. */
const REPEATS = 3;

/** The bytes that orgql answers a row with, by the row's name: what a bare server sends. */
export type Replies = ReadonlyMap<string, string>;

/**
 * Makes sure that what is measured is the same work: both servers answer every row with the same `data`, and without errors.
 * Throws with the first row and server of which that is not true.
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
