import type { PreparedOperation } from '../pipeline/documents/prepared-document.ts';
import type { Operation } from '../pipeline/operation.ts';

/** What executors other than our own want to know. */
export const argsOf = ({ schema, document, name }: PreparedOperation, operation: Operation) => ({
  schema,
  document,
  operationName: name,
  variableValues: { ...operation.variables },
  contextValue: operation,
});
