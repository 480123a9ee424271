import { type DocumentNode, type GraphQLSchema, getOperationAST, getVariableValues } from 'graphql';
import { OperationEstimator } from './operation-estimator.ts';
import type { EstimateSettings } from './rules.ts';
import { CostTotals, type Estimate } from './totals.ts';

export { OversizedOperationError } from './operation-estimator.ts';
export type { EstimateSettings } from './rules.ts';

/**
 * Estimates the maximum upstream cost of a valid operation: it assumes that every list is as long as `first` and AWS's
 * quotas allow.
 * @throws OversizedOperation
 */
export function estimate(
  schema: GraphQLSchema,
  operation: {
    readonly document: DocumentNode;
    readonly operationName?: string | null | undefined;
    readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  },
  settings: EstimateSettings,
): Estimate {
  const definition = getOperationAST(operation.document, operation.operationName);
  const root = definition && schema.getRootType(definition.operation);
  const given = getVariableValues(schema, definition?.variableDefinitions ?? [], { ...operation.variables });
  // The executor rejects an invalid operation or variable without any call.
  if (!definition || !root || given.errors) return new CostTotals().result(settings);
  const estimator = new OperationEstimator(schema, operation.document, given.coerced, settings);
  estimator.operation(root, definition.selectionSet, definition.operation);
  return estimator.result();
}
