import type { ServerResponse } from 'node:http';

/** Whether whoever asked has left. A response that waits behind another on its connection (HTTP pipelining) has no socket of its own yet: the request has. */
export const isGone = ({ destroyed, closed, req }: ServerResponse): boolean =>
  destroyed || closed || req.socket.destroyed;
