/** Declared exceptions that the simulator never returns: `<operation> <exception>`, with the reason. */
export const notProvoked: Readonly<Record<string, string>> = {
  'DeleteOrganization InvalidInputException': 'it has no input',
  'EnableAllFeatures InvalidInputException': 'it has no input',
  'LeaveOrganization InvalidInputException': 'it has no input',
  'LeaveOrganization AccountNotFoundException': 'an account in no organization gets AWSOrganizationsNotInUseException',
  'UntagResource ConstraintViolationException': 'AWS names no limit that taking tags away could break',
};

/** Reasons that the simulator returns only by failure rules, with the explanation. */
export const reasonsNotProvoked: Readonly<Record<string, string>> = {
  'ConstraintViolationException HANDSHAKE_RATE_LIMIT_EXCEEDED': 'answered as HandshakeConstraintViolationException',
  'ConstraintViolationException ACCOUNT_CANNOT_LEAVE_ORGANIZATION':
    'answered as MasterCannotLeaveOrganizationException',
  'ConstraintViolationException MASTER_ACCOUNT_ADDRESS_DOES_NOT_MATCH_MARKETPLACE': 'accounts have no postal address',
  'ConstraintViolationException EMAIL_VERIFICATION_CODE_EXPIRED': 'no operation takes such a code',
  'ConstraintViolationException INVALID_PAYMENT_INSTRUMENT': 'payment methods have no issuer',
  'ConstraintViolationException TRANSFER_RESPONSIBILITY_TARGET_DELETION_IN_PROGRESS':
    'an organization with an open transfer cannot be deleted',
  'ConstraintViolationException TRANSFER_RESPONSIBILITY_SOURCE_DELETION_IN_PROGRESS':
    'an organization is deleted in one step',
  'ConstraintViolationException UNSUPPORTED_PRICING': 'there are no pricing contracts',
  'ConstraintViolationException UNMET_BILLING_PREREQUISITE': 'there are no billing settings',
  'HandshakeConstraintViolationException INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES':
    "AWS's user guide allows invitations during the process",
  'HandshakeConstraintViolationException MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED':
    'answered as AccountOwnerNotVerifiedException',
  'HandshakeConstraintViolationException UNUSED_PREPAYMENT_BALANCE': 'there are no bills',
  'HandshakeConstraintViolationException LEGACY_PERMISSIONS_STILL_IN_USE': 'there is no IAM',
  'HandshakeConstraintViolationException PAST_DUE_INVOICE': 'there are no bills',
  'HandshakeConstraintViolationException TARGET_ACCOUNT_VALIDATION_FAILURE': 'AWS does not say when it is answered',
  'InvalidInputException INVALID_SYNTAX_ORGANIZATION_ARN': 'no operation takes such an ARN',
  'InvalidInputException INVALID_FULL_NAME_TARGET': 'AWS does not say where it is answered instead of INVALID_PATTERN',
  'InvalidInputException CALLER_REQUIRED_FIELD_MISSING': 'AWS does not say when it is answered',
  'InvalidInputException UNSUPPORTED_ACTION_IN_RESPONSIBILITY_TRANSFER': 'AWS does not say when it is answered',
};
