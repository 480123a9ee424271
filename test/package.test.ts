import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from './support/cli.ts';
import { InstalledPackage } from './support/installed-package.ts';

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

describe('the package installed in another project', () => {
  let project: InstalledPackage;
  beforeAll(() => {
    build();
    project = InstalledPackage.install();
  }, 300_000);
  afterAll(() => project?.[Symbol.dispose]());

  it('has exports that work together', () => {
    expect(JSON.parse(project.node('exports.js'))).toEqual({
      exports: Object.keys(manifest.exports).map((name) => `orgql${name.slice(1)}`),
      embedded: { organization: { id: 'o-exampleorgid' } },
      gateway: { organization: { id: 'o-exampleorgid' } },
      rows: 'live',
      decision: 'DENIED',
      possibleTypes: true,
      schema: true,
    });
  }, 60_000);

  it.each(['nodenext', 'bundler'] as const)(
    'has types for moduleResolution: %s, which TypeScript checks as well',
    (resolution) => {
      expect(project.typeCheck('types.ts', resolution)).toBe('');
    },
    120_000,
  );

  it('finds an error in the use of its types', () => {
    expect(project.typeCheck('wrong-types.ts', 'nodenext')).toMatch(/^wrong-types\.ts\(\d+,\d+\): error TS2740/m);
  }, 120_000);

  it('has a command line whose commands all run', () => {
    const commands = project.commands();
    expect(commands).toEqual(expect.arrayContaining(['demo', 'serve', 'simulate', 'policies test', 'query']));
    for (const command of commands)
      expect(project.orgql([...command.split(' '), '--help'])).toContain(`Usage: orgql ${command}`);
    expect(project.orgql(['--version']).trim()).toBe(manifest.version);
    expect(project.orgql(['schema'])).toBe(readFileSync(join(root, 'schema.graphql'), 'utf8'));
    expect(project.orgql(['schema', '--federation'])).toContain('@link');
    expect(project.orgql(['completion', 'bash'])).toContain('orgql');
    expect(project.orgql(['policies', 'lint', 'policy.json'])).toContain('1 policy, 0 errors');
  }, 300_000);

  it('serves the demo, with its pages, and runs the commands that call it', () => {
    expect(JSON.parse(project.node('commands.js', project.command))).toEqual({
      query: { organization: { id: 'o-exampleorgid' } },
      event: 'SNAPSHOT',
      pages: ['<title>orgql</title>', '<title>orgql</title>'],
      files: [200, 200],
      exitCode: 0,
    });
  }, 120_000);
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
