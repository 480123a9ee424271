import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((page) => existsSync(join(root, page)));

const textOf = (page: string) => readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '');

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of textOf(page).matchAll(/^#+ (.*)$/gm)) {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = text.replace(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-');
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count += 1) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

const linksIn = (page: string) =>
  [...textOf(page).matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]: (\S+)|(?:src|href)="([^"]+)"/gm)]
    .map(([, inline, reference, attribute]) => inline ?? reference ?? attribute ?? '')
    .filter((link) => !/^(https?:|mailto:)/.test(link));

test.each(pages)('every link of %s leads to a file of the repository, and to a heading of it', (page) => {
  const broken = linksIn(page).filter((link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : posix.normalize(posix.join(posix.dirname(page), path));
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && !anchorsOf(target).has(anchor);
  });
  expect(broken).toEqual([]);
});

const folders = /`((?:src|test|bench|docs|scripts|examples|schemas|deploy|\.ci|\.github)\/[^`\s*{<#]*)`/g;

test.each(pages)('every file that %s names is in the repository', (page) => {
  const named = [...textOf(page).matchAll(folders)].map(([, path = '']) => path);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
