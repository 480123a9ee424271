import type { aws } from '../upstream/index.ts';

// What AWS's reason codes mean, in our own words. A reason that a newer SDK adds makes the compiler name it here.

type Descriptions<R extends string> = Record<R, { description: string }>;

export const accessDeniedForDependencyReasons = {
  ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE: {
    description:
      'The principal may not create the service-linked role that the operation needs (iam:CreateServiceLinkedRole).',
  },
} satisfies Descriptions<aws.AccessDeniedForDependencyExceptionReason>;

export const constraintViolationReasons = {
  ACCOUNT_NUMBER_LIMIT_EXCEEDED: {
    description:
      'The organization would have more accounts, open invitations and closed accounts included, than its quota allows.',
  },
  HANDSHAKE_RATE_LIMIT_EXCEEDED: { description: 'Too many handshakes were sent within a day.' },
  OU_NUMBER_LIMIT_EXCEEDED: { description: 'The organization has as many organizational units as it may.' },
  OU_DEPTH_LIMIT_EXCEEDED: {
    description: 'The tree would become too deep: five levels of organizational units are allowed.',
  },
  POLICY_NUMBER_LIMIT_EXCEEDED: { description: 'The organization has as many policies of the type as it may.' },
  POLICY_CONTENT_LIMIT_EXCEEDED: { description: 'The text of the policy is longer than its type allows.' },
  MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED: {
    description: 'The target has as many policies of the type attached as it may.',
  },
  MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED: {
    description: 'The target would have fewer policies of the type than it must.',
  },
  ACCOUNT_CANNOT_LEAVE_ORGANIZATION: {
    description: 'The management account cannot leave; delete the organization instead.',
  },
  ACCOUNT_CANNOT_LEAVE_WITHOUT_EULA: {
    description: 'The account has to accept the customer agreement before it can stand alone.',
  },
  ACCOUNT_CANNOT_LEAVE_WITHOUT_PHONE_VERIFICATION: {
    description: 'The account has to verify a phone number before it can stand alone.',
  },
  MASTER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED: { description: 'The management account needs a valid means of payment.' },
  MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED: { description: 'The member account needs a valid means of payment.' },
  ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED: { description: 'Too many accounts are being created at the same time.' },
  MASTER_ACCOUNT_ADDRESS_DOES_NOT_MATCH_MARKETPLACE: {
    description: "The management account's address belongs to another marketplace than the account.",
  },
  MASTER_ACCOUNT_MISSING_CONTACT_INFO: {
    description: 'The management account needs a contact address and a phone number.',
  },
  MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED: {
    description: 'The management account has no associated account in AWS GovCloud (US).',
  },
  ORGANIZATION_NOT_IN_ALL_FEATURES_MODE: {
    description: 'The organization has only consolidated billing; enable all features first.',
  },
  CREATE_ORGANIZATION_IN_BILLING_MODE_UNSUPPORTED_REGION: {
    description: 'In this region an organization has to have all features.',
  },
  EMAIL_VERIFICATION_CODE_EXPIRED: {
    description: 'The code that verifies the e-mail address has expired; ask for a new one.',
  },
  WAIT_PERIOD_ACTIVE: { description: 'The account was created too recently to leave or be removed.' },
  MAX_TAG_LIMIT_EXCEEDED: { description: 'The resource would have more tags than it may.' },
  TAG_POLICY_VIOLATION: { description: 'The tags do not comply with the tag policy in force.' },
  MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED: {
    description: 'The service has as many delegated administrators as it may.',
  },
  CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR: {
    description: 'The management account cannot be a delegated administrator; only a member can.',
  },
  CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG: {
    description: 'The account is a delegated administrator; deregister it first.',
  },
  DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE: {
    description: 'The service has a delegated administrator already; deregister that one first.',
  },
  POLICY_TYPE_ENABLED_FOR_THIS_SERVICE: {
    description: "The service's policy type is enabled; disable that before its access.",
  },
  MASTER_ACCOUNT_MISSING_BUSINESS_LICENSE: {
    description: 'In the regions in China the management account needs a business license.',
  },
  CANNOT_CLOSE_MANAGEMENT_ACCOUNT: {
    description: 'The management account cannot be closed here; remove or close its members first.',
  },
  CLOSE_ACCOUNT_QUOTA_EXCEEDED: { description: 'As many accounts were closed within 30 days as may be.' },
  CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED: { description: 'Too many accounts are being closed at the same time.' },
  SERVICE_ACCESS_NOT_ENABLED: { description: "Enable the service's access to the organization first." },
  INVALID_PAYMENT_INSTRUMENT: { description: "The account's means of payment is not supported." },
  ACCOUNT_CREATION_NOT_COMPLETE: { description: 'The account is not fully set up yet.' },
  CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR: {
    description: 'A suspended account cannot be a delegated administrator.',
  },
  ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED: {
    description: 'With more than 5,000 accounts, all features are enabled by the assisted migration only.',
  },
  RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION: {
    description: 'The chain of transfers would become longer than allowed.',
  },
  RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION: {
    description: 'The inviting organization has as many inbound transfers and open invitations as its quota allows.',
  },
  RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION: {
    description: 'The accepting organization has as many outbound transfers as its quota allows.',
  },
  RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION: {
    description: 'The chain would have more inbound transfers in all than allowed.',
  },
  ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS: {
    description: 'A transfer, or an invitation to one, is still going on; end that before deleting the organization.',
  },
  TRANSFER_RESPONSIBILITY_TARGET_DELETION_IN_PROGRESS: {
    description: 'The organization that would take over is being deleted.',
  },
  TRANSFER_RESPONSIBILITY_SOURCE_DELETION_IN_PROGRESS: {
    description: 'The organization that would hand over is being deleted.',
  },
  UNSUPPORTED_PRICING: { description: "One side's pricing contract does not allow the transfer." },
  UNMET_BILLING_PREREQUISITE: { description: 'A billing prerequisite of the transfer is not met.' },
  ACCOUNT_NOT_ACTIVE_FOR_TRANSFER_RESPONSIBILITY: {
    description: 'A management account is not active, so that it can neither invite nor accept.',
  },
  TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED: {
    description: 'A transfer that is withdrawn, declined, canceled or expired cannot be changed.',
  },
} satisfies Descriptions<aws.ConstraintViolationExceptionReason>;

export const handshakeConstraintViolationReasons = {
  ACCOUNT_NUMBER_LIMIT_EXCEEDED: { description: 'The organization would have more accounts than its quota allows.' },
  HANDSHAKE_RATE_LIMIT_EXCEEDED: { description: 'Too many handshakes were sent within a day.' },
  ALREADY_IN_AN_ORGANIZATION: { description: 'The invited account is a member of an organization.' },
  ORGANIZATION_ALREADY_HAS_ALL_FEATURES: { description: 'All features are enabled already.' },
  ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION: { description: 'Enabling all features is going on already.' },
  INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES: {
    description: 'No invitations can be sent while all features are being enabled.',
  },
  PAYMENT_INSTRUMENT_REQUIRED: { description: 'The account has no means of payment.' },
  ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD: {
    description: 'The account belongs to another marketplace than the organization.',
  },
  ORGANIZATION_MEMBERSHIP_CHANGE_RATE_LIMIT_EXCEEDED: { description: "The account's membership changed too recently." },
  MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED: { description: "The management account's e-mail address is not verified." },
  RESPONSIBILITY_TRANSFER_ALREADY_EXISTS: {
    description: 'The organization has a transfer that does not allow this one.',
  },
  SOURCE_AND_TARGET_CANNOT_MATCH: { description: 'The same account would be on both sides of the transfer.' },
  UNUSED_PREPAYMENT_BALANCE: { description: 'The organization has a prepaid balance left.' },
  LEGACY_PERMISSIONS_STILL_IN_USE: { description: 'The organization still uses the old IAM actions for billing.' },
  PAST_DUE_INVOICE: { description: 'An invoice is overdue.' },
  TARGET_ACCOUNT_VALIDATION_FAILURE: { description: 'The invited account could not be validated.' },
} satisfies Descriptions<aws.HandshakeConstraintViolationExceptionReason>;

export const invalidInputReasons = {
  INVALID_PARTY_TYPE_TARGET: { description: 'The target is of a type that cannot be invited.' },
  INVALID_SYNTAX_ORGANIZATION_ARN: { description: 'An organization ARN is malformed.' },
  INVALID_SYNTAX_POLICY_ID: { description: 'A policy id is malformed.' },
  INVALID_ENUM: { description: 'A value is not among the allowed ones.' },
  INVALID_ENUM_POLICY_TYPE: { description: 'The policy type does not exist.' },
  INVALID_LIST_MEMBER: { description: 'A list has a value that is not allowed.' },
  MAX_LENGTH_EXCEEDED: { description: 'A text is too long.' },
  MAX_VALUE_EXCEEDED: { description: 'A number is too large.' },
  MIN_LENGTH_EXCEEDED: { description: 'A text is too short.' },
  MIN_VALUE_EXCEEDED: { description: 'A number is too small.' },
  IMMUTABLE_POLICY: { description: 'The policy is made by AWS and cannot be changed.' },
  INVALID_PATTERN: { description: 'A text does not match its pattern.' },
  INVALID_PATTERN_TARGET_ID: { description: 'The id of a policy target is malformed.' },
  INPUT_REQUIRED: { description: 'A required value is missing.' },
  INVALID_NEXT_TOKEN: { description: 'The page token is not of this list, or has expired.' },
  MAX_LIMIT_EXCEEDED_FILTER: { description: 'Only one filter can be given.' },
  MOVING_ACCOUNT_BETWEEN_DIFFERENT_ROOTS: { description: 'An account can be moved within its own root only.' },
  INVALID_FULL_NAME_TARGET: { description: 'A full name has characters that are not allowed.' },
  UNRECOGNIZED_SERVICE_PRINCIPAL: { description: 'The service principal does not exist.' },
  INVALID_ROLE_NAME: { description: 'The role name is not allowed; it cannot begin with AWSServiceRoleFor.' },
  INVALID_SYSTEM_TAGS_PARAMETER: { description: 'Tag keys that begin with aws: are reserved.' },
  DUPLICATE_TAG_KEY: { description: 'A tag key occurs twice.' },
  TARGET_NOT_SUPPORTED: { description: 'The operation is not possible on this target.' },
  INVALID_EMAIL_ADDRESS_TARGET: { description: 'The e-mail address of the invited account is not valid.' },
  INVALID_RESOURCE_POLICY_JSON: { description: 'The resource policy is not valid JSON of a policy.' },
  INVALID_PRINCIPAL: { description: 'A principal in the policy is not valid.' },
  UNSUPPORTED_ACTION_IN_RESOURCE_POLICY: {
    description: 'The resource policy names an action that cannot be delegated.',
  },
  UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY: {
    description: 'The resource policy names a policy type that cannot be delegated.',
  },
  UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY: {
    description: 'The resource policy names a resource that cannot be delegated.',
  },
  NON_DETACHABLE_POLICY: { description: 'The policy is attached by AWS and cannot be detached.' },
  CALLER_REQUIRED_FIELD_MISSING: {
    description: "The caller's account, management account or organization is not known.",
  },
  UNSUPPORTED_ACTION_IN_RESPONSIBILITY_TRANSFER: { description: 'A value is not supported for transfers.' },
  START_DATE_NOT_BEGINNING_OF_MONTH: { description: 'A transfer starts on the first day of a month.' },
  START_DATE_NOT_BEGINNING_OF_DAY: { description: 'A transfer starts at 00:00:00.000 UTC.' },
  START_DATE_TOO_EARLY: { description: 'The start is too early: next month is the first that can be chosen.' },
  START_DATE_TOO_LATE: { description: 'The start is too late: the month after next is the last that can be chosen.' },
  INVALID_START_DATE: { description: 'The start does not meet the minimum requirements.' },
  END_DATE_NOT_END_OF_MONTH: { description: 'A transfer ends at the end of the last day of a month (23:59:59 UTC).' },
  END_DATE_TOO_EARLY: { description: 'The end is too early: the end of this month is the first that can be chosen.' },
  END_DATE_TOO_LATE: { description: 'The end is too late: the end of next month is the last that can be chosen.' },
  INVALID_END_DATE: { description: 'The end does not meet the terms of the partner agreement.' },
} satisfies Descriptions<aws.InvalidInputExceptionReason>;
