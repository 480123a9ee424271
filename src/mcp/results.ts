import { printable, toJson } from '../config/printable.ts';
import type { NamedObject } from './describe-mutation.ts';
import type { GraphError, UpstreamExtension } from './graph.ts';
import { CONFIRMATION, PAGE } from './reserved-arguments.ts';
import type { ResultPage } from './result-pages.ts';

/** The result of a tool, as MCP has it. */
export interface ToolResult {
  readonly content: { readonly type: 'text'; readonly text: string }[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: boolean;
  readonly [member: string]: unknown;
}

/** Errors of a result that a response has; more are counted. */
const MAX_ERRORS = 10;

export const errorResult = (message: string): ToolResult => ({
  content: [{ type: 'text', text: message }],
  isError: true,
});

export interface PagedResult extends KeptErrors {
  readonly pages: readonly ResultPage[];
  readonly upstream: UpstreamExtension | undefined;
}

interface KeptErrors {
  readonly errors: readonly GraphError[];
  readonly errorCount: number;
}

export const keptErrors = (errors: readonly GraphError[]): KeptErrors => ({
  errors: errors.slice(0, MAX_ERRORS),
  errorCount: errors.length,
});

/** Writes one page of a result, as text and as structured content, with its cost. */
export function writePage(
  { pages, upstream, errors, errorCount }: PagedResult,
  index: number,
  token?: string,
): ToolResult {
  const part = pages[index] ?? { data: null };
  const isLast = index + 1 >= pages.length;
  const next = isLast || token === undefined ? null : `${token}.${index + 1}`;
  const page = pages.length > 1 ? { number: index + 1, of: pages.length, next } : undefined;
  const lines = [
    'jsonPart' in part ? part.jsonPart : toJson(part.data),
    ...errors.map((error) => `Error: ${errorText(error)}`),
    ...(errorCount > errors.length ? [`${errorCount - errors.length} more errors`] : []),
    ...(page ? [pageLine(page, 'jsonPart' in part)] : []),
    costLine(upstream),
  ];
  return {
    content: [{ type: 'text', text: lines.join('\n') }],
    structuredContent: {
      ...part,
      ...(errorCount > 0 && { errors, errorCount }),
      ...costOf(upstream),
      ...(page && { page }),
    },
    ...(errorCount > 0 && { isError: true }),
  };
}

export const errorText = ({ message, extensions }: GraphError): string =>
  printable(`${message}${extensions?.['code'] ? ` (${String(extensions['code'])})` : ''}`);

function pageLine({ number, of, next }: { number: number; of: number; next: string | null }, isText: boolean): string {
  const what = isText ? ', a part of the JSON text' : '';
  const more = next === null ? '' : ` For the next one, repeat the call with ${PAGE}: ${JSON.stringify(next)}.`;
  return `Page ${number} of ${of}${what}.${more}`;
}

function costOf(upstream: UpstreamExtension | undefined) {
  if (upstream === undefined) return {};
  const { calls, cached, coalesced, waitedMs, ageMs } = upstream;
  return { cost: { calls, cached, coalesced, waitedMs }, ageMs };
}

function costLine(upstream: UpstreamExtension | undefined): string {
  if (upstream === undefined) return 'Cost: unknown.';
  const { calls, cached, ageMs } = upstream;
  return `Cost: ${count(calls, 'AWS call')}, ${count(cached, 'cached read')}. The data is at most ${Math.ceil(ageMs / 1000)} s old.`;
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

export interface Preview {
  readonly tool: string;
  readonly words: string;
  readonly objects: readonly NamedObject[];
  readonly estimatedCalls: number;
  readonly token: string;
  readonly expiresAt: string;
  readonly upstream: UpstreamExtension | undefined;
}

/** Writes a preview of mutations. */
export function writePreview({ tool, words, token, upstream, ...preview }: Preview): ToolResult {
  const { estimatedCalls, expiresAt } = preview;
  const lines = [
    'This is a preview. Nothing has changed yet.',
    words,
    `It costs at most ${count(estimatedCalls, 'AWS call')}.`,
    `To carry it out, call ${tool} once more with the same arguments and ${CONFIRMATION}: ${JSON.stringify(token)}.`,
    `The token is valid once, until ${expiresAt}.`,
  ];
  return {
    content: [{ type: 'text', text: lines.join('\n') }],
    structuredContent: {
      preview: { words, ...preview },
      [CONFIRMATION]: token,
      ...costOf(upstream),
    },
  };
}
