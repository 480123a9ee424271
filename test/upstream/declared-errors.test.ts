import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { declaredErrors, operationNames } from '../../src/upstream/index.ts';

const typings = join(
  dirname(createRequire(import.meta.url).resolve('@aws-sdk/client-organizations/package.json')),
  'dist-types/commands',
);

it('the exceptions of every operation are those that the installed SDK documents', () => {
  const documented = Object.fromEntries(
    operationNames.map((name) => {
      const text = readFileSync(join(typings, `${name}Command.d.ts`), 'utf8');
      const thrown = [...text.matchAll(/@throws \{@link (\w+)\}/g)].map(([, exception]) => exception);
      return [name, thrown.filter((exception) => exception !== 'OrganizationsServiceException').sort()];
    }),
  );
  const declared = Object.fromEntries(
    Object.entries(declaredErrors).map(([name, errors]) => [name, errors.toSorted()]),
  );
  expect(declared).toEqual(documented);
});
