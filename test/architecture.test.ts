import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

/** The parts, from the one that may import all others to the one that may import none. */
const ORDER = ['main', 'cli', 'gateway', 'redis', 'transport', 'schema', 'watcher', 'upstream', 'principal', 'config'];

/** Not separated yet: they stand where the transport stands. */
const SERVER = new Set(['transport', 'pipeline', 'executor']);

const root = join(import.meta.dirname, '..');
const src = join(root, 'src');

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name));

const imports: Import[] = files.flatMap((file) =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /(?:^|[;\n])\s*(?:(?:import|export)\s+(type\s)?[^;'"]*?from\s*|import\s*|.*\bimport\()['"]([^'"]+)['"]/g,
    ),
  ].map(([_, type, specifier]) => ({
    file: relative(src, file),
    specifier: specifier ?? '',
    typeOnly: type !== undefined,
  })),
);

/** `transport/yoga/x.ts` is of the part `transport`, `gateway.ts` of `gateway`. */
const partOf = (path: string) => {
  const part = path.split('/')[0]?.replace(/\.ts$/, '') ?? '';
  return SERVER.has(part) ? 'transport' : part;
};
const target = ({ file, specifier }: Import) => partOf(relative(src, join(src, dirname(file), specifier)));
const internal = imports.filter(({ specifier }) => specifier.startsWith('.'));

test('no import of any file escapes these tests', () => {
  expect(files.length).toBeGreaterThan(50);
  for (const file of files.map((each) => relative(src, each))) {
    const written =
      readFileSync(join(src, file), 'utf8').match(/^import\b|^export\b.* from '|^} from '|\bimport\('/gm)?.length ?? 0;
    const multiline = readFileSync(join(src, file), 'utf8').match(/^import\b[^;']*?\{\n[^;]*?^} from '/gm)?.length ?? 0;
    expect(imports.filter((each) => each.file === file).length, file).toBe(written - multiline);
  }
});

test('every folder and file of src is a part with a place in the order', () => {
  const parts = new Set(files.map((file) => partOf(relative(src, file))));
  expect(
    [...parts].filter((part) => !['simulator', 'control-policies'].includes(part) && !ORDER.includes(part)),
  ).toEqual([]);
});

test('imports run one way: main, cli, gateway, redis, transport, schema, watcher, upstream, principal, config', () => {
  const against = internal.filter((each) => {
    const [from, to] = [ORDER.indexOf(partOf(each.file)), ORDER.indexOf(target(each))];
    return from >= 0 && to >= 0 && to < from;
  });
  expect(against).toEqual([]);
});

test('only main and its command line import the simulator, and the simulator imports nothing else of src but control-policies', () => {
  const importers = internal.filter(
    (each) => target(each) === 'simulator' && !['main', 'cli', 'simulator'].includes(partOf(each.file)),
  );
  expect(importers).toEqual([]);
  const allowed = ['simulator', 'control-policies'];
  expect(internal.filter((each) => partOf(each.file) === 'simulator' && !allowed.includes(target(each)))).toEqual([]);
});

test('only upstream imports the client of AWS Organizations; principal may load credentials and ask STS', () => {
  const allowed = (each: Import) =>
    partOf(each.file) === 'upstream' ||
    (partOf(each.file) === 'principal' && !each.specifier.includes('client-organizations'));
  const sdk = imports.filter(({ specifier }) => /^@(aws-sdk|aws|smithy)\//.test(specifier));
  expect(sdk.length).toBeGreaterThan(0);
  expect(sdk.filter((each) => !allowed(each))).toEqual([]);
});

test('a command’s code is loaded only when it is started', () => {
  const eager = internal.filter(
    ({ file, specifier }) => file === 'cli/command-line.ts' && /(demo|serve|simulate|schema)\.ts$/.test(specifier),
  );
  const source = readFileSync(join(src, 'cli/command-line.ts'), 'utf8');
  for (const { specifier } of eager) expect(source).toContain(`import('${specifier}')`);
  expect(eager).toHaveLength(4);
});

test('a file stays readable: none but the tables of the API model is longer than 400 lines', () => {
  const long = files.filter(
    (file) => !file.includes('simulator/model/') && readFileSync(file, 'utf8').split('\n').length > 400,
  );
  expect(long.map((file) => relative(src, file))).toEqual([]);
});

test('no function is written where it is assigned to a member: V8 makes it in its old generation, where it keeps all that it knows until a full collection', () => {
  const assigned =
    /^[ \t]*[\w#.?!]+\.#?\w+\s*(?:\?\?|\|\|)?=\s*(?:async\s*)?(?:function\b|(?:\([^()]*\)|\w+)(?:\s*:[^=;]+)?\s*=>)/gm;
  const found = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(assigned)].map(([text]) => `${relative(src, file)}: ${text.trim()}`),
  );
  expect(found).toEqual([]);
});
