import * as sdk from '@aws-sdk/client-organizations';
import type { OperationName, ReadName, WriteName } from './operation-types.ts';

const suffix = 'Command';

/** Every operation of AWS Organizations that the SDK in use knows, sorted. */
export const operationNames: readonly OperationName[] = Object.keys(sdk)
  .filter((name) => name.endsWith(suffix) && name !== `$${suffix}`)
  .map((name) => name.slice(0, -suffix.length) as OperationName)
  .sort();

const known: ReadonlySet<string> = new Set(operationNames);

export function isOperationName(name: string): name is OperationName {
  return known.has(name);
}

export function isReadName(name: string): name is ReadName {
  return known.has(name) && /^(Describe|List)/.test(name);
}

export function isWriteName(name: string): name is WriteName {
  return known.has(name) && !isReadName(name);
}
