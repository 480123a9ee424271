import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from './support/cli.ts';
import { InstalledPackage } from './support/installed-package.ts';

const root = join(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

let project: InstalledPackage;
let packed: readonly string[];
beforeAll(() => {
  build();
  project = InstalledPackage.install();
  packed = project.files;
}, 300_000);
afterAll(() => project?.[Symbol.dispose]());

describe('the packed package', () => {
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

  it('has the schema of events', () => {
    expect(packed).toContain('schemas/events.json');
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
    'has types for moduleResolution: %s, which TypeScript checks as well, and which find the one error of its use',
    (resolution) => {
      const [error, ...others] = project.typeCheck(['types.ts', 'wrong-types.ts'], resolution).match(/^\S.*$/gm) ?? [];
      expect(error).toMatch(/^wrong-types\.ts\(\d+,\d+\): error TS2740/);
      expect(others).toEqual([]);
    },
    120_000,
  );

  it('has a command line whose commands all run', () => {
    const commands = project.commands();
    const some = ['demo', 'serve', 'simulate', 'policies test', 'query'];
    expect([...commands.keys()]).toEqual(expect.arrayContaining(some));
    for (const [command, help] of commands) expect(help).toContain(`Usage: orgql ${command}`);
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
