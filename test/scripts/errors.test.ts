import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorCodes } from '../../src/pipeline/error-codes.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { build } from '../support/cli.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
const table = Object.values(errorCodes).flatMap((rows) => Object.entries(rows));

/** Codes that are not those of GraphQL errors: of `/ready`, and reasons that stay inside or are in `extensions.reason`. */
const otherCodes = ['STORE_FULL', 'STORE_FAILED'];

/** The codes of these folders are not those of GraphQL errors, and have pages of their own. */
const otherPages = [
  { folder: 'client', page: 'docs/api.md' },
  { folder: 'control-policies', page: 'docs/control-policies.md' },
];
/** The errors of the simulator are AWS's, and the console shows those of others. */
const otherFolders = new Set(['simulator', 'console', ...otherPages.map(({ folder }) => folder)]);

const folderOf = (path: string): string => path.slice(0, path.indexOf('/'));

const sourcesOf = (isWanted: (path: string) => boolean): readonly string[] =>
  readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('pipeline/error-codes.ts') && isWanted(path))
    .map((path) => readFileSync(join(root, 'src', path), 'utf8'));

/** Codes that sources give to errors: by a member `code`, by a function that creates errors, or in a union of codes. */
const codesIn = (texts: readonly string[]): ReadonlySet<string> =>
  new Set(
    texts.flatMap((text) => [
      ...[...text.matchAll(/\bcode(?:: |\) === |'\] === )'([A-Z]+(?:_[A-Z]+)*)'/g)].map(([, code = '']) => code),
      ...[
        ...text.matchAll(
          /\b(?:limitError|requestError|AuthenticationError|wrong|error)\((?:[^'"`();]*,)?\s*'([A-Z_]{4,})'/g,
        ),
      ].map(([, code = '']) => code),
      ...[...text.matchAll(/export type \w*Code =((?:\s*(?:\/\*\*[^/]*\*\/|\| '[A-Z_]+'))+)/g)].flatMap(
        ([, union = '']) => [...union.matchAll(/'([A-Z_]+)'/g)].map(([, code = '']) => code),
      ),
      ...[...text.matchAll(/readonly code:((?:\s*\|?\s*(?:\w+\['code'\]|'[A-Z_]+'))+)/g)].flatMap(([, union = '']) =>
        [...union.matchAll(/'([A-Z_]+)'/g)].map(([, code = '']) => code),
      ),
    ]),
  );

const sources = sourcesOf((path) => !otherFolders.has(folderOf(path)));
const codesInSource = codesIn(sources);

test('docs/errors.md is what the script makes of the tables', () => {
  build();
  execFileSync(process.execPath, [join(root, 'scripts/print-errors.mjs'), '--check']);
});

test('every code that the source gives to an error is in the table', () => {
  expect(codesInSource).toContain('COST_LIMIT_EXCEEDED');
  expect(codesInSource).toContain('UPSTREAM_TIMEOUT');
  expect(codesInSource).toContain('SUBSCRIBER_TOO_SLOW');
  const documented = new Set<string>([...table.map(([code]) => code), ...otherCodes]);
  expect([...codesInSource].filter((code) => !documented.has(code))).toEqual([]);
});

test.each(otherPages)('every code of src/$folder is on $page', ({ folder, page: path }) => {
  const codes = [...codesIn(sourcesOf((source) => folderOf(source) === folder))];
  expect(codes.length).toBeGreaterThan(5);
  const text = readFileSync(join(root, path), 'utf8');
  expect(codes.filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
});

test('every code of the table is one that the source gives to an error', () => {
  const text = sources.join('\n');
  // The codes of documents that are too large end in one word of a table.
  const isGiven = (code: string) =>
    codesInSource.has(code) || text.includes(`'${code}'`) || text.includes(`'${code.replace(/_LIMIT_EXCEEDED$/, '')}'`);
  expect(table.map(([code]) => code).filter((code) => !isGiven(code))).toEqual([]);
});

test.each(table)('%s says when it occurs and what to do, in sentences', (_, [, , when, action]) => {
  expect(when).toMatch(/^[A-Z`\d].*\.$/);
  expect(action).toMatch(/^[A-Z`].*\.$/);
});

test('docs/errors.md has every reason of an invalid cursor', () => {
  const reasons = sources.flatMap((text) => [
    ...[...text.matchAll(/type \w+ =((?:\s*\|?\s*'[A-Z_]+')*\s*\|?\s*'MALFORMED'[^;]+);/g)].flatMap(
      ([, union = '']) => union.match(/[A-Z_]{4,}/g) ?? [],
    ),
    ...[...text.matchAll(/code: 'INVALID_CURSOR',\s*reason: '([A-Z_]+)'/g)].map(([, reason = '']) => reason),
  ]);
  expect(reasons.length).toBeGreaterThan(5);
  expect(reasons.filter((reason) => !page.includes(`| \`${reason}\` |`))).toEqual([]);
});

test('the control interface of the simulator has the errors of docs/errors.md', async () => {
  await using simulator = await startSimulator({ seed: 'empty' });
  const json = { 'content-type': 'application/json' };
  const statusOf = async (path: string, init: RequestInit) => {
    const response = await fetch(`${simulator.url}/_orgql${path}`, init);
    expect(await response.json()).toEqual({ error: expect.stringMatching(/\S/) });
    return response.status;
  };
  const statuses = [
    await statusOf('/clock', { method: 'PATCH', headers: json, body: '{' }),
    await statusOf('/clock', { method: 'PATCH', headers: json, body: '{ "rate": -1 }' }),
    await statusOf('/clock', { headers: { origin: 'http://localhost:5173' } }),
    await statusOf('/nothing', {}),
    await statusOf('/accounts/000000000000', { method: 'PATCH', headers: json, body: '{}' }),
    await statusOf('/clock', { method: 'PATCH', body: '{}' }),
  ];
  expect(statuses).toEqual([400, 400, 403, 404, 404, 415]);
  const section = page.slice(page.indexOf('## Simulator control'));
  expect([...section.matchAll(/^\| (\d+) \|/gm)].map(([, status]) => Number(status))).toEqual([...new Set(statuses)]);
});
