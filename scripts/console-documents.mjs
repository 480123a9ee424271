// Writes the types of the console's GraphQL documents: for each src/console/**/NAME.graphql, NAME.generated.ts beside it.
// Writes the reasons of AWS's exceptions in words, too.
// With --check, writes nothing and fails when one is out of date.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const FOLDER = join('src', 'console');
const REASONS = join(FOLDER, 'actions', 'reasons.generated.ts');
const TYPED_DOCUMENT = join(FOLDER, 'data', 'typed-document.ts');

/** The files below src/console whose names end so. */
export function consoleFiles(root, end) {
  const folder = join(root, FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name))
    .sort();
}

/** The texts of all documents, exactly as the console sends them. */
export function generatedDocuments(root) {
  return consoleFiles(root, '.generated.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/new TypedDocument<[^>]*>\(`([^`]*)`\)/g)].map(([, text]) => text),
  );
}

/** The content of each generated file, by its path. */
export async function generateDocuments(root) {
  const { resolve } = createRequire(join(root, 'package.json'));
  const load = (name) => import(pathToFileURL(resolve(name)));
  const [clientPreset, { codegen }, { buildSchema, parse }] = await Promise.all([
    load('@graphql-codegen/client-preset'),
    load('@graphql-codegen/core'),
    load('graphql'),
  ]);
  const preset = clientPreset.preset ?? clientPreset.default.preset;
  const sdl = readFileSync(join(root, 'schema.graphql'), 'utf8');
  const schema = { schema: parse(sdl), schemaAst: buildSchema(sdl) };
  const generated = new Map();
  for (const file of consoleFiles(root, '.graphql')) {
    const rawSDL = readFileSync(file, 'utf8');
    const outputs = await preset.buildGeneratesSection({
      ...schema,
      baseOutputDir: './',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        scalars: { DateTime: 'string', JSON: 'unknown', ID: 'string' },
        strictScalars: true,
        enumType: 'string-literal',
        useTypeImports: true,
      },
      documents: [{ location: file, rawSDL, document: parse(rawSDL) }],
      plugins: [],
      pluginMap: {},
    });
    const types = outputs.find(({ filename }) => filename.endsWith('graphql.ts'));
    generated.set(file.replace(/\.graphql$/, '.generated.ts'), simplify(root, file, await codegen(types)));
  }
  generated.set(join(root, REASONS), reasonsOf(schema.schemaAst));
  return generated;
}

/** The reasons of AWS's exceptions, and of accounts that are not created, in words: the descriptions that the schema has for them. */
function reasonsOf(schema) {
  const sentences = new Map();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!/(Exception|Failure)Reason$/.test(type.name)) continue;
    for (const { name: reason, description } of type.getValues()) {
      if (reason !== 'UNKNOWN') sentences.set(reason, description);
    }
  }
  return [
    '// Generated from schema.graphql by `npm run console:documents`. Do not edit.',
    '',
    "/** Why AWS throws an exception, by the exception's reason. */",
    'export const reasonSentences: Readonly<Record<string, string>> = {',
    ...[...sentences].sort().map(([reason, sentence]) => {
      const entry = `  ${reason}: ${quoted(sentence)},`;
      return entry.length <= 120 ? entry : `  ${reason}:\n    ${quoted(sentence)},`;
    }),
    '};',
    '',
  ].join('\n');
}

const quoted = (text) => (text.includes("'") ? JSON.stringify(text) : `'${text}'`);

/** Takes out what is the same in all files, and makes texts begin where the document does. */
function simplify(root, file, code) {
  const path = relative(dirname(file), join(root, TYPED_DOCUMENT)).replaceAll('\\', '/');
  const text = code
    .replace('/* eslint-disable */\n', '')
    .replace(/^import type \{ DocumentTypeDecoration.*\n/m, '')
    .replace(/^export class TypedDocumentString[\s\S]*?^}\n/m, '')
    .replace(
      /new TypedDocumentString\(`\s*([^`]*?)\s*`\) as unknown as TypedDocumentString<([^>]*)>/g,
      (_, document, of) => {
        return `new TypedDocument<${of}>(\`${document}\`)`;
      },
    );
  if (text.includes('TypedDocumentString')) throw new Error('the output of graphql-codegen has changed');
  return [
    '// Generated from the documents beside it by `npm run console:documents`. Do not edit.',
    `import { TypedDocument } from '${path.startsWith('.') ? path : `./${path}`}';`,
    '',
    text.trim().replace(/\n{3,}/g, '\n\n'),
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  for (const [file, code] of await generateDocuments(root)) {
    if (!process.argv.includes('--check')) writeFileSync(file, code);
    else if (!existsSync(file) || readFileSync(file, 'utf8') !== code) {
      process.stderr.write(
        `${relative(root, file)} is out of date: run \`npm run console:documents\` and commit it.\n`,
      );
      process.exitCode = 1;
    }
  }
}
