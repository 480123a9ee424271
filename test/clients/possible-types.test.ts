import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAbstractType, isInterfaceType } from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import defaultExport, { possibleTypes } from '../../src/schema/possible-types.ts';

const root = join(import.meta.dirname, '../..');
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

it('has every interface and union of the schema with all its object types, and nothing else', () => {
  const abstractTypes = Object.values(schema.getTypeMap()).filter((type) => isAbstractType(type));
  const expected = abstractTypes.map((type) => [
    type.name,
    schema
      .getPossibleTypes(type)
      .map(({ name }) => name)
      .sort(),
  ]);
  expect(possibleTypes).toEqual(Object.fromEntries(expected));
  expect(abstractTypes.filter((type) => isInterfaceType(type)).map(({ name }) => name)).toContain('Error');
  expect(defaultExport).toBe(possibleTypes);
});

it('is exported as orgql/possible-types, from files that are in the package, and loads nothing else', () => {
  const { types, default: module } = packageJson.exports['./possible-types'];
  expect(packageJson.files).toContain('dist');
  for (const [path, extension] of [
    [types, '.d.ts'],
    [module, '.js'],
  ] as const) {
    expect(path).toBe(`./dist/schema/possible-types${extension}`);
  }
  expect(readFileSync(join(root, 'src/schema/possible-types.ts'), 'utf8')).not.toMatch(/\bimport\b/);
});

it('is imported by its name as the package has been built', async () => {
  const name = 'orgql/possible-types';
  const built = await import(/* @vite-ignore */ name);
  expect(built.possibleTypes).toEqual(possibleTypes);
});
