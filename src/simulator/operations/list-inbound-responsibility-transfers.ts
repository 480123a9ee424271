import { getCallerOrganization } from '../call.ts';
import { renderTransfer } from '../render/transfer.ts';
import { throwException } from '../service-error.ts';
import type { Operation } from './operation.ts';

/** AWS documents `Id` only as a transfer's id; here it selects one transfer. */
export const listInboundResponsibilityTransfers: Operation<'ListInboundResponsibilityTransfers'> = (input, call) => {
  const { inboundTransfers } = getCallerOrganization(call);
  if (input.Id !== undefined && !inboundTransfers.has(input.Id)) {
    throwException('ResponsibilityTransferNotFoundException', `There is no transfer ${input.Id} to your organization.`);
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
