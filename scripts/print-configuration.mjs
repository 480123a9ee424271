// Writes docs/configuration.md from the settings' schema in dist/.
// With --check, writes nothing and fails when the file is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONFIG_FILE_VARIABLE, variableOf, variables } from '../dist/config/environment.js';
import { formatPath } from '../dist/config/paths.js';
import { describeValue, exampleOf, settingSchema } from '../dist/config/setting-schema.js';

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs', 'configuration.md');

/** @typedef {{ path: string, type: string, usual: string, variable: string, meaning: string }} Row */

const code = (text) => `\`${text}\``;
/** Lines of at most 148 characters. */
const wrap = (text) => text.match(/.{1,148}(?:\s|$)/g).map((line) => line.trimEnd());
/** A cell of a table has no line breaks and no bars. */
const cell = (text) => text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');

function typeOf(schema) {
  if (schema.expected) return schema.expected.replace(/^an? /, '');
  if (schema.enum) return schema.enum.map((value) => code(value)).join(', ');
  if (schema.const !== undefined) return code(schema.const);
  if (schema.type === 'boolean') return '`true`, `false`';
  if (schema.type === 'array')
    return `${schema.minItems ? 'list, not empty' : 'list'}${schema.items?.enum ? `: ${typeOf(schema.items)}` : ''}`;
  if (schema.oneOf || schema.type === 'object') return schema.keys ? `section, by ${schema.keys}` : 'section';
  return describeValue(schema).replace(/^an? /, '');
}

function usualOf(schema, isRequired) {
  if (isRequired) return 'required';
  const { default: usual } = schema;
  if (usual === undefined) return 'not set';
  if (typeof usual === 'object' && Object.keys(usual).length === 0) return Array.isArray(usual) ? 'empty' : '';
  return code(typeof usual === 'string' ? usual : JSON.stringify(usual));
}

/** The rows of a setting and of those below it. `kind`: the `type` that it is there with. */
function rowsOf(path, schema, { isRequired = false, kind = '' } = {}) {
  const name = path.reduce((text, part) => (part === '[]' ? `${text}[]` : text === '' ? part : `${text}.${part}`), '');
  const example = schema.default === undefined && !schema.secret ? exampleOf(schema) : undefined;
  const meaning = [
    kind && `With ${code(`type: ${kind}`)}.`,
    schema.description,
    example &&
      !schema.properties &&
      !schema.oneOf &&
      !schema.expected?.includes(example) &&
      `Example: ${code(example)}`,
  ];
  const own = {
    path: code(name),
    type: typeOf(schema),
    usual: usualOf(schema, isRequired),
    variable: variableOf(path) ? code(variableOf(path)) : '',
    meaning: meaning.filter(Boolean).join(' '),
  };
  return [own, ...below(path, schema, kind)];
}

function below(path, schema, kind = '') {
  if (schema.oneOf) {
    const types = schema.oneOf.map((each) => each.properties.type.const);
    const name = code(`${path.join('.').replaceAll('.[]', '[]')}.type`);
    const descriptions = schema.oneOf.map((each) => `${code(each.properties.type.const)}: ${each.description}`);
    return [
      {
        path: name,
        type: types.map(code).join(', '),
        usual: 'required',
        variable: '',
        meaning: descriptions.join(' '),
      },
      ...schema.oneOf.flatMap((each) => members(path, each, each.properties.type.const)),
    ];
  }
  if (schema.properties) return members(path, schema, kind);
  if (schema.items?.properties) return members([...path, '[]'], schema.items, '');
  if (schema.additionalProperties?.properties)
    return members([...path, `<${schema.keys}>`], schema.additionalProperties, '');
  return [];
}

const members = (path, { properties, required = [] }, kind) =>
  Object.entries(properties)
    .filter(([name]) => !(kind && name === 'type'))
    .flatMap(([name, member]) => rowsOf([...path, name], member, { isRequired: required.includes(name), kind }));

const table = (rows) => [
  '| setting | type | default | variable | meaning |',
  '|---|---|---|---|---|',
  ...rows.map(
    ({ path, type, usual, variable, meaning }) => `| ${[path, type, usual, variable, meaning].map(cell).join(' | ')} |`,
  ),
];

/** Zod writes `default: {}` for sections that are always there. */
const isSection = ({ properties, oneOf, items }) => Boolean(properties || oneOf || items?.properties);

function page() {
  const { properties } = settingSchema();
  const entries = Object.entries(properties);
  const plain = entries.filter(([, schema]) => !isSection(schema));
  const sections = entries.filter(([, schema]) => isSection(schema));
  const unknown = Object.entries(variables).filter(([, { path }]) => !memberAt(properties, path));
  if (unknown.length > 0) throw new Error(`variables of no setting: ${unknown.map(([name]) => name).join(', ')}`);
  return `${[
    '# Configuration',
    '',
    '<!-- Made from the settings in src/config/index.ts by `npm run configuration`. Do not edit. -->',
    '',
    'Set up `orgql serve` with a YAML (or JSON) file, environment variables and two options of the command line:',
    '',
    '```sh',
    'orgql serve --config orgql.yaml',
    '```',
    '',
    '- An option overrides a variable, a variable overrides the file, and the file overrides the default.',
    `- ${code(CONFIG_FILE_VARIABLE)} is the file without \`--config\`. \`--host\` and ` +
      `\`--port\` set \`host\` and \`port\`. An empty variable counts as not set.`,
    '- Invalid settings end the start with exit code 2, and a line on standard error for each: its source, ' +
      'its path, and a valid value.',
    '- Times are in milliseconds (ms). `[]` stands for each item of a list.',
    '',
    '## General',
    '',
    ...table(plain.flatMap(([name, schema]) => rowsOf([name], schema))),
    ...sections.flatMap(([name, schema]) => {
      const isOptional = schema.default === undefined;
      const usual = usualOf(schema);
      const rows = below([name], schema);
      return [
        '',
        `## ${formatPath([name])}`,
        '',
        ...wrap(`${schema.description}${isOptional ? ' This section is optional.' : usual && ` Default: ${usual}.`}`),
        '',
        ...table(rows),
      ];
    }),
  ].join('\n')}\n`;
}

const memberAt = (properties, [first, ...rest]) => {
  const member = properties?.[first];
  return rest.length === 0 ? member : member && memberAt(member.properties, rest);
};

const printed = page();
if (!process.argv.includes('--check')) {
  writeFileSync(file, printed);
} else if (readFileSync(file, 'utf8') !== printed) {
  process.stderr.write('docs/configuration.md is out of date: run `npm run configuration` and commit it.\n');
  process.exitCode = 1;
}
