import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeCompressed } from './compress.mjs';
import { generatedDocuments } from './console-documents.mjs';

/** Where the page finds its files, below the root of the gateway. */
const FILES = 'console';

/**
 * Builds the console (src/console) to `folder`: `index.html`, the files that it loads (compressed, unless their format is), their
 * names in `files.json`, and `documents.json`: its GraphQL documents by their hashes, as a store of trusted documents.
 */
export async function writeConsoleAssets(root, folder) {
  const source = join(root, 'src', 'console');
  if (!existsSync(source)) return;
  const { build } = await import(pathToFileURL(createRequire(join(root, 'package.json')).resolve('vite')));
  const { output } = await build({
    root: source,
    configFile: join(source, 'vite.config.ts'),
    envDir: false,
    publicDir: false,
    logLevel: 'warn',
    build: { write: false, assetsDir: FILES },
  });
  mkdirSync(folder);
  const files = [];
  for (const each of output) {
    const content = each.type === 'chunk' ? each.code : each.source;
    const name = basename(each.fileName);
    if (name === 'index.html') {
      writeFileSync(join(folder, name), content);
      continue;
    }
    files.push(name);
    if (extname(name) === '.woff2') writeFileSync(join(folder, name), content);
    else writeCompressed(join(folder, name), content);
  }
  writeFileSync(join(folder, 'files.json'), JSON.stringify(files.sort()));
  const documents = generatedDocuments(root).map((text) => [createHash('sha256').update(text).digest('hex'), text]);
  writeFileSync(join(folder, 'documents.json'), JSON.stringify(Object.fromEntries(documents)));
  for (const [font, file] of [
    ['inter', '@fontsource-variable/inter'],
    ['geist-mono', '@fontsource-variable/geist-mono'],
  ])
    writeFileSync(join(folder, `${font}-license.txt`), readFileSync(join(root, 'node_modules', file, 'LICENSE')));
}
