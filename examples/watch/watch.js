// Watches an organization's invitations in a terminal, and resumes without a gap after each interruption.
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

const print = (line) => process.stdout.write(`${line}\n`);

/** All handshakes by id. */
let handshakes = new Map();
/** An incomplete snapshot. At its BOOKMARK it replaces `handshakes`. */
let snapshot;

function applyEvent({ type, reset, previousState, handshake }) {
  if (reset) {
    snapshot ??= new Map();
    if (type === 'SNAPSHOT') snapshot.set(handshake.id, handshake);
    else {
      handshakes = snapshot;
      snapshot = undefined;
      print(`SNAPSHOT ${handshakes.size} handshakes`);
    }
  } else if (type === 'REMOVED') {
    handshakes.delete(handshake.id);
    print(`REMOVED ${handshake.id}`);
  } else if (type !== 'BOOKMARK') {
    handshakes.set(handshake.id, handshake);
    print(`${type} ${handshake.id} ${handshake.action} ${previousState ?? '-'} -> ${handshake.state}`);
  }
}

const client = createClient({
  url,
  webSocketImpl: WebSocket,
  connectionParams: principal === undefined ? {} : { principal },
  retryAttempts: Number.POSITIVE_INFINITY,
  // Reconnect after every close code: a gateway that restarts (1001) continues the subscription.
  shouldRetry: () => true,
  retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, Math.min(200 * 2 ** retries, 10_000))),
  on: { closed: () => console.error('disconnected') },
});

// graphql-ws sends this object again when it reconnects. With the last cursor in it, the subscription resumes.
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
        applyEvent(data.organizationHandshakeChanges);
      },
      error(error) {
        const [{ message, extensions } = {}] = Array.isArray(error) ? error : [{ message: String(error) }];
        console.error(message);
        // The same cursor would fail again. Other errors say whether a retry makes sense.
        if (extensions?.code === 'INVALID_CURSOR') variables.after = undefined;
        else if (!extensions?.retryable) process.exit(1);
        setTimeout(subscribe, 1_000);
      },
      complete: () => process.exit(0),
    },
  );
}

subscribe();
