// Measures the code that a reader has to read: lines, and the files and functions that one operation executes.
//
//   npm run bench:reading -- [--files]
import { parseArgs } from 'node:util';
import { type Executed, startCoverage } from './coverage.ts';
import { countLines } from './lines.ts';
import { startSubject } from './subject.ts';

const QUERY =
  '{ organization { accounts(first: 5) { nodes { id name parent { id } tags { nodes { key value } } } } } }';
/** Reads the same data first, so that the gateway has done its one-time work. */
const OTHER_QUERY = QUERY.replace('organization', 'other: organization');

const { values } = parseArgs({ options: { files: { type: 'boolean', default: false } } });
const print = (text: string) => void process.stdout.write(`${text}\n`);

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  for (const row of [head, head.map(() => '---'), ...rows]) print(`| ${row.join(' | ')} |`);
  print('');
}

const lines = countLines();
table(
  ['', 'files', 'lines', 'characters per line'],
  lines.map(({ title, files, count, width }) => [title, files, count, width.toFixed(1)]),
);

// This precedes the load of any gateway module, because V8 counts calls only from here on.
const coverage = await startCoverage();
const rows: [string, Executed][] = [];
{
  await using subject = await startSubject();
  const measure = async (title: string, run: () => Promise<unknown>) => {
    rows.push([title, await coverage.during(run)]);
  };
  await subject.post(OTHER_QUERY);
  await subject.expireCache();
  await measure('cold query, new document', () => subject.post(QUERY));
  // The executor caches a document from its second request on.
  await subject.post(QUERY);
  await subject.expireCache();
  await measure('cold query, known document', () => subject.post(QUERY));
  await measure('warm query', () => subject.post(QUERY));
  await subject.openSocket();
  await measure('warm WebSocket query', () => subject.queryOnSocket(QUERY));
  await subject.subscribe();
  await measure('event', () => subject.causeEvent());
}
table(
  ['', 'files executed', 'functions called'],
  rows.map(([title, { files, functions }]) => [title, files.length, functions]),
);
if (values.files) {
  for (const [title, { files }] of rows) {
    print(`${title}:`);
    for (const { name, functions } of files) print(`  ${name} (${functions})`);
  }
}
process.exit(0);
