import type { ErrorName } from '../../src/simulator/model/errors.ts';
import type { OperationName } from '../../src/simulator/model/operations.ts';

/** A call in a form that each client understands: member names of the API model, and dates in ISO 8601. */
export interface Request {
  readonly operation: OperationName;
  /** The caller's account id. */
  readonly account: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Page size of a list. All pages are read. */
  readonly pageSize?: number;
}

export type Outcome =
  | { readonly kind: 'ok'; readonly output: unknown }
  /** The exception, under the client's name for it. */
  | { readonly kind: 'exception'; readonly name: ErrorName | (string & {}); readonly message: string }
  /** True if this version of the client does not have the operation. */
  | { readonly kind: 'not known' };

export interface Client {
  /** Name and version. */
  readonly name: string;
  call(request: Request): Promise<Outcome>;
  close(): Promise<void>;
}
