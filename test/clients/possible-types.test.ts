import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAbstractType, isInterfaceType } from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import defaultExport, { possibleTypes } from '../../src/schema/possible-types.ts';

const root = join(import.meta.dirname, '../..');
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

it('lists exactly the interfaces and unions of the schema with their object types', () => {
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

it('is exported as orgql/possible-types and imports nothing', () => {
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

it('can be imported by name from the built package', async () => {
  const name = 'orgql/possible-types';
  const built = await import(/* @vite-ignore */ name);
  expect(built.possibleTypes).toEqual(possibleTypes);
});
