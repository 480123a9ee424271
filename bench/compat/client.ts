import type { ErrorName } from '../../src/simulator/model/errors.ts';
import type { OperationName } from '../../src/simulator/model/operations.ts';

/** One call, in words that every client is given: the members' names are those of the API model, dates are ISO 8601. */
export interface Request {
  readonly operation: OperationName;
  /** The caller's account. */
  readonly account: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** For lists: read all pages, of so many items each. */
  readonly pageSize?: number;
}

export type Outcome =
  | { readonly kind: 'ok'; readonly output: unknown }
  /** The exception by the name that the client gives it. */
  | { readonly kind: 'exception'; readonly name: ErrorName | (string & {}); readonly message: string }
  /** This version of the client does not have the operation. */
  | { readonly kind: 'not known' };

export interface Client {
  /** With its version. */
  readonly name: string;
  call(request: Request): Promise<Outcome>;
  close(): Promise<void>;
}
