import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Stands for the options that the gateway gives its page when it is served: they hold dates. */
const OPTIONS = { title: 'options-of-the-page' };

/**
 * Takes GraphiQL's page apart and writes its script, styles and icon to `folder`, compressed (gzip and brotli) and named by their content, with `manifest.json`: each file's name.
 * One page holds 9 MB of text; made and compressed here, it costs a gateway nothing but the buffers that all its responses share.
 */
export function writeGraphiQLAssets(root, folder) {
  const { renderGraphiQL } = createRequire(join(root, 'package.json'))('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL(OPTIONS);
  const files = {
    script: ['js', scriptOf(html)],
    style: ['css', between(html, '<style>', '</style>')],
    icon: ['ico', Buffer.from(between(html, 'href="data:image/x-icon;base64,', '"'), 'base64')],
  };
  mkdirSync(folder);
  const manifest = {};
  for (const [role, [extension, content]] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    const name = `graphiql-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.${extension}`;
    manifest[role] = name;
    writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, { params }));
  }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

/** The page's script, which reads its options from the page. */
function scriptOf(html) {
  const script = html.slice(html.indexOf('<script>') + '<script>'.length, html.lastIndexOf('</script>'));
  const options = JSON.stringify(OPTIONS);
  if (script.split(options).length !== 2)
    throw new Error('the script of GraphiQL has changed: its options are not where they were');
  return script.replace(options, () => "JSON.parse(document.getElementById('graphiql-options').textContent)");
}

function between(text, before, after) {
  const from = text.indexOf(before) + before.length;
  const to = text.indexOf(after, from);
  if (from < before.length || to < 0) throw new Error(`the page of GraphiQL has changed: it has no ${before}`);
  return text.slice(from, to);
}
