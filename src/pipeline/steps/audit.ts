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
const MAX_LOGGED_FIELDS = 20;

/**
 * Lines of one caller's refused mutations: each takes a look into the document, also of a caller that is over its rate.
 */
const REFUSED_LINES = { perSecond: 10, burst: 100 };

/**
 * Logs one line for every mutation when it ends: caller, principal, operation, objects and result; also for rejected
 * operations with mutations. Logs only ids: no e-mail addresses, policies, names or notes. It is the last step that can
 * reject an operation.
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
      operation.onGatewayChange = ({ field, ...change }) => {
        keys.add(field);
        const durationMs = Math.round(performance.now() - operation.begunAt);
        const line = { requestId, caller: caller.name, principal: principal.name, ...change, result: 'ok', durationMs };
        log.info(line, 'mutation');
      };
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
      const fields = [...mutations].slice(0, MAX_LOGGED_FIELDS);
      logUnwritten(log, operation, fields, 'refused', answer.errors[0]?.extensions['code']);
      return answer;
    },
  };
}

/** Logs each field that failed before its write. */
function logFailedFields(operation: Operation, result: IncrementalResult, schema: GraphQLSchema, log: Logger): void {
  const { prepared, accounted: keys } = operation;
  if (keys === undefined) return;
  const parts = [result, ...(result.incremental ?? [])];
  for (const { path, extensions } of parts.flatMap(({ errors = [] }) => errors)) {
    const [key] = path ?? [];
    // Errors further down are those of reads after a completed write.
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

/** The fields of a rejected mutation; undefined if the document is not a parsable mutation. */
function mutationsOf(
  { prepared, params }: Operation,
  { schema, limits, trusted }: Omit<AuditOptions, 'log'>,
  mayLook: () => boolean,
): ReadonlySet<string> | undefined {
  if (prepared !== undefined && prepared.type !== 'mutation') return undefined;
  const { operationName } = params;
  const query = (trusted && documentOf(trusted, params)) ?? params.query;
  // Documents without the word "mutation" need not be parsed.
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

/** The shapes of AWS's ids: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Types.html */
const ID = /^(?:\d{12}|(?:o|r|h|p|rt|rp|car)-[\w-]{4,128}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/;
const SERVICE = /^[a-z0-9.-]{1,100}\.amazonaws\.(?:com(?:\.cn)?|eu)$/;

/** Members that name the target of an operation without an id; the pattern excludes other values. */
const NAMING: Readonly<Record<string, RegExp>> = {
  ServicePrincipal: SERVICE,
  PolicyType: /^[A-Z][A-Z0-9_]{0,63}$/,
};

/** Members that never name a target: free text and recipients. */
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
 * Returns the distinct ids in a write's request and reply. Values are recognized by their shape, so that an e-mail
 * address in the place of an id (an invitation's target) is omitted.
 */
function targetsOf(input: object, output: object | undefined): string[] {
  const found = new Set<string>();
  collect(input, found);
  // The changed object is one level down; its references (a handshake's parties) are not targets.
  for (const [name, value] of Object.entries(output ?? {})) {
    if (!FREE_TEXT.has(name) && isRecord(value)) take('Id', value['Id'] ?? summaryId(value), found);
  }
  return [...found];
}

/** A policy has its id in its summary. */
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
