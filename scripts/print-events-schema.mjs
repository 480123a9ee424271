// Writes schemas/events.json, the JSON Schema of the events of notifications, from dist/.
// With --check, writes nothing and fails when the file is out of date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventsSchema } from '../dist/notifications/events/schema.js';

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'schemas', 'events.json');
const text = `${JSON.stringify(eventsSchema(), null, 2)}\n`;
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== text) {
    console.error('schemas/events.json is out of date. Run `npm run events`.');
    process.exit(1);
  }
} else {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
