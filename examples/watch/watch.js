// Watches an organization's invitations in a terminal, and resumes without a gap after each interruption.
//   npm install && node watch.js [http://127.0.0.1:4000/graphql] [principal]
import { watch } from 'orgql/client';

const [url = 'http://127.0.0.1:4000/graphql', principal] = process.argv.slice(2);

const document = `subscription Watch($after: String) {
  organizationHandshakeChanges(after: $after) {
    cursor type reset
    handshake { id action state }
  }
}`;

const print = (line) => process.stdout.write(`${line}\n`);

const table = watch(document, { transport: { url }, principal });

table.subscribe(() => {
  const { status } = table;
  if (status.state === 'reconnecting' && status.retryAt) console.error(`${status.reason.message} Reconnecting ...`);
  if (status.state === 'ended' && status.reason === 'failed') {
    console.error(status.error.message);
    process.exitCode = 1;
  }
});

await table.ready();
print(`SNAPSHOT ${table.rows.size} handshakes`);

table.onChange((changes) => {
  for (const { type, id, row, previous } of changes) {
    if (type === 'REMOVED') print(`REMOVED ${id}`);
    else print(`${type} ${id} ${row.action} ${previous?.state ?? '-'} -> ${row.state}`);
  }
});
