export type { ReportVariables } from './coerce-variables.ts';
export { clientGone, type ErrorPlace, errorsLeftOut, MAX_ERRORS, MAX_FAILURES, placeAt } from './errors.ts';
export {
  coerceWithGraphqlJs,
  createExecutor,
  directivesOf,
  type Executor,
  MAX_VARIABLE_ERRORS,
  PreparedDocument,
  type PreparedOperation,
} from './executor.ts';
export { TextResult } from './json-text.ts';
export { Turns } from './run.ts';
