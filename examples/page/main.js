// Shows an organization's invitations, without a framework and without a bundler.
import { watch } from 'orgql/client';

const url = new URLSearchParams(location.search).get('gateway') ?? 'http://127.0.0.1:4000/graphql';
const table = watch(
  `subscription Invitations($after: String) {
    organizationHandshakeChanges(after: $after, filter: { actionType: INVITE }) {
      cursor type reset
      handshake { id state recipient { id } }
    }
  }`,
  { transport: { url } },
);

const list = document.querySelector('ul');
const statusLine = document.querySelector('[role="status"]');

table.subscribe(() => {
  const { state, reason, error } = table.status;
  statusLine.textContent = error?.message ?? reason?.message ?? state;
});

/** The item of each invitation by id. A change touches one item. */
const items = new Map();

table.onChange((changes) => {
  for (const { type, id, row } of changes) {
    if (type === 'REMOVED') {
      items.get(id)?.remove();
      items.delete(id);
      continue;
    }
    if (type === 'ADDED') {
      const item = document.createElement('li');
      item.id = id;
      items.set(id, item);
      list.prepend(item);
    }
    items.get(id).textContent = `${row.recipient?.id ?? id}: ${row.state}`;
  }
});
