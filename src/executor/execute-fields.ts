import { locateError, MAX_ERRORS, MAX_FAILURES } from './errors.ts';
import {
  abort,
  type Completed,
  type FieldPlan,
  grow,
  isPromise,
  type OperationParts,
  type Path,
  pathToArray,
  ResolveInfo,
  type Run,
  RunAborted,
  resumed,
  type Text,
  TooManyFailures,
} from './run.ts';

/**
 * The text of an object, its fields side by side, as graphql-js's `executeFields` has it. Throws, or rejects with, the
 * error of a field that may not be null.
 */
export function executeFields(
  parts: OperationParts,
  run: Run,
  fields: readonly FieldPlan[],
  source: unknown,
  path: Path | undefined,
): Completed {
  let text = '{';
  let pieces: (string | Promise<Text>)[] | undefined;
  try {
    for (const field of fields) {
      text += field.prefix;
      grow(run, field.fixedLength);
      const value =
        field.constant ??
        (field.composite && run.turns?.isPaused
          ? executeFieldLater(parts, run, field, source, path)
          : executeField(parts, run, field, source, path));
      if (typeof value === 'string') text += value;
      else if (value === null) text += 'null';
      else {
        pieces ??= [];
        pieces.push(text, value);
        text = '';
      }
    }
  } catch (error) {
    if (pieces === undefined) throw error;
    // Waits for started fields, so that no resolver runs after the operation has ended.
    return Promise.all(pieces).then(
      () => Promise.reject(error),
      () => Promise.reject(error),
    );
  }
  text += '}';
  return pieces === undefined ? text : joined(pieces, text);
}

/** The text of an object whose fields run one after the other: those of a mutation. */
export async function executeFieldsSerially(
  parts: OperationParts,
  run: Run,
  fields: readonly FieldPlan[],
  source: unknown,
): Promise<Text> {
  let text = '{';
  for (const field of fields) {
    grow(run, field.fixedLength);
    const value = field.constant ?? executeField(parts, run, field, source, undefined);
    text += `${field.prefix}${isPromise(value) ? await value : value}`;
  }
  return `${text}}`;
}

/** Texts in their order, when all are there. A lone promise, which is the usual case, needs no array of all. */
export function joined(pieces: readonly (string | Promise<Text>)[], end: string): Promise<Text> {
  const [before, only] = pieces;
  if (pieces.length === 2 && typeof only === 'object') return only.then((value) => `${before}${value}${end}`);
  return Promise.all(pieces).then((texts) => {
    let text = '';
    for (const each of texts) text += each;
    return text + end;
  });
}

function executeField(
  parts: OperationParts,
  run: Run,
  field: FieldPlan,
  source: unknown,
  parentPath: Path | undefined,
): Completed {
  if (run.aborted !== undefined) throw run.aborted;
  const path = field.composite ? pathOf(field, parentPath) : undefined;
  try {
    const value = resolved(parts, run, field, source, parentPath);
    const completed = isPromise(value) ? completedLater(run, field, value, path) : field.complete(run, value, path);
    if (typeof completed !== 'object' || completed === null) return completed;
    return orFailed(run, field, path ?? pathOf(field, parentPath), completed);
  } catch (error) {
    return failed(run, field, path ?? pathOf(field, parentPath), error);
  }
}

/** Resolves a field that has not started when the run pauses. */
async function executeFieldLater(
  parts: OperationParts,
  run: Run,
  field: FieldPlan,
  source: unknown,
  parentPath: Path | undefined,
): Promise<Text> {
  await resumed(run);
  return executeField(parts, run, field, source, parentPath);
}

// Functions that wait stand apart: a closure inside another function costs each of its calls a context on the heap.
const completedLater = (run: Run, { complete }: FieldPlan, value: Promise<unknown>, path: Path | undefined) =>
  value.then((resolved) => complete(run, resolved, path));

/** A completed value that is still to come, or null where it fails and may be null. */
export const orFailed = (run: Run, field: Failing, path: Path, completed: Promise<Text>): Promise<Text> =>
  completed.then(undefined, (error: unknown) => failed(run, field, path, error));

function resolved(
  parts: OperationParts,
  run: Run,
  field: FieldPlan,
  source: unknown,
  parentPath: Path | undefined,
): unknown {
  const args = field.arguments === undefined ? NO_ARGUMENTS : field.arguments(run.variables);
  const { resolve } = field;
  if (resolve !== undefined)
    return resolve(
      source,
      args,
      run.context,
      field.wantsInfo ? new ResolveInfo(parts, run, field, parentPath) : NO_INFO,
    );
  // graphql-js's `defaultFieldResolver`.
  if ((typeof source !== 'object' && typeof source !== 'function') || source === null) return undefined;
  const owner = source as Readonly<Record<string, unknown>>;
  const property = owner[field.definition.name];
  return typeof property === 'function'
    ? property.call(owner, args, run.context, new ResolveInfo(parts, run, field, parentPath))
    : property;
}

const NO_ARGUMENTS: Readonly<Record<string, never>> = Object.freeze({});

/** For resolvers that have no parameter for it. */
const NO_INFO = Object.freeze({}) as ResolveInfo;

const pathOf = (field: FieldPlan, prev: Path | undefined): Path => ({
  prev,
  key: field.key,
  typename: field.parent.name,
});

type Failing = Pick<FieldPlan, 'nodes' | 'nullable'>;

/** Null, with an error in the response. Throws the error where null is not allowed. */
export function failed(run: Run, field: Failing, path: Path, cause: unknown): null {
  if (cause instanceof RunAborted) throw cause;
  if (run.errors.length >= MAX_ERRORS) {
    if (run.leftOut >= MAX_FAILURES - MAX_ERRORS) throw abort(run, new TooManyFailures());
    // It is not reported, and so needs no place.
    if (!field.nullable) throw cause;
    run.leftOut += 1;
    return null;
  }
  const error = locateError(cause, field.nodes, pathToArray(path));
  if (!field.nullable) throw error;
  run.errors.push(error);
  return null;
}
