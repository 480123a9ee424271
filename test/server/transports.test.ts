import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { Pipeline } from '../../src/server/pipeline.ts';
import { startPlainServer } from '../support/plain-server.ts';
import { carriedBy, transportNames, transports } from '../support/transports.ts';

const src = join(import.meta.dirname, '../../src');
const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ file: relative(src, path), text: readFileSync(path, 'utf8') }));
const ofServer = files.filter(({ file }) => file.startsWith('server/'));

interface Imported {
  /** The whole module, by whatever name. */
  readonly all: boolean;
  /** Values, no types. */
  readonly names: readonly string[];
  readonly from: string;
}

function importsOf(text: string): readonly Imported[] {
  const found = [...text.matchAll(/^(?:import|export) (type )?([^;'"]*?) from '([^']+)'/gm)];
  const later = [...text.matchAll(/(?<!typeof )\b(?:import|require)\('([^']+)'\)/g)];
  const all = later.map(([_, from = '']) => ({ all: true, names: [], from }));
  return found
    .map(
      ([_, type, what = '', from = '']): Imported => ({
        all: type === undefined && what.includes('*'),
        names:
          type === undefined
            ? (/\{([^}]*)\}/.exec(what)?.[1] ?? '')
                .split(',')
                .map((each) => each.trim().replace(/ as .*/s, ''))
                .filter((each) => each !== '' && !each.startsWith('type '))
            : [],
        from,
      }),
    )
    .concat(all);
}

/** What executes an operation, of whatever package. */
const EXECUTES = new Set([
  'execute',
  'executeSync',
  'experimentalExecuteIncrementally',
  'graphql',
  'graphqlSync',
  'subscribe',
  'createSourceEventStream',
  'normalizedExecutor',
  'envelop',
]);
const PACKAGES = /^(graphql|graphql-ws|graphql-yoga|graphql-http|@envelop\/.*|@graphql-tools\/.*|graphql\/.*)$/;

test('nothing but src/server/execution executes an operation, and nobody gets past the pipeline by Yoga’s own ways', () => {
  const executing = files.flatMap(({ file, text }) =>
    importsOf(text).flatMap(({ all, names, from }) =>
      PACKAGES.test(from) && (all || from.startsWith('graphql/execution') || names.some((name) => EXECUTES.has(name)))
        ? [file]
        : [],
    ),
  );
  // It sees those that there are.
  for (const file of ['execute-operation.ts', 'execute-in-pieces.ts'])
    expect(executing).toContain(`server/execution/${file}`);
  expect(executing.filter((file) => !file.startsWith('server/execution/'))).toEqual([]);
  const byYoga = files.filter(({ text }) => /\bgetEnveloped\b|\bgetResultForParams\b|\bsetExecuteFn\b/.test(text));
  expect(byYoga.map(({ file }) => file)).toEqual([]);
});

test('operations are made, and handed to the pipeline, by the files that the table of transports names and by no others', () => {
  // The front door runs operations without a document, for what it rejects before there is one.
  const named = [...new Set([...Object.values(carriedBy), 'http/front-door.ts'])].sort();
  const made = ofServer.filter(({ text }) =>
    importsOf(text).some(({ names, from }) => from.endsWith('/operation.ts') && names.includes('Operation')),
  );
  const run = ofServer.filter(({ text }) => /\bpipeline\??\.run\(|\brun\(operation\)/.test(text));
  for (const found of [made, run]) expect(found.map(({ file }) => relative('server', file)).sort()).toEqual(named);
});

afterEach(() => vi.restoreAllMocks());

test.for(transportNames)('what comes over %s is carried by the file that the table says', async (name) => {
  const callers: string[] = [];
  const { run } = Pipeline.prototype;
  vi.spyOn(Pipeline.prototype, 'run').mockImplementation(function (this: Pipeline, operation) {
    callers.push(new Error('here').stack ?? '');
    return run.call(this, operation);
  });
  await using server = await startPlainServer();
  const { data } = await transports[name](server.url, { query: '{ principal }' }, {});
  expect(data).toEqual({ principal: 'first' });
  expect(callers).toHaveLength(1);
  const [caller] = [...(callers[0] ?? '').matchAll(/src\/server\/([\w/-]+\.ts)/g)].map(([_, file]) => file);
  expect(caller).toBe(carriedBy[name]);
});
