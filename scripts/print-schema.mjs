// Writes schema.graphql from the code in dist/. With --check, writes nothing and fails when the file is out of date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sdl } from '../dist/cli/schema.js';

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'schema.graphql');
const printed = sdl();

if (!process.argv.includes('--check')) {
  writeFileSync(file, printed);
} else {
  const committed = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (committed !== printed) {
    const [before, after] = [committed.split('\n'), printed.split('\n')];
    const line = after.findIndex((text, index) => text !== before[index]);
    process.stderr.write(
      `schema.graphql is out of date: run \`npm run schema\` and commit it.\nThe first difference is in line ${line + 1}:\n- ${before[line] ?? ''}\n+ ${after[line] ?? ''}\n`,
    );
    process.exitCode = 1;
  }
}
