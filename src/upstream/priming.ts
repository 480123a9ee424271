import type * as aws from '@aws-sdk/client-organizations';
import type { Input, OperationName, Output, ReadName } from './operation-types.ts';
import { readKey } from './read-key.ts';

/** The answer to a read that another operation's reply holds. */
export interface Primed<O extends ReadName = ReadName> {
  readonly operation: O;
  /** Of the read: its `readKey`. */
  readonly key: string;
  readonly output: Output<O>;
}

/** An object in the very shape that its Describe operation answers with. */
interface Described<T> {
  readonly operation: ReadName;
  readonly prime: (object: T) => Primed;
}

function described<O extends ReadName, T>(
  operation: O,
  input: (object: T) => Input<O>,
  output: (object: T) => Output<O>,
): Described<T> {
  return {
    operation,
    prime: (object) => ({ operation, key: readKey(operation, input(object)), output: output(object) }),
  };
}

const account = described(
  'DescribeAccount',
  ({ Id }: aws.Account) => ({ AccountId: Id }),
  (object) => ({ Account: object }),
);
const createAccountStatus = described(
  'DescribeCreateAccountStatus',
  ({ Id }: aws.CreateAccountStatus) => ({ CreateAccountRequestId: Id }),
  (object) => ({ CreateAccountStatus: object }),
);
const handshake = described(
  'DescribeHandshake',
  ({ Id }: aws.Handshake) => ({ HandshakeId: Id }),
  (object) => ({ Handshake: object }),
);
const organization = described(
  'DescribeOrganization',
  (_: aws.Organization) => ({}),
  (object) => ({ Organization: object }),
);
const organizationalUnit = described(
  'DescribeOrganizationalUnit',
  ({ Id }: aws.OrganizationalUnit) => ({ OrganizationalUnitId: Id }),
  (object) => ({ OrganizationalUnit: object }),
);
const policy = described(
  'DescribePolicy',
  ({ PolicySummary }: aws.Policy) => ({ PolicyId: PolicySummary?.Id }),
  (object) => ({ Policy: object }),
);
const resourcePolicy = described(
  'DescribeResourcePolicy',
  (_: aws.ResourcePolicy) => ({}),
  (object) => ({ ResourcePolicy: object }),
);
const responsibilityTransfer = described(
  'DescribeResponsibilityTransfer',
  ({ Id }: aws.ResponsibilityTransfer) => ({ Id }),
  (object) => ({ ResponsibilityTransfer: object }),
);

/** What a reply says besides its own. */
interface Priming<O extends OperationName> {
  readonly operation: ReadName;
  readonly primedBy: (output: Output<O>) => readonly Primed[];
}

function one<O extends OperationName, T>(
  { operation, prime }: Described<T>,
  pick: (output: Output<O>) => T | undefined,
): Priming<O> {
  return {
    operation,
    primedBy(output) {
      const object = pick(output);
      return object === undefined ? [] : [prime(object)];
    },
  };
}

function each<O extends OperationName, T>(
  { operation, prime }: Described<T>,
  pick: (output: Output<O>) => readonly T[] | undefined,
): Priming<O> {
  return { operation, primedBy: (output) => pick(output)?.map(prime) ?? [] };
}

/**
 * ListAccountsWithInvalidEffectivePolicy is left out: AWS names State only for the other three that answer with accounts.
 * ListPolicies is, too: it has summaries, without the content.
 */
const primings: { readonly [O in OperationName]?: Priming<O> } = {
  ListAccounts: each(account, ({ Accounts }) => Accounts),
  ListAccountsForParent: each(account, ({ Accounts }) => Accounts),
  ListCreateAccountStatus: each(createAccountStatus, ({ CreateAccountStatuses }) => CreateAccountStatuses),
  ListHandshakesForAccount: each(handshake, ({ Handshakes }) => Handshakes),
  ListHandshakesForOrganization: each(handshake, ({ Handshakes }) => Handshakes),
  ListInboundResponsibilityTransfers: each(
    responsibilityTransfer,
    ({ ResponsibilityTransfers }) => ResponsibilityTransfers,
  ),
  ListOutboundResponsibilityTransfers: each(
    responsibilityTransfer,
    ({ ResponsibilityTransfers }) => ResponsibilityTransfers,
  ),
  ListOrganizationalUnitsForParent: each(organizationalUnit, ({ OrganizationalUnits }) => OrganizationalUnits),

  AcceptHandshake: one(handshake, ({ Handshake }) => Handshake),
  CancelHandshake: one(handshake, ({ Handshake }) => Handshake),
  DeclineHandshake: one(handshake, ({ Handshake }) => Handshake),
  EnableAllFeatures: one(handshake, ({ Handshake }) => Handshake),
  InviteAccountToOrganization: one(handshake, ({ Handshake }) => Handshake),
  InviteOrganizationToTransferResponsibility: one(handshake, ({ Handshake }) => Handshake),
  CreateAccount: one(createAccountStatus, ({ CreateAccountStatus }) => CreateAccountStatus),
  CreateGovCloudAccount: one(createAccountStatus, ({ CreateAccountStatus }) => CreateAccountStatus),
  CreateOrganization: one(organization, ({ Organization }) => Organization),
  CreateOrganizationalUnit: one(organizationalUnit, ({ OrganizationalUnit }) => OrganizationalUnit),
  UpdateOrganizationalUnit: one(organizationalUnit, ({ OrganizationalUnit }) => OrganizationalUnit),
  CreatePolicy: one(policy, ({ Policy }) => Policy),
  UpdatePolicy: one(policy, ({ Policy }) => Policy),
  PutResourcePolicy: one(resourcePolicy, ({ ResourcePolicy }) => ResourcePolicy),
  TerminateResponsibilityTransfer: one(responsibilityTransfer, ({ ResponsibilityTransfer }) => ResponsibilityTransfer),
  UpdateResponsibilityTransfer: one(responsibilityTransfer, ({ ResponsibilityTransfer }) => ResponsibilityTransfer),
};

/** The read that an operation's replies answer as well, for each object that they hold; undefined for none. */
export function primedRead(operation: OperationName): ReadName | undefined {
  return primings[operation]?.operation;
}

/** The reads that this reply answers as well. Found out once for each reply: every session that gets it may ask. */
export function primedBy<O extends OperationName>(operation: O, output: Output<O>): readonly Primed[] {
  let primed = found.get(output);
  if (primed === undefined) {
    primed = primings[operation]?.primedBy(output) ?? [];
    found.set(output, primed);
  }
  return primed;
}

const found = new WeakMap<object, readonly Primed[]>();
