import { renderTransfer } from '../render/transfer.ts';
import { findTransfer } from './find.ts';
import type { Operation } from './operation.ts';

export const describeResponsibilityTransfer: Operation<'DescribeResponsibilityTransfer'> = ({ Id }, call) => ({
  ResponsibilityTransfer: renderTransfer(call, findTransfer(call, Id)),
});
