// Writes docs/errors.md from the tables of error codes and close codes in dist/.
// With --check, writes nothing and fails when the file is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorCodes } from '../dist/pipeline/error-codes.js';
import { CloseCode } from '../dist/transport/websocket/closing.js';

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs', 'errors.md');

const code = (text) => `\`${text}\``;
const table = (heads, rows) => [
  `| ${heads.join(' | ')} |`,
  `|${'---|'.repeat(heads.length)}`,
  ...rows.map((row) => `| ${row.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`),
];

const errorRows = (rows) =>
  Object.entries(rows).map(([name, [retryable, status, when, action]]) => [
    code(name),
    when,
    action,
    retryable === 'depends' ? 'see the error' : retryable,
    status,
  ]);

const cursorReasons = [
  ['MALFORMED', 'It is not a cursor of this gateway.'],
  ['TAMPERED', 'It was changed, or signed with another key. Give all gateways the same `graph.cursorSecret`.'],
  ['OTHER_LIST', 'It belongs to another list, or to other arguments.'],
  ['EXPIRED', 'AWS no longer accepts its page token.'],
  ['OTHER_PRINCIPAL', 'It belongs to another principal.'],
  ['OTHER_SUBSCRIPTION', 'It belongs to another subscription, or to another filter.'],
];

const closeCodes = {
  GoingAway: ['The gateway is shutting down.', 'Reconnect, and subscribe with the last cursor.'],
  TryAgainLater: ['Too many connections or wrong credentials.', 'Retry later.'],
  MessageTooBig: ['A message is too large.', 'Send smaller messages.'],
  BadRequest: ['A message is not one of the protocol.', 'Use a client for `graphql-transport-ws`.'],
  Forbidden: ['The credentials are missing or wrong, or grant nothing.', 'Send `connectionParams.authorization`.'],
  TokenExpired: ['The key or token has expired.', 'Reconnect with a new one.'],
  ClientTooSlow: ['The client has read nothing for `limits.sendTimeoutMs`.', 'Read faster, then resume.'],
  BufferedBytesExceeded: ['The message would exceed `limits.bufferedBytes`.', 'Send less at a time.'],
  TooManyMessages: ['The client sends too many messages or pings.', 'Send fewer messages.'],
  MessageTimeout: ['A message was not complete within `limits.bodyTimeoutMs`.', 'Reconnect.'],
  InitTimeout: ['No `connection_init` arrived within `limits.connectionInitTimeoutMs`.', 'Send it at once.'],
  InternalServerError: ['An internal error occurred.', "Report it with the log's lines."],
};

function closeRows() {
  const names = Object.keys(CloseCode);
  const missing = names.filter((name) => !closeCodes[name]);
  if (missing.length > 0) throw new Error(`close codes without a description: ${missing.join(', ')}`);
  return names
    .sort((a, b) => CloseCode[a] - CloseCode[b])
    .map((name) => [CloseCode[name], code(name), ...closeCodes[name]]);
}

const page = `${[
  '# Errors',
  '',
  '<!-- Made from src/pipeline/error-codes.ts and scripts/print-errors.mjs by `npm run errors`. Do not edit. -->',
  '',
  'Handle an error by its `extensions.code`, and retry if `extensions.retryable` is `true`:',
  '',
  '```json',
  '{',
  '  "message": "account(id:): …",',
  '  "path": ["account"],',
  '  "extensions": { "code": "BAD_USER_INPUT", "reason": null, "retryable": false, "argument": "account(id:)" }',
  '}',
  '```',
  '',
  '| error | where |',
  '|---|---|',
  "| an exception that AWS declares for a mutation | a type of the mutation's result: `... on Error { code message requestId }` |",
  "| any other exception of AWS | a GraphQL error whose `code` is the exception's name, with `reason`, `operation` and `requestId` |",
  '| an object that does not exist | `null` |',
  '| everything else | a GraphQL error with a code of this page |',
  '',
  'AWS exceptions that are `retryable` have already been retried: throttling and concurrent modifications of reads and writes,',
  "and AWS's internal errors of reads ([operations.md](operations.md#failures)).",
  '',
  'Status 200 marks errors of a field or of an event stream. A client that accepts `application/json` only receives',
  'status 200 for documents that do not parse or validate too, as GraphQL over HTTP specifies.',
  ...Object.entries(errorCodes).flatMap(([group, rows]) => [
    '',
    `## ${group}`,
    '',
    ...table(['code', 'when', 'what to do', 'retryable', 'HTTP status'], errorRows(rows)),
  ]),
  '',
  '## Reasons of INVALID_CURSOR',
  '',
  ...table(
    ['`extensions.reason`', 'meaning'],
    cursorReasons.map(([name, meaning]) => [code(name), meaning]),
  ),
  '',
  '## WebSocket close codes',
  '',
  'The protocol `graphql-transport-ws` has three more: 4401 (an operation before `connection_init`), 4409 (an id that is in',
  'use) and 4429 (a second `connection_init`).',
  '',
  ...table(['code', 'name', 'when', 'what to do'], closeRows()),
  '',
  '## Exit codes',
  '',
  ...table(
    ['code', 'when', 'what to do'],
    [
      [0, 'A clean end, or `orgql health` with a server that responds.', ''],
      [
        1,
        'The command could not start or end (a port in use, an unusable `watch.store`), `orgql health` without a response, `orgql mcp` without its package or with a message of more than 10 MiB, a second signal, or an internal error.',
        'Read the line on standard error.',
      ],
      [2, 'Invalid arguments or settings.', 'Correct each line on standard error; it has a valid value.'],
    ],
  ),
  '',
  '## Simulator control',
  '',
  'Requests to `/_orgql/` fail with `{ "error": "…" }`. AWS\'s own exceptions are in [simulator.md](simulator.md#exceptions).',
  '',
  ...table(
    ['status', 'when', 'what to do'],
    [
      [400, 'The body is not JSON, or has an invalid value.', 'Correct the value that the error names.'],
      [403, 'The request has an `Origin` header: it comes from a web page.', 'Call from a program.'],
      [404, 'There is no such path, organization or account.', '`GET /_orgql/` lists the paths.'],
      [415, 'A request that changes something is not JSON.', 'Send `Content-Type: application/json`.'],
    ],
  ),
].join('\n')}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(file, page);
} else if (readFileSync(file, 'utf8') !== page) {
  process.stderr.write('docs/errors.md is out of date: run `npm run errors` and commit it.\n');
  process.exitCode = 1;
}
