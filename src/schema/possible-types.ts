// Written by `npm run schema`. Do not edit.

/**
 * The object types of each interface and union of the graph. Apollo Client's `InMemoryCache` and urql's `cacheExchange`
 * have the option `possibleTypes` for it; without it, a cache cannot match a fragment such as `... on Error`.
 */
// biome-ignore format: one name on each line would be many hundred lines.
export const possibleTypes: Record<string, string[]> = {
  AcceptHandshakeResult: [
    'AWSOrganizationsNotInUseException', 'AcceptHandshakePayload', 'AccessDeniedException',
    'AccessDeniedForDependencyException', 'ConcurrentModificationException', 'ConstraintViolationException',
    'HandshakeAlreadyInStateException', 'HandshakeConstraintViolationException', 'HandshakeNotFoundException',
    'InvalidHandshakeTransitionException', 'InvalidInputException', 'MasterCannotLeaveOrganizationException',
    'ServiceException', 'TooManyRequestsException',
  ],
  AttachPolicyResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'AttachPolicyPayload',
    'ConcurrentModificationException', 'ConstraintViolationException', 'DuplicatePolicyAttachmentException',
    'InvalidInputException', 'PolicyChangesInProgressException', 'PolicyNotFoundException',
    'PolicyTypeNotEnabledException', 'ServiceException', 'TargetNotFoundException', 'TooManyRequestsException',
    'UnsupportedAPIEndpointException',
  ],
  CancelHandshakeResult: [
    'AccessDeniedException', 'CancelHandshakePayload', 'ConcurrentModificationException',
    'HandshakeAlreadyInStateException', 'HandshakeNotFoundException', 'InvalidHandshakeTransitionException',
    'InvalidInputException', 'ServiceException', 'TooManyRequestsException',
  ],
  CloseAccountResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'AccountAlreadyClosedException',
    'AccountNotFoundException', 'CloseAccountPayload', 'ConcurrentModificationException', 'ConflictException',
    'ConstraintViolationException', 'InvalidInputException', 'ServiceException', 'TooManyRequestsException',
    'UnsupportedAPIEndpointException',
  ],
  CreateAccountResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'CreateAccountPayload', 'FinalizingOrganizationException', 'InvalidInputException',
    'ServiceException', 'TooManyRequestsException', 'UnsupportedAPIEndpointException',
  ],
  CreateGovCloudAccountResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'CreateGovCloudAccountPayload', 'FinalizingOrganizationException',
    'InvalidInputException', 'ServiceException', 'TooManyRequestsException', 'UnsupportedAPIEndpointException',
  ],
  CreateOrganizationResult: [
    'AccessDeniedException', 'AccessDeniedForDependencyException', 'AlreadyInOrganizationException',
    'ConcurrentModificationException', 'ConstraintViolationException', 'CreateOrganizationPayload',
    'InvalidInputException', 'ServiceException', 'TooManyRequestsException',
  ],
  CreateOrganizationalUnitResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'CreateOrganizationalUnitPayload', 'DuplicateOrganizationalUnitException',
    'InvalidInputException', 'ParentNotFoundException', 'ServiceException', 'TooManyRequestsException',
  ],
  CreatePolicyResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'CreatePolicyPayload', 'DuplicatePolicyException', 'InvalidInputException',
    'MalformedPolicyDocumentException', 'PolicyTypeNotAvailableForOrganizationException', 'ServiceException',
    'TooManyRequestsException', 'UnsupportedAPIEndpointException',
  ],
  DeclineHandshakeResult: [
    'AccessDeniedException', 'ConcurrentModificationException', 'DeclineHandshakePayload',
    'HandshakeAlreadyInStateException', 'HandshakeNotFoundException', 'InvalidHandshakeTransitionException',
    'InvalidInputException', 'ServiceException', 'TooManyRequestsException',
  ],
  DeleteOrganizationResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'DeleteOrganizationPayload', 'InvalidInputException',
    'OrganizationNotEmptyException', 'ServiceException', 'TooManyRequestsException',
  ],
  DeleteOrganizationalUnitResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'DeleteOrganizationalUnitPayload', 'InvalidInputException', 'OrganizationalUnitNotEmptyException',
    'OrganizationalUnitNotFoundException', 'ServiceException', 'TooManyRequestsException',
  ],
  DeletePolicyResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'DeletePolicyPayload', 'InvalidInputException', 'PolicyInUseException', 'PolicyNotFoundException',
    'ServiceException', 'TooManyRequestsException', 'UnsupportedAPIEndpointException',
  ],
  DeleteResourcePolicyResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'DeleteResourcePolicyPayload', 'ResourcePolicyNotFoundException',
    'ServiceException', 'TooManyRequestsException', 'UnsupportedAPIEndpointException',
  ],
  DeregisterDelegatedAdministratorResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'AccountNotFoundException',
    'AccountNotRegisteredException', 'ConcurrentModificationException', 'ConstraintViolationException',
    'DeregisterDelegatedAdministratorPayload', 'InvalidInputException', 'ServiceException', 'TooManyRequestsException',
    'UnsupportedAPIEndpointException',
  ],
  DetachPolicyResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'DetachPolicyPayload', 'InvalidInputException', 'PolicyChangesInProgressException',
    'PolicyNotAttachedException', 'PolicyNotFoundException', 'ServiceException', 'TargetNotFoundException',
    'TooManyRequestsException', 'UnsupportedAPIEndpointException',
  ],
  DisableAWSServiceAccessResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'DisableAWSServiceAccessPayload', 'InvalidInputException', 'ServiceException',
    'TooManyRequestsException', 'UnsupportedAPIEndpointException',
  ],
  DisablePolicyTypeResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'DisablePolicyTypePayload', 'InvalidInputException',
    'PolicyChangesInProgressException', 'PolicyTypeNotEnabledException', 'RootNotFoundException', 'ServiceException',
    'TooManyRequestsException', 'UnsupportedAPIEndpointException',
  ],
  EnableAWSServiceAccessResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'EnableAWSServiceAccessPayload', 'InvalidInputException', 'ServiceException',
    'TooManyRequestsException', 'UnsupportedAPIEndpointException',
  ],
  EnableAllFeaturesResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'EnableAllFeaturesPayload', 'HandshakeConstraintViolationException',
    'InvalidInputException', 'ServiceException', 'TooManyRequestsException',
  ],
  EnablePolicyTypeResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'EnablePolicyTypePayload', 'InvalidInputException',
    'PolicyChangesInProgressException', 'PolicyTypeAlreadyEnabledException',
    'PolicyTypeNotAvailableForOrganizationException', 'RootNotFoundException', 'ServiceException',
    'TooManyRequestsException', 'UnsupportedAPIEndpointException',
  ],
  Error: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'AccessDeniedForDependencyException',
    'AccountAlreadyClosedException', 'AccountAlreadyRegisteredException', 'AccountNotFoundException',
    'AccountNotRegisteredException', 'AccountOwnerNotVerifiedException', 'AlreadyInOrganizationException',
    'ConcurrentModificationException', 'ConflictException', 'ConstraintViolationException',
    'DestinationParentNotFoundException', 'DuplicateAccountException', 'DuplicateHandshakeException',
    'DuplicateOrganizationalUnitException', 'DuplicatePolicyAttachmentException', 'DuplicatePolicyException',
    'FinalizingOrganizationException', 'HandshakeAlreadyInStateException', 'HandshakeConstraintViolationException',
    'HandshakeNotFoundException', 'InvalidHandshakeTransitionException', 'InvalidInputException',
    'InvalidResponsibilityTransferTransitionException', 'MalformedPolicyDocumentException',
    'MasterCannotLeaveOrganizationException', 'OrganizationNotEmptyException', 'OrganizationalUnitNotEmptyException',
    'OrganizationalUnitNotFoundException', 'ParentNotFoundException', 'PolicyChangesInProgressException',
    'PolicyInUseException', 'PolicyNotAttachedException', 'PolicyNotFoundException',
    'PolicyTypeAlreadyEnabledException', 'PolicyTypeNotAvailableForOrganizationException',
    'PolicyTypeNotEnabledException', 'ResourcePolicyNotFoundException',
    'ResponsibilityTransferAlreadyInStatusException', 'ResponsibilityTransferNotFoundException',
    'RootNotFoundException', 'ServiceException', 'SourceParentNotFoundException', 'TargetNotFoundException',
    'TooManyRequestsException', 'UnsupportedAPIEndpointException',
  ],
  History: [
    'Account', 'Handshake', 'OrganizationalUnit', 'Policy', 'ResponsibilityTransfer', 'Root',
  ],
  InviteAccountToOrganizationResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'AccountOwnerNotVerifiedException',
    'ConcurrentModificationException', 'ConstraintViolationException', 'DuplicateHandshakeException',
    'FinalizingOrganizationException', 'HandshakeConstraintViolationException', 'InvalidInputException',
    'InviteAccountToOrganizationPayload', 'ServiceException', 'TooManyRequestsException',
  ],
  InviteOrganizationToTransferResponsibilityResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'DuplicateHandshakeException', 'HandshakeConstraintViolationException',
    'InvalidInputException', 'InviteOrganizationToTransferResponsibilityPayload', 'ServiceException',
    'TooManyRequestsException', 'UnsupportedAPIEndpointException',
  ],
  LeaveOrganizationResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'AccountNotFoundException',
    'ConcurrentModificationException', 'ConstraintViolationException', 'InvalidInputException',
    'LeaveOrganizationPayload', 'MasterCannotLeaveOrganizationException', 'ServiceException',
    'TooManyRequestsException',
  ],
  MoveAccountResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'AccountNotFoundException',
    'ConcurrentModificationException', 'DestinationParentNotFoundException', 'DuplicateAccountException',
    'InvalidInputException', 'MoveAccountPayload', 'ServiceException', 'SourceParentNotFoundException',
    'TooManyRequestsException',
  ],
  Node: [
    'Account', 'CreateAccountStatus', 'Handshake', 'Organization', 'OrganizationalUnit', 'Policy', 'ResourcePolicy',
    'ResponsibilityTransfer', 'Root',
  ],
  Parent: [
    'OrganizationalUnit', 'Root',
  ],
  PolicyTarget: [
    'Account', 'OrganizationalUnit', 'Root',
  ],
  PutResourcePolicyResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'InvalidInputException', 'PutResourcePolicyPayload', 'ServiceException',
    'TooManyRequestsException', 'UnsupportedAPIEndpointException',
  ],
  RegisterDelegatedAdministratorResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'AccountAlreadyRegisteredException',
    'AccountNotFoundException', 'ConcurrentModificationException', 'ConstraintViolationException',
    'InvalidInputException', 'RegisterDelegatedAdministratorPayload', 'ServiceException', 'TooManyRequestsException',
    'UnsupportedAPIEndpointException',
  ],
  RemoveAccountFromOrganizationResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'AccountNotFoundException',
    'ConcurrentModificationException', 'ConstraintViolationException', 'InvalidInputException',
    'MasterCannotLeaveOrganizationException', 'RemoveAccountFromOrganizationPayload', 'ServiceException',
    'TooManyRequestsException',
  ],
  TagResourceResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'InvalidInputException', 'ServiceException', 'TagResourcePayload',
    'TargetNotFoundException', 'TooManyRequestsException',
  ],
  Taggable: [
    'Account', 'OrganizationalUnit', 'Policy', 'ResourcePolicy', 'ResponsibilityTransfer', 'Root',
  ],
  TerminateResponsibilityTransferResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'InvalidInputException', 'InvalidResponsibilityTransferTransitionException',
    'ResponsibilityTransferAlreadyInStatusException', 'ResponsibilityTransferNotFoundException', 'ServiceException',
    'TerminateResponsibilityTransferPayload', 'TooManyRequestsException', 'UnsupportedAPIEndpointException',
  ],
  UntagResourceResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'InvalidInputException', 'ServiceException', 'TargetNotFoundException',
    'TooManyRequestsException', 'UntagResourcePayload',
  ],
  UpdateOrganizationalUnitResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'DuplicateOrganizationalUnitException', 'InvalidInputException', 'OrganizationalUnitNotFoundException',
    'ServiceException', 'TooManyRequestsException', 'UpdateOrganizationalUnitPayload',
  ],
  UpdatePolicyResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConcurrentModificationException',
    'ConstraintViolationException', 'DuplicatePolicyException', 'InvalidInputException',
    'MalformedPolicyDocumentException', 'PolicyChangesInProgressException', 'PolicyNotFoundException',
    'ServiceException', 'TooManyRequestsException', 'UnsupportedAPIEndpointException', 'UpdatePolicyPayload',
  ],
  UpdateResponsibilityTransferResult: [
    'AWSOrganizationsNotInUseException', 'AccessDeniedException', 'ConstraintViolationException',
    'InvalidInputException', 'ResponsibilityTransferNotFoundException', 'ServiceException', 'TooManyRequestsException',
    'UnsupportedAPIEndpointException', 'UpdateResponsibilityTransferPayload',
  ],
};

export default possibleTypes;
