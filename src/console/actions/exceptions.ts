import { reasonSentences } from './reasons.generated.ts';

/** Why an action was not carried out. */
export interface ActionError {
  /** The exception of AWS, or a code of the gateway (docs/errors.md). */
  readonly code: string;
  /** Why AWS throws the exception, for those that have reasons. */
  readonly reason: string | undefined;
  readonly message: string;
  /** AWS's id of the request, for AWS Support. */
  readonly requestId: string | undefined;
  readonly isRetryable: boolean;
  /** Whether the answer was lost, so that AWS may have carried it out. */
  readonly isUnknown: boolean;
}

/** An exception in plain words: what is the matter, and the next step. */
export interface Sentence {
  readonly cause: string;
  readonly next: string;
}

const LATER = 'Try again in a moment.';
const REFRESHED = 'It may have been removed meanwhile. Close the form and look at the list again.';

/** The exceptions of AWS, by their names. A test compares them with the schema. */
export const exceptions: Readonly<Record<string, Sentence>> = {
  AWSOrganizationsNotInUseException: {
    cause: 'This account is in no organization.',
    next: 'Choose another principal, or accept an invitation first.',
  },
  AccessDeniedException: {
    cause: 'AWS does not allow this to the principal.',
    next: 'Only the management account, or an account that it has delegated this to, may do it. Check the role of the principal.',
  },
  AccessDeniedForDependencyException: {
    cause: 'The principal may not create the service-linked role that AWS needs for this.',
    next: 'Give its role the permission iam:CreateServiceLinkedRole.',
  },
  AccountAlreadyClosedException: { cause: 'The account is closed already.', next: 'There is nothing left to do.' },
  AccountAlreadyRegisteredException: {
    cause: 'The account administers this service already.',
    next: 'There is nothing left to do.',
  },
  AccountNotFoundException: { cause: 'The organization has no such account.', next: REFRESHED },
  AccountNotRegisteredException: {
    cause: 'The account does not administer this service.',
    next: 'Look at the services that it administers.',
  },
  AccountOwnerNotVerifiedException: {
    cause: 'The e-mail address of the management account is not verified.',
    next: 'Verify it in the AWS console, then send the invitation again.',
  },
  AlreadyInOrganizationException: {
    cause: 'The account is in an organization already.',
    next: 'It has to leave that one first.',
  },
  ConcurrentModificationException: {
    cause: 'Another change of the organization was in progress at the same moment.',
    next: LATER,
  },
  ConflictException: {
    cause: 'The account is in the middle of another change.',
    next: 'Wait until that is done, then try again.',
  },
  ConstraintViolationException: {
    cause: 'A quota or a rule of AWS does not allow this.',
    next: 'Change what the rule names. Some quotas can be raised in Service Quotas.',
  },
  DestinationParentNotFoundException: { cause: 'The unit to move to does not exist.', next: REFRESHED },
  DuplicateAccountException: {
    cause: 'The account is in this unit already.',
    next: 'Choose another unit.',
  },
  DuplicateHandshakeException: {
    cause: 'There is an open invitation of this kind already.',
    next: 'Cancel that one first, or wait until it is answered or expires.',
  },
  DuplicateOrganizationalUnitException: {
    cause: 'A unit of this name exists at the same place.',
    next: 'Choose another name.',
  },
  DuplicatePolicyAttachmentException: {
    cause: 'The policy is attached there already.',
    next: 'There is nothing left to do.',
  },
  DuplicatePolicyException: {
    cause: 'A policy of this type has the same name.',
    next: 'Choose another name.',
  },
  FinalizingOrganizationException: {
    cause: 'AWS is still setting up the organization.',
    next: 'Try again in an hour. If it goes on, ask AWS Support.',
  },
  HandshakeAlreadyInStateException: {
    cause: 'The invitation has this state already.',
    next: 'There is nothing left to do.',
  },
  HandshakeConstraintViolationException: {
    cause: 'A rule of AWS does not allow this invitation, or its answer.',
    next: 'Correct what the rule names, then try again.',
  },
  HandshakeNotFoundException: {
    cause: 'The invitation does not exist, or AWS does not show it to this principal.',
    next: 'AWS keeps invitations for 30 days after they are over. Look at the list again.',
  },
  InvalidHandshakeTransitionException: {
    cause: 'The invitation has been answered, canceled or expired meanwhile.',
    next: 'Its state in the list says which. Send a new one if it is still needed.',
  },
  InvalidInputException: {
    cause: 'AWS does not accept a value of the form.',
    next: 'Correct it, then send the form again.',
  },
  InvalidResponsibilityTransferTransitionException: {
    cause: 'A transfer of this status cannot be ended.',
    next: 'Only an accepted transfer can be. Cancel its invitation if it is not answered.',
  },
  MalformedPolicyDocumentException: {
    cause: 'The document is not valid for this type of policy.',
    next: 'Correct the lines that the editor marks, then save again.',
  },
  MasterCannotLeaveOrganizationException: {
    cause: 'The management account cannot leave its organization.',
    next: 'Only deleting the organization ends its membership.',
  },
  OrganizationNotEmptyException: {
    cause: 'The organization still has accounts, units or policies.',
    next: 'Remove them first.',
  },
  OrganizationalUnitNotEmptyException: {
    cause: 'The unit still has accounts or units.',
    next: 'Move its accounts and delete its units first.',
  },
  OrganizationalUnitNotFoundException: { cause: 'The unit does not exist.', next: REFRESHED },
  ParentNotFoundException: { cause: 'The root or unit does not exist.', next: REFRESHED },
  PolicyChangesInProgressException: {
    cause: 'AWS is still applying another change of policies.',
    next: LATER,
  },
  PolicyInUseException: {
    cause: 'The policy is still attached to something.',
    next: 'Detach it everywhere first. The list of its targets says where.',
  },
  PolicyNotAttachedException: {
    cause: 'The policy is not attached there.',
    next: 'There is nothing left to do.',
  },
  PolicyNotFoundException: { cause: 'The policy does not exist.', next: REFRESHED },
  PolicyTypeAlreadyEnabledException: {
    cause: 'This type of policy is enabled already.',
    next: 'There is nothing left to do.',
  },
  PolicyTypeNotAvailableForOrganizationException: {
    cause: 'This organization cannot use this type of policy.',
    next: 'It needs all features. Enable them first.',
  },
  PolicyTypeNotEnabledException: {
    cause: 'This type of policy is not enabled in the root.',
    next: 'Enable the type first.',
  },
  ResourcePolicyNotFoundException: {
    cause: 'The organization has no resource policy.',
    next: 'There is nothing left to do.',
  },
  ResponsibilityTransferAlreadyInStatusException: {
    cause: 'The transfer has this status already.',
    next: 'There is nothing left to do.',
  },
  ResponsibilityTransferNotFoundException: {
    cause: 'The transfer does not exist, or AWS does not show it to this principal.',
    next: REFRESHED,
  },
  RootNotFoundException: { cause: 'The organization has no such root.', next: REFRESHED },
  ServiceException: { cause: 'AWS had an internal error.', next: LATER },
  SourceParentNotFoundException: {
    cause: 'The account is no longer in the unit that it was to be moved from.',
    next: 'It was moved meanwhile. Open the form again.',
  },
  TargetNotFoundException: { cause: 'The account, unit or root does not exist.', next: REFRESHED },
  TooManyRequestsException: { cause: 'AWS gets too many requests from this account.', next: LATER },
  UnsupportedAPIEndpointException: {
    cause: 'AWS does not offer this in the region of the principal.',
    next: 'Ask the operator of this gateway to change the region of the principal.',
  },
};

/** What the reader can do about some reasons; the others take the next step of their exception. */
const nextOfReason: Readonly<Record<string, string>> = {
  ALREADY_IN_AN_ORGANIZATION: 'The account has to leave that organization before it can accept another invitation.',
  RESPONSIBILITY_TRANSFER_ALREADY_EXISTS: 'Look for it among the transfers. End it, or wait until it has ended.',
  SOURCE_AND_TARGET_CANNOT_MATCH: 'Invite another account than your own.',
  END_DATE_TOO_EARLY: 'A month has begun meanwhile. Choose one of the dates again.',
  END_DATE_TOO_LATE: 'Choose one of the dates that the form offers.',
  START_DATE_TOO_EARLY: 'A month has begun meanwhile. Choose one of the dates again.',
  START_DATE_TOO_LATE: 'Choose one of the dates that the form offers.',
  HANDSHAKE_RATE_LIMIT_EXCEEDED: 'Try again tomorrow, or ask AWS Support for a higher limit.',
  ORGANIZATION_MEMBERSHIP_CHANGE_RATE_LIMIT_EXCEEDED: 'Try again tomorrow.',
  CLOSE_ACCOUNT_QUOTA_EXCEEDED: 'Try again when the oldest of these closings is 30 days old.',
  WAIT_PERIOD_ACTIVE: 'Try again when the account is older.',
};

/** Codes of the gateway that a form can meet. */
const gatewayCodes: Readonly<Record<string, Sentence>> = {
  UNAUTHENTICATED: { cause: 'The session has expired.', next: 'Sign in again. The form stays as it is.' },
  FORBIDDEN: {
    cause: 'You lack a scope for this.',
    next: 'The operator of this gateway can grant it.',
  },
  RATE_LIMIT_EXCEEDED: { cause: 'You have sent too many requests.', next: LATER },
  CONCURRENCY_LIMIT_EXCEEDED: { cause: 'Too many of your requests are still running.', next: LATER },
  OVERLOADED: { cause: 'The gateway has too much to do.', next: LATER },
  GOING_AWAY: { cause: 'The gateway is being restarted.', next: LATER },
  UPSTREAM_CREDENTIALS: {
    cause: 'AWS does not accept the credentials of the principal.',
    next: 'The operator of this gateway has to renew them.',
  },
};

const UNKNOWN: Sentence = {
  cause: 'The answer was lost, so AWS may have carried it out.',
  next: 'Look whether the change has arrived before you send it again.',
};

/** The error of an action in plain words. AWS's own message stands for what is not known here. */
export function sentenceOf({ code, reason, message, isUnknown }: ActionError): Sentence {
  if (isUnknown) return UNKNOWN;
  const known = exceptions[code] ?? gatewayCodes[code];
  if (known === undefined) return { cause: message, next: 'Correct the cause, then send the form again.' };
  const cause = reason === undefined ? undefined : reasonSentences[reason];
  // AWS's message names the value that a general rule does not.
  if (cause === undefined) return reason === undefined ? known : { cause: message, next: known.next };
  return { cause, next: nextOfReason[reason ?? ''] ?? known.next };
}
