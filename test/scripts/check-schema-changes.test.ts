import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const script = join(root, 'scripts/check-schema-changes.mjs');
const { checkSchemaChanges } = await import(script);
const schema = readFileSync(join(root, 'schema.graphql'), 'utf8');
const NO_ENTRIES = '---\n"orgql": minor\n---\n\n- `Account.email` in lists.\n';

/** The check of `after` against the released `before`. */
function check(
  before: string | undefined,
  after: string,
  changesets = NO_ENTRIES,
): Promise<{ passes: boolean; report: string }> {
  return checkSchemaChanges({ released: before, schema: after, changesets });
}

/** The schema with one thing different, which must be there to be changed. */
function changed(before: string | RegExp, after: string): string {
  const text = schema.replace(before, after);
  expect(text).not.toBe(schema);
  return text;
}

const withoutEmail = () => changed(/(type Account implements [^}]*?)\n {2}"""[^"]*"""\n {2}email: String\n/, '$1');
const breaking = (entry: string) => `${NO_ENTRIES}- **Breaking:** ${entry}\n`;

describe('a breaking change', () => {
  it('fails, with its name and what to do', async () => {
    const { passes, report } = await check(schema, withoutEmail());
    expect(passes).toBe(false);
    expect(report).toMatch(/Account\.email: .*removed/);
    expect(report).toContain('**Breaking:**');
  });

  it('passes when a changeset names it as breaking', async () => {
    const { passes, report } = await check(
      schema,
      withoutEmail(),
      breaking('`Account.email` is gone; use `Account.arn`.'),
    );
    expect(passes).toBe(true);
    expect(report).toMatch(/Breaking, and announced:\n {2}Account\.email/);
  });

  it.each([
    ['another field whose name begins alike', '`Account.emails` is gone.'],
    ['its type alone', '`Account` is different.'],
    ['the same field of another type', '`DelegatedAccount.email` is gone.'],
  ])('is not announced by an entry that names %s', async (_what, entry) => {
    expect((await check(schema, withoutEmail(), breaking(entry))).passes).toBe(false);
  });

  it.each(['`Query.account(id:)`', '`Query.account.id`', '`Query.account`'])(
    'of an argument is announced by %s',
    async (name) => {
      const without = () => changed(/\n {2}account\(\n[^)]*\): Account\n/, '\n  account: Account\n');
      expect((await check(schema, without())).passes).toBe(false);
      expect((await check(schema, without(), breaking(`${name} is gone.`))).passes).toBe(true);
    },
  );

  it('of several needs an entry for each', async () => {
    const both = withoutEmail().replace(/\n {2}"""[^"]*"""\n {2}viewer: Viewer!\n/, '\n');
    const { passes, report } = await check(schema, both, breaking('`Account.email` is gone.'));
    expect(passes).toBe(false);
    expect(report).toMatch(/not announced:\n {2}Query\.viewer: [^\n]*\nUndo/);
  });
});

it('a dangerous change, such as a further value of an enum, is reported and passes', async () => {
  const { passes, report } = await check(schema, changed('enum AccountState {', 'enum AccountState {\n  FROZEN\n'));
  expect(passes).toBe(true);
  expect(report).toMatch(/Dangerous.*\n {2}AccountState\.FROZEN/);
});

it('a safe change, such as a further field, passes', async () => {
  const { passes, report } = await check(schema, changed('type Viewer {', 'type Viewer {\n  shoeSize: Int\n'));
  expect(passes).toBe(true);
  expect(report).toMatch(/^1 changes since the release/);
});

it('before the first release nothing can break', async () => {
  const { passes, report } = await check(undefined, withoutEmail());
  expect(passes).toBe(true);
  expect(report).toContain('Nothing is released');
});

it('the script checks the schema of this repository', () => {
  expect(execFileSync(process.execPath, [script], { encoding: 'utf8' })).toMatch(/released yet|none of them breaking/);
});
