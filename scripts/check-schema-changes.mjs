// Compares schema.graphql with the schema of the last release, and fails for a breaking change that CHANGELOG.md does not name under
// "### Breaking" of its "## Unreleased" section. Dangerous changes are told, and let pass.
//
//   node scripts/check-schema-changes.mjs [--schema FILE] [--released FILE] [--changelog FILE]
//
// The released schema is schema.released.graphql, which `npm version` writes (script "version"). Before the first release there is
// none: then nothing can break, and the check says so and succeeds.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values: files } = parseArgs({
  options: {
    schema: { type: 'string', default: join(root, 'schema.graphql') },
    released: { type: 'string', default: join(root, 'schema.released.graphql') },
    changelog: { type: 'string', default: join(root, 'CHANGELOG.md') },
  },
});

/** The text under "### Breaking" of "## Unreleased", however it is capitalized; empty when there is none. */
function breakingEntries(changelog) {
  const [, unreleased = ''] = changelog.split(/^## \[?unreleased\]?.*$/im);
  const [section = ''] = unreleased.split(/^## /m);
  const [, breaking = ''] = section.split(/^### breaking.*$/im);
  return breaking.split(/^### /m)[0] ?? '';
}

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

function list(heading, changes) {
  if (changes.length > 0) {
    process.stdout.write(`${heading}\n${changes.map(({ message, path }) => `  ${path}: ${message}`).join('\n')}\n`);
  }
}

if (!existsSync(files.released)) {
  process.stdout.write(`There is no ${relative(root, files.released)} yet: nothing is released that could break.\n`);
} else {
  const [before, after] = [files.released, files.schema].map((file) => buildSchema(readFileSync(file, 'utf8')));
  const changes = await diff(before, after);
  const of = (level) => changes.filter(({ criticality }) => criticality.level === level);
  const entries = breakingEntries(readFileSync(files.changelog, 'utf8'));
  const breaking = of(CriticalityLevel.Breaking);
  const unnamed = breaking.filter((change) => !namesOf(change).some((name) => isNamed(name, entries)));
  list(
    'Breaking, and named in CHANGELOG.md:',
    breaking.filter((change) => !unnamed.includes(change)),
  );
  list('Dangerous for clients that do not expect new values, members or defaults:', of(CriticalityLevel.Dangerous));
  list('Breaking, and not named in CHANGELOG.md:', unnamed);
  if (unnamed.length > 0) {
    process.stdout.write(
      'Undo them, or name each (as `Type.field`) with what to use instead in CHANGELOG.md, under "### Breaking" of "## Unreleased".\n',
    );
    process.exitCode = 1;
  } else {
    process.stdout.write(`${changes.length} changes since the release, none of them breaking unannounced.\n`);
  }
}
