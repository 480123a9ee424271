import { getCallerOrganization } from '../call.ts';
import { renderHandshake } from '../render/handshake.ts';
import { createHandshakeFilter } from './handshake-filter.ts';
import type { Operation } from './operation.ts';

export const listHandshakesForOrganization: Operation<'ListHandshakesForOrganization'> = (input, call) => {
  const { sentHandshakes } = getCallerOrganization(call);
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => sentHandshakes.after(position),
    (handshake) => renderHandshake(call, handshake),
    createHandshakeFilter(input.Filter),
  );
  return { Handshakes: items, NextToken };
};
