import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-organizations';
import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticOperationSchema } from '@smithy/types';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { throttleLimits } from '../../src/simulator/model/throttle-limits.ts';
import {
  declaredErrors,
  isReadName,
  type OperationName,
  operationNames,
  operations,
} from '../../src/upstream/index.ts';

const src = join(import.meta.dirname, '../../src');

/** The operations of the installed SDK. */
const sdkNames = Object.keys(sdk)
  .filter((name) => name.endsWith('Command') && name !== '$Command')
  .map((name) => name.replace(/Command$/, ''))
  .sort();

describe('every operation of the SDK', () => {
  it('has a row in the table, and every row is an operation', () => {
    expect(operationNames).toEqual(sdkNames);
  });

  it('has its declared errors (node scripts/generate-declared-errors.mjs writes them)', () => {
    expect(Object.keys(declaredErrors)).toEqual(sdkNames);
  });

  it('has a file in the simulator', () => {
    const files = readdirSync(join(src, 'simulator/operations'));
    const fileOf = (name: string) =>
      `${name
        .replace('AWS', 'Aws')
        .replace(/(?<=.)[A-Z]/g, (letter) => `-${letter}`)
        .toLowerCase()}.ts`;
    expect(sdkNames.filter((name) => !files.includes(fileOf(name)))).toEqual([]);
  });

  it('is a mutation of the graph, or is read for one of its fields', () => {
    const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});
    const graph = readdirSync(join(src, 'schema'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(src, 'schema', name), 'utf8'))
      .join('\n');
    const isInGraph = (name: string) =>
      isReadName(name)
        ? graph.includes(`'${name}'`)
        : mutations.includes(name.charAt(0).toLowerCase() + name.slice(1).replace('AWS', 'Aws'));
    expect(sdkNames.filter((name) => !isInGraph(name))).toEqual([]);
  });
});

/** Returns the structures in an operation's reply: of its members, or of their items. */
function structuresOf(operation: OperationName): string[] {
  const described: StaticOperationSchema = Reflect.get(sdk, `${operation}$`);
  const output = NormalizedSchema.of(described[5]);
  return [...output.structIterator()].map(
    ([, member]) => (member.isListSchema() ? member.getValueSchema() : member).getName() ?? '',
  );
}

/** Its reply lacks the member State. */
const incomplete: readonly OperationName[] = ['ListAccountsWithInvalidEffectivePolicy'];

describe('a row of the table', () => {
  it('primes every Describe operation whose structure the reply holds', () => {
    const objects = new Map(
      operationNames
        .filter((name) => name.startsWith('Describe'))
        .flatMap((name) => structuresOf(name).map((structure) => [structure, name] as const)),
    );
    const others = operationNames.filter((name) => !name.startsWith('Describe') && !incomplete.includes(name));
    const found = others.map((name) => [name, operations[name].primes]);
    expect(found).toEqual(
      others.map((name) => [
        name,
        structuresOf(name)
          .map((structure) => objects.get(structure))
          .find((read) => read !== undefined),
      ]),
    );
    for (const [, read] of found)
      if (read !== undefined) expect(operations[read as 'DescribeAccount'].request).toBeDefined();
  });

  it('has the rate that AWS documents and the simulator enforces, and otherwise the lowest', () => {
    for (const name of operationNames) {
      const undocumented = isReadName(name) ? { rate: 1, burst: 2 } : { rate: 1, burst: 1 };
      expect([name, operations[name].limit]).toEqual([name, throttleLimits[name]?.account ?? undocumented]);
    }
  });

  it('names every exception that means that the object of a read does not exist', () => {
    const missing = operationNames.filter(isReadName).flatMap((name) => {
      const notFound: readonly string[] = operations[name].notFound;
      return declaredErrors[name]
        .filter((error) => error.endsWith('NotFoundException') && !notFound.includes(error))
        .map((error) => `${name}: ${error}`);
    });
    // An account without an effective policy has no errors, and an unused policy type has no accounts with errors.
    expect(missing).toEqual([
      'ListAccountsWithInvalidEffectivePolicy: EffectivePolicyNotFoundException',
      'ListEffectivePolicyValidationErrors: EffectivePolicyNotFoundException',
    ]);
  });
});
