import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, test } from 'vitest';
import { startPlainServer } from '../support/plain-server.ts';

let server: Awaited<ReturnType<typeof startPlainServer>>;
beforeAll(async () => {
  server = await startPlainServer();
});
afterAll(() => server.close());

// MAY audits included: the suite says "notice" for those, and we want none of them either.
for (const audit of serverAudits({ url: () => server.url, fetchFn: fetch })) {
  test(audit.name, async () => {
    const result = await audit.fn();
    if (result.status !== 'ok') throw new Error(`${result.status}: ${result.reason}`);
  });
}
