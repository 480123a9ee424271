import { GROUP_NAMES, type Transfer } from './model.ts';

const CSV_HEADER = [
  ...['name', 'accountId', 'email', 'state', 'awsStatus', 'startTimestamp', 'endTimestamp', 'expirationTimestamp'],
  ...['transferId', 'handshakeId'],
];

/** All columns, with AWS's words and ISO times. */
export const csvOf = (rows: readonly Transfer[]) => [
  CSV_HEADER,
  ...rows.map(({ name, accountId, email, group, state, status, start, end, expires, id, handshakeId }) => [
    ...[name, accountId, email, group === 'over' ? state : GROUP_NAMES[group], status, start, end, expires],
    ...[id, handshakeId],
  ]),
];
