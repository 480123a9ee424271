import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Config } from '../config/index.ts';
import { clientGone, PreparedDocument, TextResult } from '../executor/index.ts';
import type { OperationMemory } from './byte-budget.ts';
import type { DocumentCache, PrepareResult } from './documents/document-cache.ts';
import { OperationExecutor } from './execution/execute-operation.ts';
import {
  createResultStream,
  type ExecutorOutcome,
  onIteratorEnd,
  type ResultMapper,
  type ResultStreamMapper,
  StreamedExecution,
} from './execution/result-stream.ts';
import { limitSize, maskParts } from './execution/results.ts';
import { type FairScheduler, QueueFullError, type RunningTask } from './fair-scheduler.ts';
import { type CheckedParams, checkParams, type ExecutionOutcome, isStream, type Operation } from './operation.ts';
import { queueError } from './steps/caller-limits.ts';
import type { Events, ResultEmitter, Step } from './steps/step.ts';

export interface PipelineOptions {
  readonly steps: readonly Step[];
  readonly documents: DocumentCache;
  /** Converts an error for the caller. */
  readonly maskError: (error: unknown) => GraphQLError;
  readonly scheduler: FairScheduler;
  readonly memory: OperationMemory;
  readonly limits: Pick<Config['limits'], 'concurrentOperations' | 'queuedOperations' | 'responseBytes'>;
}

/** Time per subscriber of a shared event, in ms, as its result is computed once. */
const MIN_CHARGED_MS = 0.02;

/** Measured time per character of a response, from objects in memory. */
const MS_PER_CHARACTER = 10e-6;

/** Runs every operation, whatever its transport. */
export class Pipeline {
  readonly #documents: DocumentCache;
  readonly #maskError: PipelineOptions['maskError'];
  readonly #executor: OperationExecutor;
  readonly #scheduler: FairScheduler;
  readonly #memory: OperationMemory;
  readonly #limits: PipelineOptions['limits'];
  readonly #onRequest: readonly NonNullable<Step['onRequest']>[];
  readonly #onExecute: readonly NonNullable<Step['onExecute']>[];
  readonly #wrapExecution: readonly NonNullable<Step['wrapExecution']>[];
  readonly #wrapSubscription: readonly NonNullable<Step['wrapSubscription']>[];
  readonly #onResult: readonly NonNullable<Step['onResult']>[];
  readonly #onResultSent: readonly NonNullable<Step['onResultSent']>[];
  readonly #onResponse: readonly NonNullable<Step['onResponse']>[];

  constructor({ steps, documents, maskError, scheduler, memory, limits }: PipelineOptions) {
    this.#documents = documents;
    this.#maskError = maskError;
    this.#scheduler = scheduler;
    this.#memory = memory;
    this.#limits = limits;
    this.#executor = new OperationExecutor(({ limitKey }) => scheduler.nextTurn(limitKey));
    this.#onRequest = steps.flatMap(({ onRequest }) => onRequest ?? []);
    this.#onExecute = steps.flatMap(({ onExecute }) => onExecute ?? []);
    this.#wrapExecution = steps.flatMap(({ wrapExecution }) => wrapExecution ?? []);
    this.#wrapSubscription = steps.flatMap(({ wrapSubscription }) => wrapSubscription ?? []);
    this.#onResult = steps.flatMap(({ onResult }) => onResult ?? []);
    this.#onResultSent = steps.flatMap(({ onResultSent }) => onResultSent ?? []);
    this.#onResponse = steps.flatMap(({ onResponse }) => onResponse ?? []);
  }

  /**
   * Runs an operation, synchronously if possible. Never throws and never rejects: failures are errors of the outcome,
   * masked unless clients may see them.
   */
  run(operation: Operation): ExecutionOutcome | Promise<ExecutionOutcome> {
    try {
      const answering = this.#executeFrom(operation, 0);
      if (!(answering instanceof Promise)) return this.#respond(operation, answering);
      return answering.then(
        (answer) => this.#respond(operation, answer),
        (error: unknown) => this.#respond(operation, this.#errorResult(error)),
      );
    } catch (error) {
      return this.#respond(operation, this.#errorResult(error));
    }
  }

  /** Executes the operation after the `onRequest` hooks from this one on. */
  #executeFrom(operation: Operation, from: number): ExecutionOutcome | Promise<ExecutionOutcome> {
    for (let next = from; next < this.#onRequest.length; next += 1) {
      const waiting = this.#onRequest[next]?.(operation);
      if (waiting !== undefined) return waiting.then(() => this.#executeFrom(operation, next + 1));
    }
    const params = this.#memory.holdParams(operation);
    return disposeAtEnd(params, () => this.#schedule(operation));
  }

  #schedule(operation: Operation): ExecutionOutcome | Promise<ExecutionOutcome> {
    try {
      return this.#scheduler.run(operation.limitKey, (running) => this.#execute(operation, running));
    } catch (error) {
      throw error instanceof QueueFullError ? queueError(operation, error.bound, this.#limits) : error;
    }
  }

  #respond(operation: Operation, outcome: ExecutionOutcome): ExecutionOutcome {
    let response = outcome;
    for (const onResponse of this.#onResponse) response = onResponse(operation, response);
    return response;
  }

  #errorResult(error: unknown): ExecutionResult {
    return { errors: [this.#maskError(error)] };
  }

  #execute(operation: Operation, running: RunningTask): ExecutionOutcome | Promise<ExecutionOutcome> {
    operation.request.socket?.begun();
    if (isUnwanted(operation)) throw clientGone();
    const params = checkParams(operation.params);
    const prepared = this.#documents.prepare(params.query);
    return prepared instanceof Promise
      ? prepared.then((result) => this.#executePrepared(operation, running, params, result))
      : this.#executePrepared(operation, running, params, prepared);
  }

  #executePrepared(
    operation: Operation,
    running: RunningTask,
    { operationName, variables }: CheckedParams,
    document: PrepareResult,
  ): ExecutionOutcome | Promise<ExecutionOutcome> {
    if (!(document instanceof PreparedDocument)) return { errors: document };
    const prepared = document.operation(operationName);
    if (prepared === undefined) throw operationNotFound();
    operation.prepared = prepared;
    if (prepared.type === 'mutation' && operation.request.method === 'GET') throw mutationByGet();
    const given = prepared.coerceVariables(variables);
    if (given.errors) return { errors: given.errors.map(this.#maskError) };
    operation.variables = variables;
    for (const onExecute of this.#onExecute) {
      const answer = onExecute(operation);
      if (answer !== undefined) return this.#applyResultHooks(operation, answer);
    }
    // Subscriptions have their own limit.
    if (prepared.type === 'subscription') running.release();
    const { coerced } = given;
    return disposeAtEnd(this.#memory.holdDocument(operation, document), () => {
      const answering =
        this.#wrapExecution.length === 0
          ? this.#executor.execute(prepared, operation, coerced)
          : this.#executeWrapped(operation, () => this.#executor.execute(prepared, operation, coerced));
      return answering instanceof Promise
        ? answering.then((executed) => this.#finishLater(operation, running, executed))
        : this.#finish(operation, running, answering);
    });
  }

  /** Charges work after a wait by the size of its result, as other operations run meanwhile. */
  #finishLater(operation: Operation, running: RunningTask, executed: ExecutorOutcome): ExecutionOutcome {
    if (executed instanceof TextResult)
      this.#scheduler.charge(operation.limitKey, executed.text.length * MS_PER_CHARACTER);
    return this.#finish(operation, running, executed);
  }

  #executeWrapped<T>(operation: Operation, run: () => T): T {
    let within = run;
    for (const wrapExecution of this.#wrapExecution) {
      const inner = within;
      within = () => wrapExecution(operation, inner);
    }
    return within();
  }

  #finish(operation: Operation, running: RunningTask, executed: ExecutorOutcome): ExecutionOutcome {
    if (!(executed instanceof StreamedExecution)) return this.#applyResultHooks(operation, executed);
    const results = new OperationResultMapper(this, operation, executed.mapper);
    let events: Events = createResultStream(executed.source, results);
    if (operation.prepared?.type === 'subscription') {
      for (const wrap of this.#wrapSubscription) events = wrap(operation, events, results);
      return events;
    }
    // An incremental query runs until its last part.
    running.holdUntilReleased();
    return onIteratorEnd(events, running.release);
  }

  /** Charges the operation's caller for an event or a part, in ms. */
  charge(operation: Operation, ms: number): void {
    if (ms >= MIN_CHARGED_MS) this.#scheduler.charge(operation.limitKey, ms);
  }

  /** The final result of an incremental outcome that fails. */
  processFailure(operation: Operation, error: unknown): ExecutionResult {
    return this.processResult(operation, this.#errorResult(error));
  }

  /** Masks one result of a stream. */
  processResult(operation: Operation, made: ExecutionResult): ExecutionResult {
    const result = this.#applyResultHooks(operation, made);
    for (const onResultSent of this.#onResultSent) onResultSent(operation, result);
    return result;
  }

  /** Masks a result. */
  #applyResultHooks(operation: Operation, made: ExecutionResult): ExecutionResult {
    let result = maskParts(limitSize(made, this.#limits.responseBytes), this.#maskError);
    if (result.errors !== undefined) result = withErrors(result, result.errors.map(this.#maskError));
    for (const onResult of this.#onResult) result = onResult(operation, result);
    return result;
  }
}

/** Passes every result of an incremental outcome, and those that steps emit, through the hooks. */
class OperationResultMapper implements ResultStreamMapper, ResultEmitter {
  readonly #pipeline: Pipeline;
  readonly #operation: Operation;
  readonly #source: ResultMapper;

  constructor(pipeline: Pipeline, operation: Operation, source: ResultMapper) {
    this.#pipeline = pipeline;
    this.#operation = operation;
    this.#source = source;
  }

  toResult(given: unknown): ExecutionResult | Promise<ExecutionResult> {
    const begun = performance.now();
    const made = this.#source.toResult(given);
    const result = made instanceof Promise ? made.then((value) => this.emit(value)) : this.emit(made);
    this.#pipeline.charge(this.#operation, performance.now() - begun);
    return result;
  }

  emit(result: ExecutionResult): ExecutionResult {
    return this.#pipeline.processResult(this.#operation, result);
  }

  toFailure(error: unknown): ExecutionResult {
    return this.#pipeline.processFailure(this.#operation, error);
  }
}

/** Whether the client of a read has disconnected while it was queued. A write may be wanted without its result. */
function isUnwanted({ request, params: { query } }: Operation): boolean {
  return request.isGone && !(typeof query === 'string' && query.includes('mutation'));
}

/** Disposes of `held` when the outcome is complete: of a stream, with its last result. */
function disposeAtEnd(
  held: Disposable | undefined,
  answer: () => ExecutionOutcome | Promise<ExecutionOutcome>,
): ExecutionOutcome | Promise<ExecutionOutcome> {
  if (held === undefined) return answer();
  const release = () => held[Symbol.dispose]();
  const settle = (found: ExecutionOutcome): ExecutionOutcome => {
    if (isStream(found)) return onIteratorEnd(found, release);
    release();
    return found;
  };
  const fail = (error: unknown): never => {
    release();
    throw error;
  };
  try {
    const answering = answer();
    return answering instanceof Promise ? answering.then(settle, fail) : settle(answering);
  } catch (error) {
    return fail(error);
  }
}

function withErrors(result: ExecutionResult, errors: readonly GraphQLError[]): ExecutionResult {
  return result instanceof TextResult ? result.withErrors(errors) : { ...result, errors };
}

const operationNotFound = () =>
  new GraphQLError('Could not determine what operation to execute.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
  });

const mutationByGet = () =>
  new GraphQLError('Can only perform a mutation operation from a POST request.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 405, headers: { Allow: 'POST' } } },
  });
