import { readFileSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-organizations';
import { expect, test } from 'vitest';
import { commandOf } from '../../bench/compat/aws-cli.ts';
import type { Client, Outcome, Request } from '../../bench/compat/client.ts';
import { Recorder } from '../../bench/compat/recorder.ts';
import { runScenario, simulatorOptions } from '../../bench/compat/scenario.ts';
import { compatTable, faultsOf, operationNames } from '../../bench/compat/table.ts';
import { simulate } from '../simulator/support.ts';

/** The JavaScript SDK, which knows all operations, in the place of the clients of the bench. */
function javaScriptClient(
  as: (accountId: string) => sdk.OrganizationsClient,
  known: (operation: string) => boolean = () => true,
): Client {
  const call = async ({ operation, account, input, pageSize }: Request): Promise<Outcome> => {
    if (!known(operation)) return { kind: 'not known' };
    const commands: object = sdk;
    const Command = Reflect.get(commands, `${operation}Command`);
    const pages: object[] = [];
    let NextToken: unknown;
    try {
      do {
        const dates = Object.entries(input).map(([key, value]) =>
          key.endsWith('Timestamp') ? [key, new Date(String(value))] : [key, value],
        );
        const page = pageSize === undefined ? {} : { MaxResults: pageSize, NextToken };
        const output: object = await as(account).send(new Command({ ...Object.fromEntries(dates), ...page }));
        pages.push(output);
        NextToken = Reflect.get(output, 'NextToken');
      } while (pageSize !== undefined && NextToken !== undefined);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { kind: 'exception', name: error.name, message: error.message };
    }
    return { kind: 'ok', output: joined(pages) };
  };
  return { name: 'JavaScript', call, close: async () => {} };
}

function joined(pages: readonly object[]): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const [key, value] of pages.flatMap((page) => Object.entries(page))) {
    const before = all[key];
    all[key] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
  }
  return all;
}

async function run(known: (operation: string) => boolean) {
  const { simulator, as } = await simulate(simulatorOptions);
  const recorder = new Recorder(javaScriptClient(as, known));
  await runScenario(recorder, simulator);
  return { client: 'JavaScript', results: recorder.results };
}

test('the clients’ scenario succeeds with every operation', async () => {
  const all = await run(() => true);
  expect(faultsOf(all)).toEqual([]);
  for (const name of operationNames) expect([name, all.results.get(name)?.succeeded]).not.toEqual([name, 0]);
  expect(compatTable([all])).toContain('JavaScript knows 63 of the 63 operations, and 63 of them are right.');
});

test('an operation that a client lacks is not a fault, and does not affect others', async () => {
  const unknown = /Transfer|ResourcePolicy|InvalidEffective|ValidationErrors/;
  const old = await run((operation) => !unknown.test(operation));
  expect(faultsOf(old)).toEqual([]);
  const rows = compatTable([old]).split('\n');
  expect(rows).toContain('| PutResourcePolicy | not known |');
  expect(rows.filter((row) => row.endsWith('| not known |'))).toHaveLength(
    operationNames.filter((name) => unknown.test(name)).length,
  );
});

test('a wrong reply and an unexpected exception are faults', async () => {
  const { as } = await simulate(simulatorOptions);
  const recorder = new Recorder(javaScriptClient(as));
  await recorder.refused('111111111111', 'DescribeOrganization', {}, 'AccessDeniedException');
  await recorder.ok('111111111111', 'CreateOrganization', {}, () => false);
  await recorder.refused('111111111111', 'ListRoots', {}, 'AccessDeniedException');
  const faults = faultsOf({ client: 'JavaScript', results: recorder.results });
  expect(faults).toContain(
    'JavaScript: DescribeOrganization: AWSOrganizationsNotInUseException instead of AccessDeniedException',
  );
  expect(faults).toContainEqual(expect.stringContaining('CreateOrganization: wrong answer {'));
  expect(faults).toContain('JavaScript: ListRoots: succeeded instead of AccessDeniedException');
  expect(faults).toContain('JavaScript: ListAccounts was not called');
});

test('operations have their names of the AWS CLI', () => {
  expect(['EnableAWSServiceAccess', 'ListAWSServiceAccessForOrganization', 'ListRoots'].map(commandOf)).toEqual([
    'enable-aws-service-access',
    'list-aws-service-access-for-organization',
    'list-roots',
  ]);
});

test('docs/simulator.md has a row without faults for every operation', () => {
  const page = readFileSync(new URL('../../docs/simulator.md', import.meta.url), 'utf8');
  const table = page.split('<!-- clients: begin -->')[1]?.split('<!-- clients: end -->')[0] ?? '';
  for (const name of operationNames) {
    expect(table).toMatch(new RegExp(`\\n\\| ${name} \\| (?:ok|not known)[^|]*\\| (?:ok|not known)[^|]*\\|\\n`));
  }
});
