import { type ExecutionResult, GraphQLError } from 'graphql';
import { PreparedDocument, TextResult } from '../executor/index.ts';
import type { OperationMemory } from './byte-budget.ts';
import type { DocumentCache, PrepareResult } from './documents/document-cache.ts';
import { OperationExecutor } from './execution/execute-operation.ts';
import {
  type Executed,
  ResultParts,
  type ResultSource,
  resultStream,
  type StreamedResults,
} from './execution/result-stream.ts';
import { limitSize, maskParts } from './execution/results.ts';
import type { RunningTask } from './fair-scheduler.ts';
import { disposeAtEnd, onIteratorEnd } from './iterator-end.ts';
import { type Answer, type CheckedParams, checkParams, type Operation } from './operation.ts';
import type { OperationScheduler } from './operation-scheduler.ts';
import type { Events, Step, Told } from './steps/step.ts';

export interface PipelineParts {
  readonly steps: readonly Step[];
  readonly documents: DocumentCache;
  /** What a caller gets to see of an error. */
  readonly maskError: (error: unknown) => GraphQLError;
  readonly scheduler: OperationScheduler;
  readonly memory: OperationMemory;
  /** An answer, an event or a part of an answer, in bytes. */
  readonly responseBytes: number;
}

/** An event that others have subscribed to as well is made once, and takes less than this for each of them. */
const MIN_CHARGED_MS = 0.02;

/** As measured: what it takes to make a character of an answer from objects that are in memory. */
const MS_PER_CHARACTER = 10e-6;

/** Runs every operation, whatever its transport. */
export class Pipeline {
  readonly #documents: DocumentCache;
  readonly #maskError: PipelineParts['maskError'];
  readonly #executor: OperationExecutor;
  readonly #scheduler: OperationScheduler;
  readonly #memory: OperationMemory;
  readonly #maxBytes: number;
  readonly #admit: readonly NonNullable<Step['admit']>[];
  readonly #begin: readonly NonNullable<Step['begin']>[];
  readonly #around: readonly NonNullable<Step['around']>[];
  readonly #events: readonly NonNullable<Step['events']>[];
  readonly #each: readonly NonNullable<Step['each']>[];
  readonly #sent: readonly NonNullable<Step['sent']>[];
  readonly #answered: readonly NonNullable<Step['answered']>[];

  constructor({ steps, documents, maskError, scheduler, memory, responseBytes }: PipelineParts) {
    this.#documents = documents;
    this.#maskError = maskError;
    this.#scheduler = scheduler;
    this.#memory = memory;
    this.#maxBytes = responseBytes;
    this.#executor = new OperationExecutor((operation) => scheduler.nextTurn(operation));
    this.#admit = steps.flatMap(({ admit }) => admit ?? []);
    this.#begin = steps.flatMap(({ begin }) => begin ?? []);
    this.#around = steps.flatMap(({ around }) => around ?? []);
    this.#events = steps.flatMap(({ events }) => events ?? []);
    this.#each = steps.flatMap(({ each }) => each ?? []);
    this.#sent = steps.flatMap(({ sent }) => sent ?? []);
    this.#answered = steps.flatMap(({ answered }) => answered ?? []);
  }

  /**
   * Answers an operation, at once where nothing has to be waited for. Never throws and never rejects: what cannot be answered is an error in the answer, and
   * masked unless its sender may read it.
   */
  run(operation: Operation): Answer | Promise<Answer> {
    try {
      const answering = this.#admitted(operation, 0);
      if (!(answering instanceof Promise)) return this.#tell(operation, answering);
      return answering.then(
        (answer) => this.#tell(operation, answer),
        (error: unknown) => this.#tell(operation, this.#failure(error)),
      );
    } catch (error) {
      return this.#tell(operation, this.#failure(error));
    }
  }

  /** Executes the operation when the steps from this one on have admitted it. */
  #admitted(operation: Operation, from: number): Answer | Promise<Answer> {
    for (let next = from; next < this.#admit.length; next += 1) {
      const waiting = this.#admit[next]?.(operation);
      if (waiting !== undefined) return waiting.then(() => this.#admitted(operation, next + 1));
    }
    const params = this.#memory.holdParams(operation);
    return disposeAtEnd(params, () => this.#scheduler.run(operation, (running) => this.#execute(operation, running)));
  }

  #tell(operation: Operation, answer: Answer): Answer {
    let told = answer;
    for (const answered of this.#answered) told = answered(operation, told);
    return told;
  }

  #failure(error: unknown): ExecutionResult {
    return { errors: [this.#maskError(error)] };
  }

  #execute(operation: Operation, running: RunningTask): Answer | Promise<Answer> {
    operation.request.socket?.begun();
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
  ): Answer | Promise<Answer> {
    if (!(document instanceof PreparedDocument)) return { errors: document };
    const prepared = document.operation(operationName);
    if (prepared === undefined) throw undetermined();
    operation.prepared = prepared;
    if (prepared.type === 'mutation' && operation.request.method === 'GET') throw notByGet();
    const given = prepared.coerceVariables(variables);
    if (given.errors) return { errors: given.errors.map(this.#maskError) };
    operation.variables = variables;
    for (const begin of this.#begin) {
      const answer = begin(operation);
      if (answer !== undefined) return this.#result(operation, answer);
    }
    // A subscription lasts, and has a limit of its own.
    if (prepared.type === 'subscription') running.release();
    const { coerced } = given;
    return disposeAtEnd(this.#memory.holdDocument(operation, document), () => {
      const answering =
        this.#around.length === 0
          ? this.#executor.execute(prepared, operation, coerced)
          : this.#within(operation, () => this.#executor.execute(prepared, operation, coerced));
      return answering instanceof Promise
        ? answering.then((executed) => this.#finishLater(operation, running, executed))
        : this.#finish(operation, running, answering);
    });
  }

  /** What ran after a wait ran among other operations' work, and its time cannot be measured: it is charged by what it has made. */
  #finishLater(operation: Operation, running: RunningTask, executed: Executed): Answer {
    if (executed instanceof TextResult)
      this.#scheduler.charge(operation.limitKey, executed.text.length * MS_PER_CHARACTER);
    return this.#finish(operation, running, executed);
  }

  #within<T>(operation: Operation, run: () => T): T {
    let within = run;
    for (const around of this.#around) {
      const inner = within;
      within = () => around(operation, inner);
    }
    return within();
  }

  #finish(operation: Operation, running: RunningTask, executed: Executed): Answer {
    if (!(executed instanceof ResultParts)) return this.#result(operation, executed);
    const results = new ToldResults(this, operation, executed.results);
    let events: Events = resultStream(executed.source, results);
    if (operation.prepared?.type === 'subscription') {
      for (const wrap of this.#events) events = wrap(operation, events, results);
      return events;
    }
    // A query whose answer comes in parts runs until the last of them.
    running.keep();
    return onIteratorEnd(events, running.release);
  }

  /** Charges the operation's caller for the time that an event or a part of an answer took, in ms. */
  charge(operation: Operation, ms: number): void {
    if (ms >= MIN_CHARGED_MS) this.#scheduler.charge(operation.limitKey, ms);
  }

  /** The last result of an answer in parts that cannot go on. */
  failedPart(operation: Operation, error: unknown): ExecutionResult {
    return this.part(operation, this.#failure(error));
  }

  /** One result of many, as its sender may read it. */
  part(operation: Operation, made: ExecutionResult): ExecutionResult {
    const result = this.#result(operation, made);
    for (const sent of this.#sent) sent(operation, result);
    return result;
  }

  /** A result as its sender may read it. */
  #result(operation: Operation, made: ExecutionResult): ExecutionResult {
    let result = maskParts(limitSize(made, this.#maxBytes), this.#maskError);
    if (result.errors !== undefined) result = withErrors(result, result.errors.map(this.#maskError));
    for (const each of this.#each) result = each(operation, result);
    return result;
  }
}

/** Every result of one answer that comes in parts, and what is said among them: it all goes through the steps. */
class ToldResults implements StreamedResults, Told {
  readonly #pipeline: Pipeline;
  readonly #operation: Operation;
  readonly #source: ResultSource;

  constructor(pipeline: Pipeline, operation: Operation, source: ResultSource) {
    this.#pipeline = pipeline;
    this.#operation = operation;
    this.#source = source;
  }

  of(given: unknown): ExecutionResult | Promise<ExecutionResult> {
    const begun = performance.now();
    const made = this.#source.of(given);
    const result = made instanceof Promise ? made.then((value) => this.told(value)) : this.told(made);
    this.#pipeline.charge(this.#operation, performance.now() - begun);
    return result;
  }

  told(said: ExecutionResult): ExecutionResult {
    return this.#pipeline.part(this.#operation, said);
  }

  failure(error: unknown): ExecutionResult {
    return this.#pipeline.failedPart(this.#operation, error);
  }
}

function withErrors(result: ExecutionResult, errors: readonly GraphQLError[]): ExecutionResult {
  return result instanceof TextResult ? result.withErrors(errors) : { ...result, errors };
}

const undetermined = () =>
  new GraphQLError('Could not determine what operation to execute.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
  });

const notByGet = () =>
  new GraphQLError('Can only perform a mutation operation from a POST request.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 405, headers: { Allow: 'POST' } } },
  });
