import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeCompressed } from './compress.mjs';

/** The global that the page's script sets. */
const PAGE = 'orgqlPage';

/** Stands for the options that the gateway gives its page when it is served: they hold dates. */
const OPTIONS = { title: 'options-of-the-page' };

/**
 * Takes GraphiQL's page apart and writes its script, styles and icon to `folder`, with those of src/transport/graphiql/browser:
 * compressed (gzip and brotli) and named by their content, with `manifest.json`: each file's name. One page holds 9 MB of text;
 * made and compressed here, it costs a gateway nothing but the buffers that all its responses share.
 */
export async function writeGraphiQLAssets(root, folder) {
  const { renderGraphiQL } = createRequire(join(root, 'package.json'))('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL(OPTIONS);
  const page = await bundlePage(root);
  const files = {
    script: ['js', `${page.script}\n${scriptOf(html)}`],
    style: ['css', `${between(html, '<style>', '</style>')}\n${page.style}`],
    icon: ['ico', Buffer.from(between(html, 'href="data:image/x-icon;base64,', '"'), 'base64')],
  };
  mkdirSync(folder);
  const manifest = {};
  for (const [role, [extension, content]] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    const name = `graphiql-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.${extension}`;
    manifest[role] = name;
    writeCompressed(join(folder, name), bytes);
  }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

/** The script and the styles that the page has beside GraphiQL's own. */
async function bundlePage(root) {
  const source = join(root, 'src/transport/graphiql/browser');
  if (!existsSync(source)) return { script: '', style: '' };
  const { build } = await import(pathToFileURL(createRequire(join(root, 'package.json')).resolve('vite')));
  const [{ output }] = await build({
    root: source,
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: 'main.ts', formats: ['iife'], name: PAGE },
    },
  });
  return { script: output[0].code, style: readFileSync(join(source, 'page.css'), 'utf8') };
}

/** GraphiQL's script, which gets its options from the page's script. */
function scriptOf(html) {
  const script = html.slice(html.indexOf('<script>') + '<script>'.length, html.lastIndexOf('</script>'));
  const options = JSON.stringify(OPTIONS);
  if (script.split(options).length !== 2)
    throw new Error('the script of GraphiQL has changed: its options are not where they were');
  return script.replace(options, () => `${PAGE}.createOptions()`);
}

function between(text, before, after) {
  const from = text.indexOf(before) + before.length;
  const to = text.indexOf(after, from);
  if (from < before.length || to < 0) throw new Error(`the page of GraphiQL has changed: it has no ${before}`);
  return text.slice(from, to);
}
