import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as possibleTypes from '../../src/schema/possible-types.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('docs/api.md');
const { exports } = JSON.parse(read('package.json'));

/** Names in the code spans of a section's tables and text. */
const namesIn = (heading: string) => {
  const section = page.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  return new Set([...section.matchAll(/`([A-Za-z]\w*)[^`]*`/g)].map(([, name]) => name));
};

/** Names that a module exports, types included. Each export of an index names what it exports. */
const exportsOf = (source: string) =>
  [...source.matchAll(/^export (?:type )?\{([^}]+)\}/gm)].flatMap(([, list = '']) =>
    list.split(',').map((each) => each.trim().replace(/^type /, '')),
  );

/** Names of an interface's members. */
const membersOf = (type: string, file: string) => {
  const [, body = ''] = new RegExp(`export interface ${type}\\b[^{]*\\{([\\s\\S]*?)^\\}`, 'm').exec(read(file)) ?? [];
  return [...body.matchAll(/^ {2}readonly (\w+)/gm)].map(([, name = '']) => name);
};

describe('docs/api.md', () => {
  it.each(Object.keys(exports))('documents the export %s', (name) => {
    expect(page).toContain(`\`orgql${name.slice(1)}\``);
  });

  it.each([
    ['orgql', 'src/index.ts', 'createHandler'],
    ['orgql/simulator', 'src/simulator/index.ts', 'startSimulator'],
    ['orgql/client', 'src/client/index.ts', 'watch'],
    ['orgql/control-policies', 'src/control-policies/index.ts', 'evaluateControlPolicies'],
  ])('documents every export of %s, types included', (name, file, one) => {
    const source = read(file);
    const exported = exportsOf(source).filter(Boolean);
    expect(exported).toContain(one);
    expect(source).not.toMatch(/^export (?:\*|const|function|class|interface|default)/m);
    expect(exported.filter((each) => !namesIn(name).has(each))).toEqual([]);
  });

  it.each([
    ['loadConfig', 'orgql', 'LoadOptions', 'src/embedding.ts', 'settings'],
    ['createGateway', 'orgql', 'GatewayOptions', 'src/gateway.ts', 'log'],
    ['createHandler', 'orgql', 'EmbeddedOptions', 'src/transport/embedded/options.ts', 'basePath'],
    ['fetch', 'orgql', 'FetchInfo', 'src/transport/embedded/options.ts', 'remoteAddress'],
    ['startSimulator', 'orgql/simulator', 'SimulatorOptions', 'src/simulator/options.ts', 'seed'],
    ['watch', 'orgql/client', 'WatchOptions', 'src/client/watch.ts', 'transport'],
    ['a stream', 'orgql/client', 'SseOptions', 'src/client/sse-transport.ts', 'idleTimeoutMs'],
  ])('documents every option of %s', (_function, section, type, file, one) => {
    const options = membersOf(type, file);
    expect(options).toContain(one);
    expect(options.filter((name) => !namesIn(section).has(name))).toEqual([]);
  });

  it('documents every member of a table', () => {
    const members = membersOf('Table', 'src/client/table.ts');
    expect(members).toContain('getSnapshot');
    expect(members.filter((name) => !namesIn('orgql/client').has(name))).toEqual([]);
  });

  it('documents every export of orgql/possible-types', () => {
    const names = Object.keys(possibleTypes).filter((name) => name !== 'default');
    expect(names.filter((name) => !namesIn('orgql/possible-types').has(name))).toEqual([]);
  });
});
