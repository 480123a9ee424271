import type * as aws from '@aws-sdk/client-organizations';
import type { Input, OperationName, Output, ReadName } from './operation-types.ts';

/** The answer to a read that another operation's reply holds. */
export interface Primed<O extends ReadName = ReadName> {
  readonly operation: O;
  readonly input: Input<O>;
  readonly output: Output<O>;
}

const account = (object: aws.Account): Primed<'DescribeAccount'> => ({
  operation: 'DescribeAccount',
  input: { AccountId: object.Id },
  output: { Account: object },
});
const createAccountStatus = (object: aws.CreateAccountStatus): Primed<'DescribeCreateAccountStatus'> => ({
  operation: 'DescribeCreateAccountStatus',
  input: { CreateAccountRequestId: object.Id },
  output: { CreateAccountStatus: object },
});
const handshake = (object: aws.Handshake): Primed<'DescribeHandshake'> => ({
  operation: 'DescribeHandshake',
  input: { HandshakeId: object.Id },
  output: { Handshake: object },
});
const organization = (object: aws.Organization): Primed<'DescribeOrganization'> => ({
  operation: 'DescribeOrganization',
  input: {},
  output: { Organization: object },
});
const organizationalUnit = (object: aws.OrganizationalUnit): Primed<'DescribeOrganizationalUnit'> => ({
  operation: 'DescribeOrganizationalUnit',
  input: { OrganizationalUnitId: object.Id },
  output: { OrganizationalUnit: object },
});
const policy = (object: aws.Policy): Primed<'DescribePolicy'> => ({
  operation: 'DescribePolicy',
  input: { PolicyId: object.PolicySummary?.Id },
  output: { Policy: object },
});
const resourcePolicy = (object: aws.ResourcePolicy): Primed<'DescribeResourcePolicy'> => ({
  operation: 'DescribeResourcePolicy',
  input: {},
  output: { ResourcePolicy: object },
});
const responsibilityTransfer = (object: aws.ResponsibilityTransfer): Primed<'DescribeResponsibilityTransfer'> => ({
  operation: 'DescribeResponsibilityTransfer',
  input: { Id: object.Id },
  output: { ResponsibilityTransfer: object },
});

const one = <T>(prime: (object: T) => Primed, object: T | undefined): readonly Primed[] =>
  object === undefined ? [] : [prime(object)];
const each = <T>(prime: (object: T) => Primed, objects: readonly T[] | undefined): readonly Primed[] =>
  objects?.map(prime) ?? [];

/**
 * What a reply says besides its own: operations whose reply has an object in the very shape that its Describe operation answers with.
 * ListAccountsWithInvalidEffectivePolicy is left out: AWS names State only for the other three that answer with accounts.
 * ListPolicies is, too: it has summaries, without the content.
 */
const primes: { readonly [O in OperationName]?: (output: Output<O>) => readonly Primed[] } = {
  ListAccounts: (output) => each(account, output.Accounts),
  ListAccountsForParent: (output) => each(account, output.Accounts),
  ListCreateAccountStatus: (output) => each(createAccountStatus, output.CreateAccountStatuses),
  ListHandshakesForAccount: (output) => each(handshake, output.Handshakes),
  ListHandshakesForOrganization: (output) => each(handshake, output.Handshakes),
  ListInboundResponsibilityTransfers: (output) => each(responsibilityTransfer, output.ResponsibilityTransfers),
  ListOutboundResponsibilityTransfers: (output) => each(responsibilityTransfer, output.ResponsibilityTransfers),
  ListOrganizationalUnitsForParent: (output) => each(organizationalUnit, output.OrganizationalUnits),

  AcceptHandshake: (output) => one(handshake, output.Handshake),
  CancelHandshake: (output) => one(handshake, output.Handshake),
  DeclineHandshake: (output) => one(handshake, output.Handshake),
  EnableAllFeatures: (output) => one(handshake, output.Handshake),
  InviteAccountToOrganization: (output) => one(handshake, output.Handshake),
  InviteOrganizationToTransferResponsibility: (output) => one(handshake, output.Handshake),
  CreateAccount: (output) => one(createAccountStatus, output.CreateAccountStatus),
  CreateGovCloudAccount: (output) => one(createAccountStatus, output.CreateAccountStatus),
  CreateOrganization: (output) => one(organization, output.Organization),
  CreateOrganizationalUnit: (output) => one(organizationalUnit, output.OrganizationalUnit),
  UpdateOrganizationalUnit: (output) => one(organizationalUnit, output.OrganizationalUnit),
  CreatePolicy: (output) => one(policy, output.Policy),
  UpdatePolicy: (output) => one(policy, output.Policy),
  PutResourcePolicy: (output) => one(resourcePolicy, output.ResourcePolicy),
  TerminateResponsibilityTransfer: (output) => one(responsibilityTransfer, output.ResponsibilityTransfer),
  UpdateResponsibilityTransfer: (output) => one(responsibilityTransfer, output.ResponsibilityTransfer),
};

/** The reads that this reply answers as well. */
export function primedBy<O extends OperationName>(operation: O, output: Output<O>): readonly Primed[] {
  return primes[operation]?.(output) ?? [];
}
