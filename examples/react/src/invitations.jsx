import { gql, useMutation, useSubscription } from 'urql';

const Changes = gql`
  subscription Invitations($after: String) {
    organizationHandshakeChanges(after: $after, filter: { actionType: INVITE }) {
      cursor
      type
      reset
      handshake {
        id
        state
        requestedTimestamp
        recipient {
          id
        }
      }
    }
  }
`;

const Cancel = gql`
  mutation Cancel($id: ID!) {
    cancelHandshake(input: { handshakeId: $id }) {
      ... on CancelHandshakePayload {
        handshake {
          id
        }
      }
      ... on Error {
        message
      }
    }
  }
`;

/** Returns the rows after an event. A complete snapshot replaces all rows. */
function reduceEvent({ rows = {}, snapshot, ready = false } = {}, { organizationHandshakeChanges: event }) {
  const { type, reset, handshake } = event;
  if (reset) {
    const known = { ...snapshot, ...(handshake && { [handshake.id]: handshake }) };
    return type === 'BOOKMARK' ? { rows: known, ready: true } : { rows, snapshot: known, ready };
  }
  if (handshake === null) return { rows, ready };
  const { [handshake.id]: _, ...others } = rows;
  return { rows: type === 'REMOVED' ? others : { ...rows, [handshake.id]: handshake }, ready };
}

export function Invitations() {
  const [{ data, error }] = useSubscription({ query: Changes }, reduceEvent);
  const [, cancel] = useMutation(Cancel);
  if (error) return <p role="alert">{error.message}</p>;
  if (!data?.ready) return <p>Loading…</p>;
  const newestFirst = Object.values(data.rows).sort((a, b) => (a.requestedTimestamp < b.requestedTimestamp ? 1 : -1));
  return (
    <table>
      <thead>
        <tr>
          <th>Invitation</th>
          <th>To</th>
          <th>State</th>
          <th>Since</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {newestFirst.map(({ id, state, requestedTimestamp, recipient }) => (
          <tr key={id} id={id}>
            <td>{id}</td>
            <td>{recipient?.id}</td>
            <td>{state}</td>
            <td>{requestedTimestamp.slice(0, 10)}</td>
            <td>
              {state === 'OPEN' && (
                <button type="button" onClick={() => cancel({ id })}>
                  Cancel
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
