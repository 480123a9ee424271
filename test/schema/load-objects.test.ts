import { GraphQLError } from 'graphql';
import { expect, it } from 'vitest';
import type { GraphContext } from '../../src/schema/context.ts';
import { loadObjects } from '../../src/schema/load-objects.ts';

it('an operation creates each error of an invalid id once, and 1,000 at most', () => {
  const context = { settings: { maxFirst: 1_000 } } as unknown as GraphContext;
  let created = 0;
  const load = (argument: string, ids: readonly string[], operation = context) =>
    loadObjects<string>(
      {
        ...{ argument, items: 'ids', read: () => ids, idOf: (id) => id, typeOf: () => undefined },
        invalid(id) {
          created += 1;
          return new GraphQLError(`${argument} ${id}`);
        },
      },
      ids,
      operation,
    );
  const repeated = Array.from({ length: 1_000 }, () => 'zz');
  for (let alias = 0; alias < 190; alias += 1)
    expect(new Set(load('nodes(ids:)', repeated).map(String))).toEqual(new Set(['nodes(ids:) zz']));
  expect(created).toBe(1);
  expect(load('other(ids:)', ['zz']).map(String)).toEqual(['other(ids:) zz']);
  for (let alias = 0; alias < 5; alias += 1) {
    const distinct = Array.from({ length: 1_000 }, (_, index) => `zz${alias}-${index}`);
    for (const error of load('nodes(ids:)', distinct)) expect(error).toBeInstanceOf(GraphQLError);
  }
  expect(created).toBe(1_000);
  load('nodes(ids:)', ['zz'], { settings: context.settings } as unknown as GraphContext);
  expect(created).toBe(1_001);
});
