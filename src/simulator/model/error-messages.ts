import type { ErrorName } from './errors.ts';

/**
 * The first sentence of each exception's message, which clients match. It is AWS's text where a public client quotes
 * it, otherwise the text of the API model (botocore, organizations/2016-11-28).
 *
 * Terraform's provider retries ConcurrentModificationException only with "Try again later"
 * (internal/service/organizations/service_package.go). GruCloud looks for "it conflicts with another attempt to modify
 * the same entity", the Landing Zone Accelerator for "unrecognized service principal", and scripts compare "A policy
 * with the specified name and type already exists." (AttachPolicy), "You have exceeded the allowed number of AWS
 * accounts.", "Try again later." and "missing one or more of the prerequisites" (RemoveAccountFromOrganization).
 */
const messages: Readonly<Record<ErrorName, string>> = {
  AWSOrganizationsNotInUseException: 'Your account is not a member of an organization.',
  AccessDeniedException: "You don't have permissions to access this resource.",
  AccessDeniedForDependencyException:
    'The operation requires the permission iam:CreateServiceLinkedRole for organizations.amazonaws.com.',
  AccountAlreadyClosedException: 'You attempted to close an account that is already closed.',
  AccountAlreadyRegisteredException: 'The specified account is already a delegated administrator for this AWS service.',
  AccountNotFoundException: "You specified an account that doesn't exist.",
  AccountNotRegisteredException: 'The specified account is not a delegated administrator for this AWS service.',
  AccountOwnerNotVerifiedException:
    "You can't invite an existing account until you verify the email address of the management account.",
  AlreadyInOrganizationException: 'The AWS account is already a member of an organization.',
  ChildNotFoundException: "You specified a child that doesn't exist.",
  ConcurrentModificationException:
    "AWS Organizations can't complete your request because it conflicts with another attempt to modify the same entity. Try again later.",
  ConflictException: 'The request failed because it conflicts with the current state of the specified resource.',
  ConstraintViolationException: 'The operation violates a minimum or maximum value limit.',
  CreateAccountStatusNotFoundException: "You specified an account creation request that doesn't exist.",
  DestinationParentNotFoundException: "You specified a destination parent that doesn't exist.",
  DuplicateAccountException: 'The account is already present in the specified destination.',
  DuplicateHandshakeException: 'A handshake with the same action and target already exists.',
  DuplicateOrganizationalUnitException: 'An OU with the same name already exists.',
  // AWS returns the sentence of DuplicatePolicyException here too, and scripts compare it.
  DuplicatePolicyAttachmentException: 'A policy with the specified name and type already exists.',
  DuplicatePolicyException: 'A policy with the specified name and type already exists.',
  EffectivePolicyNotFoundException: "The account doesn't have an effective policy of this type.",
  FinalizingOrganizationException:
    'You cannot add accounts to your organization while it is initializing. Try again later.',
  HandshakeAlreadyInStateException: 'The specified handshake is already in the requested state.',
  HandshakeConstraintViolationException: 'The operation would violate the constraint identified in the reason code.',
  HandshakeNotFoundException: "You specified a handshake that doesn't exist.",
  InvalidHandshakeTransitionException: "You can't perform the operation on the handshake in its current state.",
  InvalidInputException: 'You provided invalid values for one or more of the request parameters.',
  InvalidResponsibilityTransferTransitionException:
    "The responsibility transfer can't transition to the requested state.",
  MalformedPolicyDocumentException:
    'The provided policy document does not meet the requirements of the specified policy type.',
  MasterCannotLeaveOrganizationException: "You can't remove a management account from an organization.",
  OrganizationNotEmptyException:
    "The organization isn't empty. To delete an organization, you must first remove all accounts except the management account.",
  OrganizationalUnitNotEmptyException: 'The specified OU is not empty.',
  OrganizationalUnitNotFoundException: "You specified an organizational unit that doesn't exist.",
  ParentNotFoundException: "You specified a parent that doesn't exist.",
  PolicyChangesInProgressException: 'Changes to the policy type are in progress. Try again later.',
  PolicyInUseException: 'The policy is attached to one or more entities.',
  PolicyNotAttachedException: "The policy isn't attached to the specified target.",
  PolicyNotFoundException: "You specified a policy that doesn't exist.",
  PolicyTypeAlreadyEnabledException: 'The specified policy type is already enabled.',
  PolicyTypeNotAvailableForOrganizationException:
    "You can't use the specified policy type with the feature set of this organization.",
  PolicyTypeNotEnabledException: 'This operation can be performed only for enabled policy types.',
  ResourcePolicyNotFoundException: 'No resource-based policy found.',
  ResponsibilityTransferAlreadyInStatusException: 'The responsibility transfer is already in that status.',
  ResponsibilityTransferNotFoundException: "We can't find a transfer that you specified.",
  RootNotFoundException: "You specified a root that doesn't exist.",
  ServiceException:
    "AWS Organizations can't complete your request because of an internal service error. Try again later.",
  SourceParentNotFoundException: "You specified a source parent that doesn't exist.",
  TargetNotFoundException: "You specified a target that doesn't exist.",
  TooManyRequestsException:
    "AWS Organizations can't complete your request because another request is already in progress. Try again later.",
  UnsupportedAPIEndpointException: "This action isn't available in the current AWS Region.",
};

/** AWS returns one sentence for all missing prerequisites. */
const missingPrerequisites = [
  'The member account is missing one or more of the prerequisites required to operate as a standalone account.',
  'To add what is missing, sign-in to the member account using the AWS Organizations console, then select to leave the',
  'organization. You will then be prompted to enter any missing information.',
].join(' ');

/** Sentences that AWS has for a reason. The two spaces in WAIT_PERIOD_ACTIVE are AWS's. */
const messagesByReason: Readonly<Record<string, string>> = {
  ACCOUNT_CANNOT_LEAVE_ORGANIZATION: missingPrerequisites,
  ACCOUNT_CANNOT_LEAVE_WITHOUT_EULA: missingPrerequisites,
  ACCOUNT_CANNOT_LEAVE_WITHOUT_PHONE_VERIFICATION: missingPrerequisites,
  ACCOUNT_NUMBER_LIMIT_EXCEEDED: 'You have exceeded the allowed number of AWS accounts.',
  CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR:
    'You cannot register master account/yourself as delegated administrator for your organization.',
  CLOSE_ACCOUNT_QUOTA_EXCEEDED: 'You have exceeded close account quota for the past 30 days.',
  INVALID_PATTERN: 'You provided a value that does not match the required pattern.',
  MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED: missingPrerequisites,
  MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED:
    'You cannot remove the last policy attached to the specified target. You must have at least one attached at all times.',
  ORGANIZATION_ALREADY_HAS_ALL_FEATURES: 'All features are already enabled on this organization.',
  SERVICE_ACCESS_NOT_ENABLED:
    'You must enable service access before you delegate an administrator for this service. Call the AWS API EnableAWSServiceAccess first.',
  UNRECOGNIZED_SERVICE_PRINCIPAL: 'You specified an unrecognized service principal.',
  WAIT_PERIOD_ACTIVE: 'This operation requires a wait period.  Try again later.',
};

/** AWS's sentence before the simulator's detail. Empty if it would only say that a reason applies. */
export function messagePrefix(error: ErrorName, reason?: string): string {
  const sentence = reason === undefined ? messages[error] : messagesByReason[reason];
  return sentence === undefined ? '' : `${sentence} `;
}

/** AWS's sentence for a reason if it has one, otherwise for the exception. */
export function exceptionMessage(error: ErrorName, reason?: string): string {
  return (reason === undefined ? undefined : messagesByReason[reason]) ?? messages[error];
}
