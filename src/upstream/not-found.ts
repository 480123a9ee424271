import { UpstreamError } from './errors.ts';
import type { ExceptionName, OperationName, ReadName } from './operation-types.ts';

/** What says that the object which a read is about does not exist, or not any more. */
const notFound: { readonly [O in ReadName]?: readonly ExceptionName[] } = {
  DescribeAccount: ['AccountNotFoundException'],
  DescribeCreateAccountStatus: ['CreateAccountStatusNotFoundException'],
  DescribeEffectivePolicy: ['EffectivePolicyNotFoundException', 'TargetNotFoundException'],
  DescribeHandshake: ['HandshakeNotFoundException'],
  // An account that is in no organization has none to describe.
  DescribeOrganization: ['AWSOrganizationsNotInUseException'],
  DescribeOrganizationalUnit: ['OrganizationalUnitNotFoundException'],
  DescribePolicy: ['PolicyNotFoundException'],
  DescribeResourcePolicy: ['ResourcePolicyNotFoundException'],
  DescribeResponsibilityTransfer: ['ResponsibilityTransferNotFoundException'],
  ListAccountsForParent: ['ParentNotFoundException'],
  ListChildren: ['ParentNotFoundException'],
  ListDelegatedServicesForAccount: ['AccountNotFoundException'],
  ListEffectivePolicyValidationErrors: ['AccountNotFoundException'],
  ListInboundResponsibilityTransfers: ['ResponsibilityTransferNotFoundException'],
  ListOrganizationalUnitsForParent: ['ParentNotFoundException'],
  ListParents: ['ChildNotFoundException'],
  ListPoliciesForTarget: ['TargetNotFoundException'],
  ListTagsForResource: ['TargetNotFoundException'],
  ListTargetsForPolicy: ['PolicyNotFoundException'],
};

const table = new Map<string, readonly string[]>(Object.entries(notFound));

/** Whether a read failed because there is no such object: null in the graph, rather than an error. */
export function isNotFound(error: unknown): error is UpstreamError & { readonly operation: OperationName } {
  return error instanceof UpstreamError && (table.get(error.operation)?.includes(error.code) ?? false);
}
