import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/runs.ts';
import { attempt } from './raw-call.ts';
import { simulate } from './support.ts';

const PAYER = '111111111111';

type Page = { readonly Accounts: readonly { readonly Id: string }[]; readonly NextToken?: string };

async function page(url: string, input: object): Promise<Page> {
  const { output, error } = await attempt(url, PAYER, 'ListAccounts', input);
  expect(error).toBeUndefined();
  return output as Page;
}

test('returns each account once, in order, with any page sizes and empty pages', async () => {
  const { simulator } = await simulate({ account: PAYER, accounts: 57, seed: 'empty' });
  const members = simulator.world.organizations.values().next().value?.members.values() ?? [];
  const ids = members.map(({ id }) => id);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 60 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (sizes, emptyPages) => {
        simulator.control.setEmptyPages(emptyPages);
        const seen: string[] = [];
        let NextToken: string | undefined;
        for (let index = 0; ; index++) {
          const MaxResults = sizes[index % sizes.length] ?? 20;
          const { Accounts, NextToken: next } = await page(simulator.url, {
            MaxResults,
            ...(NextToken && { NextToken }),
          });
          expect(Accounts.length).toBeLessThanOrEqual(MaxResults);
          seen.push(...Accounts.map(({ Id }) => Id));
          NextToken = next;
          if (next === undefined) break;
        }
        expect(seen).toEqual(ids);
      },
    ),
    { numRuns: runs(40) },
  );
});

test('returns an unchanged account once while others are added and removed', async () => {
  const { simulator } = await simulate({ account: PAYER, accounts: 60, seed: 'empty' });
  const organization = simulator.world.organizations.values().next().value;
  if (!organization) throw new Error('no organization');
  const staying = organization.members
    .values()
    .map(({ id }) => id)
    .filter((_id, index) => index % 3 !== 1);
  const leaving = organization.members
    .values()
    .map(({ id }) => id)
    .filter((_id, index) => index % 3 === 1);
  const seen: string[] = [];
  let NextToken: string | undefined;
  do {
    const { Accounts, NextToken: next } = await page(simulator.url, { MaxResults: 7, ...(NextToken && { NextToken }) });
    seen.push(...Accounts.map(({ Id }) => Id));
    for (const AccountId of leaving.splice(0, 3)) {
      simulator.clock.advance(5 * 86_400_000);
      await attempt(simulator.url, PAYER, 'RemoveAccountFromOrganization', { AccountId });
    }
    NextToken = next;
  } while (NextToken !== undefined);
  expect(seen.filter((id) => staying.includes(id))).toEqual(staying);
  expect(new Set(seen).size).toBe(seen.length);
});

test('rejects a token of another operation, caller or arguments', async () => {
  const { simulator } = await simulate({ seed: 'demo' });
  const { url } = simulator;
  const first = await attempt(url, PAYER, 'ListPolicies', { Filter: 'SERVICE_CONTROL_POLICY', MaxResults: 2 });
  const NextToken = first.output['NextToken'];
  const refused = { error: 'InvalidInputException', reason: 'INVALID_NEXT_TOKEN' };
  const again = { Filter: 'SERVICE_CONTROL_POLICY', MaxResults: 9, NextToken };
  expect((await attempt(url, PAYER, 'ListPolicies', again)).error).toBeUndefined();
  expect(await attempt(url, PAYER, 'ListPolicies', { Filter: 'TAG_POLICY', NextToken })).toMatchObject(refused);
  expect(await attempt(url, PAYER, 'ListAccounts', { NextToken })).toMatchObject(refused);
  expect(await attempt(url, '444444444444', 'ListPolicies', again)).toMatchObject(refused);
  for (const token of ['', 'x', `${NextToken}A`, String(NextToken).slice(1), '%%%']) {
    expect(await attempt(url, PAYER, 'ListPolicies', { ...again, NextToken: token })).toMatchObject(refused);
  }
});
