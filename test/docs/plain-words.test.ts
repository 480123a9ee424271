import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Words and clauses that readers of the field do not expect. CONTRIBUTING.md says how orgql is written. */
const refused = [
  /\b(?:told|whoever|nobody|somebody|anybody|fellows?|weather|lively|reckon(?:s|ed|ing)?|rations?)\b/i,
  /\b(?:who|what) (?:asks|wants|has|comes|says|is known|is asked|is there|is missing)\b/i,
];

/** Released notes, and AWS's own messages. */
const exempt = [':!CHANGELOG.md', ':!src/simulator/model/error-messages.ts'];

const files = execFileSync('git', ['ls-files', '*.md', 'docs', 'examples', 'schema.graphql', 'src', ...exempt], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((path) => /\.(?:md|ts|tsx|js|jsx|graphql|html|json)$/.test(path) && existsSync(join(root, path)));

test.each(files)('%s has no refused word', (path) => {
  const lines = readFileSync(join(root, path), 'utf8').split('\n');
  // A clause may continue on the next line.
  const found = lines.flatMap((line, index) => {
    const next = /^(?:\s|\/|\*|#)*(\w+(?: \w+)?)/.exec(lines[index + 1] ?? '')?.[1] ?? '';
    const text = `${line.trimEnd()} ${next}`;
    return refused.some((pattern) => pattern.test(text)) ? [`${index + 1}: ${line.trim()}`] : [];
  });
  expect(found).toEqual([]);
});
