// Watches an organization's invitations in a terminal, and misses nothing: not while the laptop sleeps, not while the gateway restarts.
//   npm install && node watch.js [ws://127.0.0.1:4000/graphql] [principal]
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const [url = 'ws://127.0.0.1:4000/graphql', principal] = process.argv.slice(2);

const query = `subscription Watch($after: String) {
  organizationHandshakeChanges(after: $after) {
    cursor type reset previousState
    handshake { id action state }
  }
}`;

const say = (line) => process.stdout.write(`${line}\n`);

/** What is there, by id. */
let handshakes = new Map();
/** A snapshot that is being told, until its BOOKMARK; then it takes the place of all that was known. */
let snapshot;

function take({ type, reset, previousState, handshake }) {
  if (reset) {
    snapshot ??= new Map();
    if (type === 'SNAPSHOT') snapshot.set(handshake.id, handshake);
    else {
      handshakes = snapshot;
      snapshot = undefined;
      say(`SNAPSHOT ${handshakes.size} handshakes`);
    }
  } else if (type === 'REMOVED') {
    handshakes.delete(handshake.id);
    say(`REMOVED ${handshake.id}`);
  } else if (type !== 'BOOKMARK') {
    handshakes.set(handshake.id, handshake);
    say(`${type} ${handshake.id} ${handshake.action} ${previousState ?? '-'} -> ${handshake.state}`);
  }
}

const client = createClient({
  url,
  webSocketImpl: WebSocket,
  connectionParams: principal === undefined ? {} : { principal },
  retryAttempts: Number.POSITIVE_INFINITY,
  // Whatever closes the socket: a gateway that restarts (1001) is as good as one that was never gone.
  shouldRetry: () => true,
  retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, Math.min(200 * 2 ** retries, 10_000))),
  on: { closed: () => console.error('disconnected') },
});

// graphql-ws sends these variables again when it connects again: with the last cursor in them it resumes there.
const variables = { after: undefined };

function subscribe() {
  client.subscribe(
    { query, variables },
    {
      next({ data, errors }) {
        if (errors) {
          console.error(errors);
          return;
        }
        variables.after = data.organizationHandshakeChanges.cursor;
        take(data.organizationHandshakeChanges);
      },
      error(error) {
        const [{ message, extensions } = {}] = Array.isArray(error) ? error : [{ message: String(error) }];
        console.error(message);
        // A cursor that the gateway cannot use is of no use again; all else that may pass says so.
        if (extensions?.code === 'INVALID_CURSOR') variables.after = undefined;
        else if (!extensions?.retryable) process.exit(1);
        setTimeout(subscribe, 1_000);
      },
      complete: () => process.exit(0),
    },
  );
}

subscribe();
