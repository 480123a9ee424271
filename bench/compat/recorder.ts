import type { ErrorName } from '../../src/simulator/model/errors.ts';
import type { OperationName } from '../../src/simulator/model/operations.ts';
import type { Client, Request } from './client.ts';

export interface OperationRecord {
  /** Number of calls with the expected result. */
  succeeded: number;
  readonly exceptions: Set<string>;
  readonly faults: string[];
  isKnown: boolean;
}

export type Results = ReadonlyMap<OperationName, OperationRecord>;

/** Makes the scenario's calls with one client, and records the results by operation. */
export class Recorder {
  readonly results = new Map<OperationName, OperationRecord>();
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * Makes a call that must succeed, and checks its output.
   *
   * @returns the output; undefined if the client does not have the operation or the call failed
   */
  async ok(
    account: string,
    operation: OperationName,
    input: Request['input'] = {},
    check: (output: unknown) => unknown = () => true,
    pageSize?: number,
  ): Promise<unknown> {
    const record = this.#recordOf(operation);
    const outcome = await this.#client.call({
      account,
      operation,
      input,
      ...(pageSize !== undefined && { pageSize }),
    });
    if (outcome.kind === 'not known') record.isKnown = false;
    else if (outcome.kind === 'exception') record.faults.push(`${outcome.name}: ${outcome.message}`);
    else if (!isRight(check, outcome.output)) record.faults.push(`wrong answer ${JSON.stringify(outcome.output)}`);
    else {
      record.succeeded += 1;
      return outcome.output;
    }
    return undefined;
  }

  /** Makes a call that must fail, and checks that the client has AWS's name of the exception. */
  async refused(
    account: string,
    operation: OperationName,
    input: Request['input'],
    exception: ErrorName,
  ): Promise<void> {
    const record = this.#recordOf(operation);
    const outcome = await this.#client.call({ account, operation, input });
    if (outcome.kind === 'not known') record.isKnown = false;
    else if (outcome.kind === 'ok') record.faults.push(`succeeded instead of ${exception}`);
    else if (outcome.name !== exception) record.faults.push(`${outcome.name} instead of ${exception}`);
    else record.exceptions.add(exception);
  }

  #recordOf(operation: OperationName): OperationRecord {
    const record = this.results.get(operation) ?? { succeeded: 0, exceptions: new Set(), faults: [], isKnown: true };
    this.results.set(operation, record);
    return record;
  }
}

function isRight(check: (output: unknown) => unknown, output: unknown): boolean {
  try {
    return Boolean(check(output));
  } catch {
    return false;
  }
}
