import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { buildSchema, parse } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Demo, startDemo } from '../support/gateway.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const example = join(root, 'examples/typed-client');

let directory: string;
beforeAll(async () => {
  // Where TypeScript and Node find the packages that generated code imports.
  directory = mkdtempSync(join(root, 'node_modules', '.typed-client-'));
  cpSync(example, directory, { recursive: true });
  await generate();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The part of a codegen configuration that this test knows. */
interface CodegenConfig {
  readonly schema: string;
  readonly documents: string;
  readonly generates: Readonly<Record<string, { readonly presetConfig: object; readonly config: object }>>;
}

/** What the example's main.ts exports: it cannot be imported before the code that it imports is made. */
interface TypedClient {
  accounts(
    url: string,
    pageSize: number,
  ): AsyncIterable<{ readonly id: string; readonly joinedTimestamp?: string | null }>;
  invite(url: string, input: object): Promise<string>;
  policyDocuments(url: string): Promise<ReadonlyMap<string, unknown>>;
}

/** What `graphql-codegen --config codegen.json` does. */
async function generate(): Promise<void> {
  const { generates, documents, schema }: CodegenConfig = JSON.parse(
    readFileSync(join(example, 'codegen.json'), 'utf8'),
  );
  const sdl = readFileSync(join(example, schema), 'utf8');
  const location = join(example, documents);
  const rawSDL = readFileSync(location, 'utf8');
  for (const [baseOutputDir, { presetConfig, config }] of Object.entries(generates)) {
    const outputs = await preset.buildGeneratesSection({
      baseOutputDir,
      presetConfig,
      config,
      schema: parse(sdl),
      schemaAst: buildSchema(sdl),
      documents: [{ location, rawSDL, document: parse(rawSDL) }],
      plugins: [],
      pluginMap: {},
    });
    mkdirSync(join(directory, baseOutputDir), { recursive: true });
    for (const output of outputs) writeFileSync(join(directory, output.filename), await codegen(output));
  }
}

function compile(): { status: number | null; output: string } {
  const tsconfig = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { noEmit: false, outDir: 'out', rootDir: '.', noEmitOnError: true },
    include: ['main.ts', 'gql'],
    exclude: [],
  };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(tsconfig));
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ type: 'module' }));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', directory],
    { encoding: 'utf8' },
  );
  return { status, output: `${stdout}${stderr}` };
}

it('code that graphql-codegen generates from schema.graphql compiles under strict TypeScript and runs against the demo', async () => {
  expect(compile()).toEqual({ status: 0, output: '' });
  await using demo: Demo = await startDemo();
  const client: TypedClient = await import(pathToFileURL(join(directory, 'out/main.js')).href);

  const ids: string[] = [];
  for await (const { id, joinedTimestamp } of client.accounts(demo.url, 50)) {
    ids.push(id);
    expect(new Date(joinedTimestamp ?? '').getTime()).toBeGreaterThan(0);
  }
  const { data } = await demo.query('{ organization { accounts(first: 1000) { nodes { id } } } }');
  expect(ids).toEqual(data.organization.accounts.nodes.map(({ id }: { id: string }) => id));

  const documents = await client.policyDocuments(demo.url);
  expect(documents.get('p-FullAWSAccess')).toMatchObject({ Statement: [{ Effect: 'Allow' }] });

  const target = { type: 'ACCOUNT', id: '222222222222' } as const;
  expect(await client.invite(demo.url, { target })).toMatch(/^h-[0-9a-z]+ is OPEN until \d{4}-\d\d-\d\dT/);
  expect(await client.invite(demo.url, { target })).toMatch(/^DuplicateHandshakeException: /);
});

it.each([
  ['a cursor that is a number', 'let after: string | null = null', 'let after: number | null = null'],
  ['a result that the mutation cannot have', "case 'ConstraintViolationException':", "case 'NoSuchException':"],
])('%s does not compile', (_what, before, after) => {
  const main = readFileSync(join(example, 'main.ts'), 'utf8');
  expect(main).toContain(before);
  writeFileSync(join(directory, 'main.ts'), main.replace(before, after));
  expect(compile().output).toMatch(/error TS\d+/);
});
