// Writes schema.graphql and src/schema/possible-types.ts from the code in dist/. With --check, writes nothing and fails
// when one of them is out of date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printSchema } from 'graphql';
import { schema } from '../dist/schema/index.js';
import { possibleTypesModule } from './possible-types-module.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const generated = {
  'schema.graphql': `${printSchema(schema)}\n`,
  'src/schema/possible-types.ts': possibleTypesModule(schema),
};

for (const [name, printed] of Object.entries(generated)) {
  const file = join(root, name);
  const committed = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (committed === printed) continue;
  if (!process.argv.includes('--check')) {
    writeFileSync(file, printed);
    continue;
  }
  const [before, after] = [committed.split('\n'), printed.split('\n')];
  const line = after.findIndex((text, index) => text !== before[index]);
  const difference = `- ${before[line] ?? ''}\n+ ${after[line] ?? ''}`;
  process.stderr.write(
    `${name} is out of date: run \`npm run schema\` and commit it.\n` +
      `The first difference is in line ${line + 1}:\n${difference}\n`,
  );
  process.exitCode = 1;
}
