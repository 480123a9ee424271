// Makes the next version from the changesets: package.json, package-lock.json and CHANGELOG.md, the images that deployment files name, and
// schema.released.graphql, with which `npm run schema:compare` compares.
//
//   node scripts/version.mjs
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const inRoot = (file) => join(root, file);

/** Files that name the image `orgql:<version>`. */
const IMAGE_FILES = ['deploy/compose.yaml', 'deploy/kubernetes/orgql.yaml', 'docs/operations.md'];

const readVersion = () => JSON.parse(readFileSync(inRoot('package.json'), 'utf8')).version;
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: 'inherit' });

const before = readVersion();
run(process.execPath, inRoot('node_modules/@changesets/cli/bin.js'), 'version');
const after = readVersion();
for (const file of IMAGE_FILES) {
  const text = readFileSync(inRoot(file), 'utf8');
  writeFileSync(inRoot(file), text.replaceAll(`orgql:${before}`, `orgql:${after}`));
}
run('npm', 'install', '--package-lock-only', '--ignore-scripts');
copyFileSync(inRoot('schema.graphql'), inRoot('schema.released.graphql'));
