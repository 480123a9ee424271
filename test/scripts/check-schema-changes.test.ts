import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const schema = readFileSync(join(root, 'schema.graphql'), 'utf8');
const NO_ENTRIES =
  '# Changelog\n\n## Unreleased\n\n### Added\n- `Account.email` in lists.\n\n## 0.1.0\n\n### Breaking\n- `Account.email`\n';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'orgql-schema-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The check of `after` against the released `before`. */
function check(before: string | undefined, after: string, changelog = NO_ENTRIES) {
  const files = { released: before, schema: after, changelog };
  const args = Object.entries(files).flatMap(([name, text]) => {
    const file = join(directory, name);
    rmSync(file, { force: true });
    if (text !== undefined) writeFileSync(file, text);
    return [`--${name}`, file];
  });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts/check-schema-changes.mjs'), ...args],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  return { passes: status === 0, says: stdout };
}

/** The schema with one thing different, which must be there to be changed. */
function changed(before: string | RegExp, after: string): string {
  const text = schema.replace(before, after);
  expect(text).not.toBe(schema);
  return text;
}

const withoutEmail = () => changed(/(type Account implements [^}]*?)\n {2}"""[^"]*"""\n {2}email: String\n/, '$1');
const unreleased = (entry: string) => NO_ENTRIES.replace('### Added', `### Breaking\n${entry}\n\n### Added`);

describe('a breaking change', () => {
  it('fails, and is named, with what to do', () => {
    const { passes, says } = check(schema, withoutEmail());
    expect(passes).toBe(false);
    expect(says).toMatch(/Account\.email: .*removed/);
    expect(says).toContain('### Breaking');
  });

  it('passes when the unreleased section of the changelog names it under Breaking', () => {
    const { passes, says } = check(schema, withoutEmail(), unreleased('- `Account.email` is gone; use `Account.arn`.'));
    expect(passes).toBe(true);
    expect(says).toMatch(/named in CHANGELOG.md:\n {2}Account\.email/);
  });

  it.each([
    ['another field whose name begins alike', '- `Account.emails` is gone.'],
    ['its type alone', '- `Account` is different.'],
    ['the same field of another type', '- `DelegatedAccount.email` is gone.'],
  ])('is not announced by an entry that names %s', (_what, entry) => {
    expect(check(schema, withoutEmail(), unreleased(entry)).passes).toBe(false);
  });

  it.each(['`Query.account(id:)`', '`Query.account.id`', '`Query.account`'])(
    'of an argument is announced by %s',
    (name) => {
      const without = () => changed(/\n {2}account\(\n[^)]*\): Account\n/, '\n  account: Account\n');
      expect(check(schema, without()).passes).toBe(false);
      expect(check(schema, without(), unreleased(`- ${name} is gone.`)).passes).toBe(true);
    },
  );

  it('of several needs an entry for each', () => {
    const both = withoutEmail().replace(/\n {2}"""[^"]*"""\n {2}viewer: Viewer!\n/, '\n');
    const { passes, says } = check(schema, both, unreleased('- `Account.email` is gone.'));
    expect(passes).toBe(false);
    expect(says).toMatch(/not named in CHANGELOG.md:\n {2}Query\.viewer: [^\n]*\nUndo/);
  });
});

it('a dangerous change, such as a further value of an enum, is told and passes', () => {
  const { passes, says } = check(schema, changed('enum AccountState {', 'enum AccountState {\n  FROZEN\n'));
  expect(passes).toBe(true);
  expect(says).toMatch(/Dangerous.*\n {2}AccountState\.FROZEN/);
});

it('a safe change, such as a further field, passes', () => {
  const { passes, says } = check(schema, changed('type Viewer {', 'type Viewer {\n  shoeSize: Int\n'));
  expect(passes).toBe(true);
  expect(says).toMatch(/^1 changes since the release/);
});

it('before the first release nothing can break', () => {
  const { passes, says } = check(undefined, withoutEmail());
  expect(passes).toBe(true);
  expect(says).toContain('nothing is released');
});
