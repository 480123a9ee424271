// Compares schema.graphql with the schema of the last release, and fails for a breaking change that no changeset announces in a line that
// begins with `**Breaking:**`. Dangerous changes are reported, and pass.
//
//   node scripts/check-schema-changes.mjs
//
// The released schema is schema.released.graphql, which `npm run version` writes. Before the first release there is none, and nothing can break.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/** The names by which an entry can name a change: `Type`, `Type.field`, `Type.field.argument` or `Type.field(argument:)`. */
function namesOf({ path = '' }) {
  const [type, field, argument] = path.split('.');
  return argument === undefined ? [path] : [path, `${type}.${field}(${argument}:)`, `${type}.${field}`];
}

const escaped = (name) => name.replace(/[.()]/g, '\\$&');

/** Whether a name stands in the text as a whole: `Account.name` does not name `Account.names`, nor `Account` its fields. */
function isNamed(name, text) {
  return new RegExp(`(?<![\\w.])${escaped(name)}(?![\\w(]|\\.\\w)`).test(text);
}

/**
 * Whether `schema` may follow `released` with these changesets, and what to tell the developer.
 * @param {{ released?: string, schema: string, changesets: string }} texts
 */
export async function checkSchemaChanges({ released, schema, changesets }) {
  if (released === undefined) return { passes: true, report: 'Nothing is released yet that could break.\n' };
  const changes = await diff(buildSchema(released), buildSchema(schema));
  const of = (level) => changes.filter(({ criticality }) => criticality.level === level);
  const announced = (changesets.match(/^(- )?\*\*Breaking:\*\*.*$/gm) ?? []).join('\n');
  const isAnnounced = (change) => namesOf(change).some((name) => isNamed(name, announced));
  const breaking = of(CriticalityLevel.Breaking);
  const unannounced = breaking.filter((change) => !isAnnounced(change));
  const list = (heading, some) =>
    some.length === 0 ? '' : `${heading}\n${some.map(({ message, path }) => `  ${path}: ${message}\n`).join('')}`;
  const report = [
    list('Breaking, and announced:', breaking.filter(isAnnounced)),
    list('Dangerous for clients that do not expect new values, members or defaults:', of(CriticalityLevel.Dangerous)),
    list('Breaking, and not announced:', unannounced),
    unannounced.length > 0
      ? 'Undo them, or name each (as `Type.field`) with what to use instead in a changeset, in a line that begins with `**Breaking:**`.\n'
      : `${changes.length} changes since the release, none of them breaking unannounced.\n`,
  ].join('');
  return { passes: unannounced.length === 0, report };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const read = (file) => readFileSync(join(root, file), 'utf8');
  const changesets = readdirSync(join(root, '.changeset')).filter((name) => name.endsWith('.md'));
  const { passes, report } = await checkSchemaChanges({
    released: existsSync(join(root, 'schema.released.graphql')) ? read('schema.released.graphql') : undefined,
    schema: read('schema.graphql'),
    changesets: changesets.map((name) => read(`.changeset/${name}`)).join('\n'),
  });
  process.stdout.write(report);
  process.exitCode = passes ? 0 : 1;
}
