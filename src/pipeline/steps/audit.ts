import { type GraphQLSchema, getOperationAST } from 'graphql';
import type { Logger } from 'pino';
import type { Config } from '../../config/index.ts';
import { RatePerKey } from '../../token-bucket.ts';
import type { WriteEnd } from '../../upstream/index.ts';
import { parseAnySize } from '../documents/document-limits.ts';
import { rootFields } from '../documents/root-fields.ts';
import { documentOf, type TrustedDocuments } from '../documents/trusted-documents.ts';
import type { IncrementalResult } from '../execution/results.ts';
import { isStream, type Operation } from '../operation.ts';
import type { Step } from './step.ts';

export interface AuditOptions {
  readonly log: Logger;
  readonly schema: GraphQLSchema;
  readonly limits: Config['limits'];
  readonly trusted: TrustedDocuments | undefined;
}

/** How many fields the line of a refused mutation names. */
const MOST_FIELDS = 20;

/** Lines of one caller's refused mutations: each takes a look into the document, also of a caller that is over its rate. */
const REFUSED_LINES = { perSecond: 10, burst: 100 };

/**
 * One line for every mutation that was asked for, when it is over: who, as whom, what, on what, and how it ended. A mutation whose
 * client did not wait for it leaves its line when AWS has answered, and one that failed before AWS was called when its error is sent.
 * One line, too, for an operation with mutations that a known caller was refused.
 * Names ids only: no e-mail address, no policy, no name, no note. It is the last step that can reject an operation.
 */
export function auditMutations({ log, ...options }: AuditOptions): Step {
  const refusedLines = new RatePerKey(REFUSED_LINES);
  return {
    onExecute(operation) {
      if (operation.prepared?.type !== 'mutation') return undefined;
      const { requestId, caller, principal } = operation;
      const keys = new Set<string | number>();
      operation.accounted = keys;
      operation.onWriteBegin = (key) => void keys.add(key);
      operation.onWriteEnd = (end) =>
        log.info({ requestId, caller: caller.name, principal: principal.name, ...outcome(end) }, 'mutation');
      return undefined;
    },
    onResultSent(operation, result) {
      logFailedFields(operation, result, options.schema, log);
    },
    onResponse(operation, answer) {
      if (isStream(answer) || answer.errors === undefined) return answer;
      if (operation.accounted !== undefined) {
        logFailedFields(operation, answer, options.schema, log);
        return answer;
      }
      const caller: Operation['caller'] | undefined = operation.caller;
      const mutations = caller && mutationsOf(operation, options, () => refusedLines.take(operation.limitKey) === 0);
      if (mutations === undefined) return answer;
      const fields = [...mutations].slice(0, MOST_FIELDS);
      logUnwritten(log, operation, fields, 'refused', answer.errors[0]?.extensions['code']);
      return answer;
    },
  };
}

/** A line for each field that failed before its write had begun. */
function logFailedFields(operation: Operation, result: IncrementalResult, schema: GraphQLSchema, log: Logger): void {
  const { prepared, accounted: keys } = operation;
  if (keys === undefined) return;
  const parts = [result, ...(result.incremental ?? [])];
  for (const { path, extensions } of parts.flatMap(({ errors = [] }) => errors)) {
    const [key] = path ?? [];
    // What is further down is what the answer shows of a write that was carried out.
    if (key === undefined || path?.length !== 1 || keys.has(key)) continue;
    keys.add(key);
    const definition = prepared && getOperationAST(prepared.document, prepared.name);
    const fields = definition ? rootFields(schema, prepared.document, definition) : [];
    const failed = fields.filter((field) => field.key === key).slice(0, 1);
    logUnwritten(
      log,
      operation,
      failed.map(({ name }) => name),
      'error',
      extensions['code'],
    );
  }
}

/** The line of a mutation that made no write call to AWS. */
function logUnwritten(
  log: Logger,
  { requestId, caller, principal, begunAt }: Operation,
  mutations: readonly (string | null)[],
  result: 'refused' | 'error',
  exception: unknown,
): void {
  const known: Operation['principal'] | undefined = principal;
  const durationMs = Math.round(performance.now() - begunAt);
  const line = { requestId, caller: caller.name, principal: known?.name, mutations, result, exception, durationMs };
  log.info(line, 'mutation');
}

/** The fields of an operation that would have been a mutation; undefined where that cannot be found out. */
function mutationsOf(
  { prepared, params }: Operation,
  { schema, limits, trusted }: Omit<AuditOptions, 'log'>,
  mayLook: () => boolean,
): ReadonlySet<string> | undefined {
  if (prepared !== undefined && prepared.type !== 'mutation') return undefined;
  const { operationName } = params;
  const query = (trusted && documentOf(trusted, params)) ?? params.query;
  // What does not have the word has no mutation: most of what is refused is not worth a look.
  if (typeof query !== 'string' || !query.includes('mutation') || !mayLook()) return undefined;
  const document = prepared?.document ?? parseAnySize(limits, query);
  if (document === undefined) return undefined;
  const operation = getOperationAST(document, typeof operationName === 'string' ? operationName : undefined);
  if (operation?.operation !== 'mutation') return undefined;
  return new Set(rootFields(schema, document, operation).map(({ name }) => name));
}

function outcome({ operation, input, output, error, requestId, durationMs }: WriteEnd) {
  return {
    operation,
    targets: targetsOf(input, output),
    result: error ? 'error' : 'ok',
    ...(error && { exception: error.code, reason: error.reason }),
    awsRequestId: requestId,
    durationMs: Math.round(durationMs),
  };
}

/** AWS's ids, each of which says by its shape what it names: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Types.html */
const ID = /^(?:\d{12}|(?:o|r|h|p|rt|rp|car)-[\w-]{4,128}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/;
const SERVICE = /^[a-z0-9.-]{1,100}\.amazonaws\.(?:com(?:\.cn)?|eu)$/;

/** Members whose value names what an operation is about, where no id does; the test beside them keeps anything else out. */
const NAMING: Readonly<Record<string, RegExp>> = {
  ServicePrincipal: SERVICE,
  PolicyType: /^[A-Z][A-Z0-9_]{0,63}$/,
};

/** Members that never name a target, whatever they hold: free text and recipients. */
const FREE_TEXT = new Set([
  'Notes',
  'Content',
  'Description',
  'Name',
  'SourceName',
  'Tags',
  'TagKeys',
  'Email',
  'NextToken',
]);

/**
 * What a write was about: the ids in its request and of what it made, in that order, each once. A value is taken for what it looks like,
 * never for where it stands alone, so that an e-mail address where an id may be (an invitation's target) is left out.
 */
function targetsOf(input: object, output: object | undefined): string[] {
  const found = new Set<string>();
  collect(input, found);
  // One level down is the object that was made or changed; what it refers to (a handshake's parties) is not what was asked for.
  for (const [name, value] of Object.entries(output ?? {})) {
    if (!FREE_TEXT.has(name) && isRecord(value)) take('Id', value['Id'] ?? summaryId(value), found);
  }
  return [...found];
}

/** Policies have their id in their summary. */
function summaryId(value: Record<string, unknown>): unknown {
  const [summary] = Object.entries(value).flatMap(([name, inner]) =>
    name.endsWith('Summary') && isRecord(inner) ? [inner] : [],
  );
  return summary?.['Id'];
}

function collect(value: object, found: Set<string>): void {
  for (const [name, member] of Object.entries(value)) {
    if (FREE_TEXT.has(name)) continue;
    if (typeof member === 'string') take(name, member, found);
    else if (isRecord(member)) collect(member, found);
  }
}

function take(name: string, value: unknown, found: Set<string>): void {
  if (typeof value !== 'string') return;
  if (name.endsWith('Id') ? ID.test(value) : NAMING[name]?.test(value)) found.add(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}
