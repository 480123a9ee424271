import { callersOrganization } from '../call.ts';
import { renderTransfer } from '../render/transfer.ts';
import { refuse } from '../service-error.ts';
import type { Operation } from './operation.ts';

/** `Id` selects one of them: AWS documents only that it is a transfer's id. */
export const listInboundResponsibilityTransfers: Operation<'ListInboundResponsibilityTransfers'> = (input, call) => {
  const { inboundTransfers } = callersOrganization(call);
  if (input.Id !== undefined && !inboundTransfers.has(input.Id)) {
    refuse('ResponsibilityTransferNotFoundException', `There is no transfer ${input.Id} to your organization.`);
  }
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => inboundTransfers.after(position),
    (transfer) => renderTransfer(call, transfer),
    ({ id, type }) => type === input.Type && (input.Id === undefined || id === input.Id),
  );
  return { ResponsibilityTransfers: items, NextToken };
};
