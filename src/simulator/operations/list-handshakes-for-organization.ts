import { callersOrganization } from '../call.ts';
import { renderHandshake } from '../render/handshake.ts';
import { handshakeFilter } from './handshake-filter.ts';
import type { Operation } from './operation.ts';

export const listHandshakesForOrganization: Operation<'ListHandshakesForOrganization'> = (input, call) => {
  const { sentHandshakes } = callersOrganization(call);
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => sentHandshakes.after(position),
    (handshake) => renderHandshake(call, handshake),
    handshakeFilter(input.Filter),
  );
  return { Handshakes: items, NextToken };
};
