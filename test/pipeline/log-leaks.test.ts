import { expect, it } from 'vitest';
import { apiKey } from '../support/api-key.ts';
import { type LogLine, startDemo } from '../support/gateway.ts';

const EMAIL = /[\w.+-]+@[\w-]+(\.[\w-]+)+/;
const secret = 'a-secret-that-must-not-be-logged';
const policy =
  '{"Version":"2012-10-17","Statement":[{"Sid":"OnlyForTheOrganization","Effect":"Deny","Action":"s3:*","Resource":"*"}]}';

it.for(['info', 'debug'] as const)(
  'no key, secret, e-mail address, policy, note, tag or cursor reaches the log, whichever operation fails, at the level %s',
  async (level) => {
    const lines: LogLine[] = [];
    const key = apiKey({ name: 'alice', principals: ['partner', 'standalone'] });
    const { authorization } = key;
    let cursor = '';
    {
      await using demo = await startDemo({
        config: {
          auth: { type: 'apiKeys', keys: [key.settings] },
          log: { level, audit: true },
          graph: { cursorSecret: secret },
          limits: { tokens: 500 },
        },
        onLog: (line) => lines.push(line),
      });
      const ask = (document: string, variables: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
        demo.query(document, variables, { headers: { authorization, ...headers } });
      const read = await ask(
        '{ organization { masterAccountEmail accounts { nodes { email } pageInfo { endCursor } } policies(type: SERVICE_CONTROL_POLICY) { nodes { content } } } }',
      );
      expect(JSON.stringify(read.data)).toMatch(EMAIL);
      cursor = read.data.organization.accounts.pageInfo.endCursor;
      const made = await ask(
        'mutation ($content: String!) { createPolicy(input: { type: SERVICE_CONTROL_POLICY, name: "guard", description: "guards", content: $content, tags: [{ key: "k", value: "confidential-tag" }] }) { __typename ... on Error { message } } }',
        { content: policy },
      );
      expect(made.data.createPolicy.__typename).toBe('CreatePolicyPayload');
      await ask(
        'mutation { inviteAccountToOrganization(input: { target: { type: EMAIL, id: "someone@example.com" }, notes: "confidential-note" }) { __typename } }',
      );
      await ask(
        'mutation { createAccount(input: { accountName: "x", email: "new.account@example.com" }) { __typename } }',
      );
      // What goes wrong, everywhere on the way.
      await ask('{ account(id: "someone@example.com") { id } }');
      await ask(
        'mutation { inviteAccountToOrganization(input: { target: { type: EMAIL, id: "no one@example.com" } }) { __typename } }',
      );
      await ask('{ nonsense(email: "someone@example.com") }');
      await ask('{ "someone@example.com" }');
      await ask('query ($id: ID!) { account(id: $id) { id } }', { id: { email: 'someone@example.com' } });
      await ask('{ organization { accounts(after: "someone@example.com") { nodes { id } } } }');
      await ask('{ organization { id } }', {}, { 'x-orgql-principal': 'someone@example.com' });
      await ask('{ organization { id } }', {}, { authorization: `${authorization}@example.com` });
      await ask('{ organization { id } }', {}, { authorization: `Basic ${secret}` });
      await ask(`{ organization { ${'id '.repeat(600)} } }`);
      const watch = 'subscription { organizationHandshakeChanges { type handshake { id parties { id } notes } } }';
      const as = { headers: { authorization }, connectionParams: { authorization } };
      for (const events of [demo.subscribe(watch, {}, as), demo.subscribeBySse(watch, {}, as)]) {
        for (let type = ''; type !== 'BOOKMARK'; )
          ({ type } = (await events.event()).data.organizationHandshakeChanges);
        await events.return();
      }
      await expect(
        demo.subscribe(watch, {}, { connectionParams: { authorization: `${authorization}x` } }).event(),
      ).rejects.toBeDefined();
    }
    const log = JSON.stringify(lines);
    expect(lines.length).toBeGreaterThan(2);
    expect(log.match(EMAIL)?.[0]).toBeUndefined();
    for (const hidden of [
      authorization.slice(7),
      key.settings.hash,
      secret,
      'OnlyForTheOrganization',
      'confidential-',
      'not-looked-at',
      cursor,
    ]) {
      expect(log).not.toContain(hidden);
    }
  },
);
