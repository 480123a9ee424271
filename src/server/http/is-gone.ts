import type { ServerResponse } from 'node:http';

/** Whether whoever asked has left. */
export const isGone = ({ destroyed, closed, socket }: ServerResponse): boolean =>
  destroyed || closed || (socket?.destroyed ?? true);
