import { renderTransfer } from '../render/transfer.ts';
import type { Operation } from './operation.ts';

export const listOutboundResponsibilityTransfers: Operation<'ListOutboundResponsibilityTransfers'> = (input, call) => {
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => call.world.transfersFrom(call.account, position),
    (transfer) => renderTransfer(call, transfer),
    ({ type }) => type === input.Type,
  );
  return { ResponsibilityTransfers: items, NextToken };
};
