import { gql, useMutation } from 'urql';
import { socket } from './client.js';
import { useTable } from './use-table.js';

const Changes = /* GraphQL */ `
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

export function Invitations() {
  const { rows, status, updatedAt } = useTable(Changes, socket);
  const [, cancel] = useMutation(Cancel);
  if (status.state === 'ended' && status.reason === 'failed') return <p role="alert">{status.error.message}</p>;
  if (!updatedAt) return <p>Loading…</p>;
  const newestFirst = [...rows.values()].sort((a, b) => (a.requestedTimestamp < b.requestedTimestamp ? 1 : -1));
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
