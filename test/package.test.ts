import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { build } from './support/cli.ts';

const root = join(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('the packed package', () => {
  let packed: readonly string[];
  beforeAll(() => {
    build();
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const listing = execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    packed = JSON.parse(listing)[0].files.map(({ path }: { path: string }) => path);
    // npm packs and hashes everything, also to list it.
  }, 180_000);

  /** Whether a link inside the package leads to a file of it, or to a folder with some. */
  const isPacked = (path: string) => packed.includes(path) || packed.some((each) => each.startsWith(`${path}/`));

  it('has every file that a page of it links to', () => {
    const pages = packed.filter((path) => path.endsWith('.md'));
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/configuration.md', 'docs/simulator.md']));
    const missing = pages.flatMap((page) => {
      const text = readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
      const inline = [...text.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g)];
      const others = [...text.matchAll(/^\[[^\]]+\]: (\S+)|(?:src|href)="([^"]+)"/gm)];
      return [...inline, ...others]
        .map(([, first, second]) => first ?? second ?? '')
        .filter((link) => !/^(https?:|mailto:|#)/.test(link))
        .filter((link) => !isPacked(posix.normalize(posix.join(posix.dirname(page), link.replace(/#.*$/, '')))))
        .map((link) => `${page}: ${link}`);
    });
    expect(missing).toEqual([]);
  });

  it('has what package.json exports and runs', () => {
    const targets = [manifest.bin.orgql, ...Object.values(manifest.exports).flatMap((each) => Object.values({ each }))];
    const files = targets.flatMap((each) => (typeof each === 'string' ? [each] : Object.values(each as object)));
    for (const file of files) expect(packed).toContain(posix.normalize(String(file)));
  });

  it('has the operations of orgql mcp', () => {
    const operations = readdirSync(join(root, 'src/mcp/documents'));
    expect(packed).toEqual(expect.arrayContaining(operations.map((name) => `dist/mcp/documents/${name}`)));
  });

  it('has no installed packages, tests or sources of development', () => {
    expect(packed.filter((path) => /node_modules|^(src|test|bench|scripts)\/|\.env/.test(path))).toEqual([]);
  });
});

it('package.json says where the repository, the home page and the bug reports are', () => {
  expect(manifest.repository).toEqual({
    type: 'git',
    url: expect.stringMatching(/^git\+https:\/\/github\.com\/[\w-]+\/orgql\.git$/),
  });
  const home = manifest.repository.url.replace(/^git\+|\.git$/g, '');
  expect(manifest.homepage).toBe(`${home}#readme`);
  expect(manifest.bugs).toEqual({ url: `${home}/issues` });
});

it('package.json publishes for everybody, with a statement of its provenance', () => {
  expect(manifest.publishConfig).toEqual({ access: 'public', provenance: true });
  expect(manifest.private).toBeUndefined();
});

it('deployment files and pages name the image of this version', () => {
  const files = ['deploy/compose.yaml', 'deploy/kubernetes/orgql.yaml', 'docs/operations.md'];
  const images = files.map((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/\borgql:(\d+\.[\w.-]+)/g)]);
  expect(images.map((found) => found.length > 0)).toEqual(files.map(() => true));
  expect(new Set(images.flat().map(([, version]) => version))).toEqual(new Set([manifest.version]));
});
