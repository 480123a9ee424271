// Generated from the documents beside it by `npm run console:documents`. Do not edit.
import { TypedDocument } from '../../../data/typed-document.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** The type of an event. */
export type ChangeType =
  /** The object is new. */
  | 'ADDED'
  /** The end of the initial snapshot, or of the missed events; the object is null. Also sent periodically, so that the cursor of an idle subscriber does not expire. */
  | 'BOOKMARK'
  /** The object has changed. */
  | 'CHANGED'
  /** The object is no longer in the list; the event has its last state. AWS removes handshakes 30 days after their final state. */
  | 'REMOVED'
  /** The object as it is when the subscription begins. */
  | 'SNAPSHOT';

/** The input of closeAccount. */
export type CloseAccountInput = {
  /** The member account to close. */
  accountId: string;
};

/** Why an account could not be created. */
export type CreateAccountFailureReason =
  /** The organization has as many accounts as its quota allows. */
  | 'ACCOUNT_LIMIT_EXCEEDED'
  /** Another account was being changed at the same time; try again. */
  | 'CONCURRENT_ACCOUNT_MODIFICATION'
  /** Another account has the e-mail address. */
  | 'EMAIL_ALREADY_EXISTS'
  /** The management account's validation as a business failed. */
  | 'FAILED_BUSINESS_VALIDATION'
  /** There is an account in AWS GovCloud (US) already. */
  | 'GOVCLOUD_ACCOUNT_ALREADY_EXISTS'
  /** AWS failed; try again. */
  | 'INTERNAL_FAILURE'
  /** The address is not valid. */
  | 'INVALID_ADDRESS'
  /** The e-mail address is not valid. */
  | 'INVALID_EMAIL'
  /** The identity for the validation as a business is not valid. */
  | 'INVALID_IDENTITY_FOR_BUSINESS_VALIDATION'
  /** The management account's means of payment is not valid. */
  | 'INVALID_PAYMENT_INSTRUMENT'
  /** The management account has not been validated as a business. */
  | 'MISSING_BUSINESS_VALIDATION'
  /** The management account has no means of payment. */
  | 'MISSING_PAYMENT_INSTRUMENT'
  /** The management account's validation as a business is going on. */
  | 'PENDING_BUSINESS_VALIDATION'
  /** A value that is newer than this release of orgql; the field whose name ends with `Raw` has it. Not accepted as input. */
  | 'UNKNOWN'
  /** The validation as a business failed for an unknown reason. */
  | 'UNKNOWN_BUSINESS_VALIDATION'
  /** A resource policy cannot be updated together with tags. */
  | 'UPDATE_EXISTING_RESOURCE_POLICY_WITH_TAGS_NOT_SUPPORTED';

/** The input of createAccount. */
export type CreateAccountInput = {
  /** Its friendly name: 1 to 50 printable ASCII characters. */
  accountName: string;
  /** E-mail address of the account's owner, used by no other account: 6 to 64 characters. */
  email: string;
  /** Whether its IAM users may see its bills. AWS takes ALLOW when it is left out. */
  iamUserAccessToBilling?: IamUserAccessToBilling | null | undefined;
  /** Name of the role by which the management account gets into it. AWS takes OrganizationAccountAccessRole when it is left out. */
  roleName?: string | null | undefined;
  /** Tags for the account. */
  tags?: Array<TagInput> | null | undefined;
};

/** Where an account's creation is. The last two are final. */
export type CreateAccountState =
  /** There will be no account: see `failureReason`. */
  | 'FAILED'
  /** Going on. */
  | 'IN_PROGRESS'
  /** The account exists. */
  | 'SUCCEEDED'
  /** A value that is newer than this release of orgql; the field whose name ends with `Raw` has it. Not accepted as input. */
  | 'UNKNOWN';

/** The input of createOrganizationalUnit. */
export type CreateOrganizationalUnitInput = {
  /** 1 to 128 characters, unique among its siblings. */
  name: string;
  /** The root or organizational unit to create it in. */
  parentId: string;
  /** Tags for the new unit. */
  tags?: Array<TagInput> | null | undefined;
};

/** The input of deleteOrganizationalUnit. */
export type DeleteOrganizationalUnitInput = {
  /** The unit to delete. */
  organizationalUnitId: string;
};

/** Whether IAM users of the new account may see its bills, if they have the permissions. */
export type IamUserAccessToBilling =
  /** They may. */
  | 'ALLOW'
  /** Only the root user may. */
  | 'DENY';

/** The input of moveAccount. */
export type MoveAccountInput = {
  /** The account to move. */
  accountId: string;
  /** The root or organizational unit to move it to. */
  destinationParentId: string;
  /** The root or organizational unit that holds it now. */
  sourceParentId: string;
};

/** An account and its new place. */
export type MoveAccountPreviewInput = {
  /** The account. */
  accountId: string;
  /** The root or organizational unit to move it to. */
  destinationParentId: string;
};

/** A change to preview: exactly one of the members. */
export type PolicyChangeInput = {
  /** As attachPolicy. */
  attach?: PolicyTargetInput | null | undefined;
  /** As detachPolicy. */
  detach?: PolicyTargetInput | null | undefined;
  /** As moveAccount. */
  moveAccount?: MoveAccountPreviewInput | null | undefined;
  /** As updatePolicy with a new text. */
  updateContent?: PolicyContentInput | null | undefined;
};

/** A policy and its new text. */
export type PolicyContentInput = {
  /** The new text: JSON in the syntax of its type. */
  content: string;
  /** The policy. */
  policyId: string;
};

/** A policy and a target. */
export type PolicyTargetInput = {
  /** The policy. */
  policyId: string;
  /** The root, organizational unit or account. */
  targetId: string;
};

/** The types of policies. All but the first two are merged into an effective policy per account. */
export type PolicyType =
  /** Whether AWS's AI services may use content to improve themselves. */
  | 'AISERVICES_OPT_OUT_POLICY'
  /** Backup plans. */
  | 'BACKUP_POLICY'
  /** Settings of Amazon Bedrock. */
  | 'BEDROCK_POLICY'
  /** Access to accounts from chat applications. */
  | 'CHATBOT_POLICY'
  /** Settings of EC2, EBS and VPC that accounts cannot change. */
  | 'DECLARATIVE_POLICY_EC2'
  /** Where and how GuardDuty is enabled. */
  | 'GUARDDUTY_POLICY'
  /** Where and how Amazon Inspector scans. */
  | 'INSPECTOR_POLICY'
  /** Where Network Security Director is enabled. */
  | 'NETWORK_SECURITY_DIRECTOR_POLICY'
  /** The maximum permissions on resources in the accounts. */
  | 'RESOURCE_CONTROL_POLICY'
  /** Settings of Amazon S3, such as Block Public Access. */
  | 'S3_POLICY'
  /** Where and how Security Hub CSPM is enabled. */
  | 'SECURITYHUB_CSPM_POLICY'
  /** Where Security Hub is enabled. */
  | 'SECURITYHUB_POLICY'
  /** The maximum permissions of principals in the accounts. */
  | 'SERVICE_CONTROL_POLICY'
  /** Standard tag keys and values. */
  | 'TAG_POLICY'
  /** A value that is newer than this release of orgql; the field whose name ends with `Raw` has it. Not accepted as input. */
  | 'UNKNOWN'
  /** The order of automatic upgrades. */
  | 'UPGRADE_ROLLOUT_POLICY';

/** The input of removeAccountFromOrganization. */
export type RemoveAccountFromOrganizationInput = {
  /** The member account to remove. */
  accountId: string;
};

/** A tag to attach. */
export type TagInput = {
  /** 1 to 128 letters, digits, spaces or any of _.:/=+-@ */
  key: string;
  /** Up to 256 letters, digits, spaces or any of _.:/=+-@ */
  value: string;
};

/** The input of updateOrganizationalUnit. */
export type UpdateOrganizationalUnitInput = {
  /** Its new name: 1 to 128 characters, unique among its siblings. */
  name?: string | null | undefined;
  /** The unit to rename. */
  organizationalUnitId: string;
};

export type MoveAccountMutationVariables = Exact<{
  input: MoveAccountInput;
}>;

export type MoveAccountMutation = { moveAccount:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccountNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'DestinationParentNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'DuplicateAccountException', code: string, message: string, requestId: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'MoveAccountPayload' }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'SourceParentNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
   | null };

export type CreateAccountMutationVariables = Exact<{
  input: CreateAccountInput;
}>;

export type CreateAccountMutation = { createAccount:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'CreateAccountPayload', createAccountStatus: { id: string } | null }
    | { __typename: 'FinalizingOrganizationException', code: string, message: string, requestId: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
    | { __typename: 'UnsupportedAPIEndpointException', code: string, message: string, requestId: string | null }
   | null };

export type CloseAccountMutationVariables = Exact<{
  input: CloseAccountInput;
}>;

export type CloseAccountMutation = { closeAccount:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccountAlreadyClosedException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccountNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'CloseAccountPayload' }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConflictException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
    | { __typename: 'UnsupportedAPIEndpointException', code: string, message: string, requestId: string | null }
   | null };

export type RemoveAccountMutationVariables = Exact<{
  input: RemoveAccountFromOrganizationInput;
}>;

export type RemoveAccountMutation = { removeAccountFromOrganization:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccountNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'MasterCannotLeaveOrganizationException', code: string, message: string, requestId: string | null }
    | { __typename: 'RemoveAccountFromOrganizationPayload' }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
   | null };

export type LeaveOrganizationMutationVariables = Exact<{ [key: string]: never; }>;

export type LeaveOrganizationMutation = { leaveOrganization:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccountNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'LeaveOrganizationPayload' }
    | { __typename: 'MasterCannotLeaveOrganizationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
   | null };

export type CreateUnitMutationVariables = Exact<{
  input: CreateOrganizationalUnitInput;
}>;

export type CreateUnitMutation = { createOrganizationalUnit:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'CreateOrganizationalUnitPayload', organizationalUnit: { id: string } | null }
    | { __typename: 'DuplicateOrganizationalUnitException', code: string, message: string, requestId: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'ParentNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
   | null };

export type RenameUnitMutationVariables = Exact<{
  input: UpdateOrganizationalUnitInput;
}>;

export type RenameUnitMutation = { updateOrganizationalUnit:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'DuplicateOrganizationalUnitException', code: string, message: string, requestId: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'OrganizationalUnitNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
    | { __typename: 'UpdateOrganizationalUnitPayload' }
   | null };

export type DeleteUnitMutationVariables = Exact<{
  input: DeleteOrganizationalUnitInput;
}>;

export type DeleteUnitMutation = { deleteOrganizationalUnit:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'DeleteOrganizationalUnitPayload' }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'OrganizationalUnitNotEmptyException', code: string, message: string, requestId: string | null }
    | { __typename: 'OrganizationalUnitNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
   | null };

export type MovePreviewQueryVariables = Exact<{
  changes: Array<PolicyChangeInput> | PolicyChangeInput;
}>;

export type MovePreviewQuery = { organization: { id: string, policyPreview: { accounts: { nodes: Array<{ lost: Array<{ policy: { id: string, name: string | null, type: PolicyType | null, typeRaw: string | null, content: string | null }, target:
              | { id: string }
              | { id: string }
              | { id: string }
             }>, gained: Array<{ policy: { id: string, name: string | null, type: PolicyType | null, typeRaw: string | null, content: string | null }, target:
              | { id: string }
              | { id: string }
              | { id: string }
             }>, kept: Array<{ policy: { id: string, name: string | null } }> }> } } } | null };

export type AccountCreationSubscriptionVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;

export type AccountCreationSubscription = { createAccountStatusChanges: { type: ChangeType, cursor: string, reset: boolean, observedAt: string, createAccountStatus: { id: string, accountId: string | null, accountName: string | null, state: CreateAccountState | null, failureReason: CreateAccountFailureReason | null, failureReasonRaw: string | null } | null } };

export const MoveAccountDocument = new TypedDocument<MoveAccountMutation, MoveAccountMutationVariables>(`mutation MoveAccount($input: MoveAccountInput!) {
  moveAccount(input: $input) {
    __typename
    ... on Error {
      code
      message
      requestId
    }
    ... on InvalidInputException {
      reason: reasonRaw
    }
  }
}`);
export const CreateAccountDocument = new TypedDocument<CreateAccountMutation, CreateAccountMutationVariables>(`mutation CreateAccount($input: CreateAccountInput!) {
  createAccount(input: $input) {
    __typename
    ... on CreateAccountPayload {
      createAccountStatus {
        id
      }
    }
    ... on Error {
      code
      message
      requestId
    }
    ... on ConstraintViolationException {
      reason: reasonRaw
    }
    ... on InvalidInputException {
      reason: reasonRaw
    }
  }
}`);
export const CloseAccountDocument = new TypedDocument<CloseAccountMutation, CloseAccountMutationVariables>(`mutation CloseAccount($input: CloseAccountInput!) {
  closeAccount(input: $input) {
    __typename
    ... on Error {
      code
      message
      requestId
    }
    ... on ConstraintViolationException {
      reason: reasonRaw
    }
    ... on InvalidInputException {
      reason: reasonRaw
    }
  }
}`);
export const RemoveAccountDocument = new TypedDocument<RemoveAccountMutation, RemoveAccountMutationVariables>(`mutation RemoveAccount($input: RemoveAccountFromOrganizationInput!) {
  removeAccountFromOrganization(input: $input) {
    __typename
    ... on Error {
      code
      message
      requestId
    }
    ... on ConstraintViolationException {
      reason: reasonRaw
    }
    ... on InvalidInputException {
      reason: reasonRaw
    }
  }
}`);
export const LeaveOrganizationDocument = new TypedDocument<LeaveOrganizationMutation, LeaveOrganizationMutationVariables>(`mutation LeaveOrganization {
  leaveOrganization {
    __typename
    ... on Error {
      code
      message
      requestId
    }
    ... on ConstraintViolationException {
      reason: reasonRaw
    }
    ... on InvalidInputException {
      reason: reasonRaw
    }
  }
}`);
export const CreateUnitDocument = new TypedDocument<CreateUnitMutation, CreateUnitMutationVariables>(`mutation CreateUnit($input: CreateOrganizationalUnitInput!) {
  createOrganizationalUnit(input: $input) {
    __typename
    ... on CreateOrganizationalUnitPayload {
      organizationalUnit {
        id
      }
    }
    ... on Error {
      code
      message
      requestId
    }
    ... on ConstraintViolationException {
      reason: reasonRaw
    }
    ... on InvalidInputException {
      reason: reasonRaw
    }
  }
}`);
export const RenameUnitDocument = new TypedDocument<RenameUnitMutation, RenameUnitMutationVariables>(`mutation RenameUnit($input: UpdateOrganizationalUnitInput!) {
  updateOrganizationalUnit(input: $input) {
    __typename
    ... on Error {
      code
      message
      requestId
    }
    ... on InvalidInputException {
      reason: reasonRaw
    }
  }
}`);
export const DeleteUnitDocument = new TypedDocument<DeleteUnitMutation, DeleteUnitMutationVariables>(`mutation DeleteUnit($input: DeleteOrganizationalUnitInput!) {
  deleteOrganizationalUnit(input: $input) {
    __typename
    ... on Error {
      code
      message
      requestId
    }
    ... on InvalidInputException {
      reason: reasonRaw
    }
  }
}`);
export const MovePreviewDocument = new TypedDocument<MovePreviewQuery, MovePreviewQueryVariables>(`query MovePreview($changes: [PolicyChangeInput!]!) {
  organization {
    id
    policyPreview(changes: $changes) {
      accounts(first: 1) {
        nodes {
          lost {
            policy {
              id
              name
              type
              typeRaw
              content
            }
            target {
              id
            }
          }
          gained {
            policy {
              id
              name
              type
              typeRaw
              content
            }
            target {
              id
            }
          }
          kept {
            policy {
              id
              name
            }
          }
        }
      }
    }
  }
}`);
export const AccountCreationDocument = new TypedDocument<AccountCreationSubscription, AccountCreationSubscriptionVariables>(`subscription AccountCreation($id: ID!, $after: String) {
  createAccountStatusChanges(id: $id, after: $after) {
    type
    cursor
    reset
    observedAt
    createAccountStatus {
      id
      accountId
      accountName
      state
      failureReason
      failureReasonRaw
    }
  }
}`);
