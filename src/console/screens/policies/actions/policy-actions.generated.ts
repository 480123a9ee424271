// Generated from the documents beside it by `npm run console:documents`. Do not edit.
import { TypedDocument } from '../../../data/typed-document.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** The input of attachPolicy. */
export type AttachPolicyInput = {
  /** The policy to attach. */
  policyId: string;
  /** The root, organizational unit or account to attach it to. */
  targetId: string;
};

/** A condition key of a request. A key that is not listed, and that does not follow from the request, is unknown. */
export type ConditionKeyInput = {
  /** The key, such as `aws:RequestedRegion`. Case is ignored. */
  key: string;
  /** Its value or values. Null: the request does not have the key. */
  values?: Array<string> | null | undefined;
};

/** What control policies decide about a request. */
export type ControlPolicyOutcome =
  /** No control policy stands in the way. They grant nothing: IAM policies do. */
  | 'ALLOWED'
  /** A statement denies, or a level has no statement that allows. */
  | 'DENIED'
  /** It depends on condition keys that are not given, or on parts that cannot be interpreted. */
  | 'DEPENDS';

/** The caller of a request. */
export type ControlPolicyPrincipalInput = {
  /** Its account, inside or outside of the organization. Default: the account of the decision. */
  accountId?: string | null | undefined;
  /** What it is. */
  kind?: ControlPolicyPrincipalKind;
};

/** The kinds of callers that control policies distinguish. */
export type ControlPolicyPrincipalKind =
  /** A caller without credentials. */
  | 'ANONYMOUS'
  /** An IAM role. */
  | 'ROLE'
  /** An account's root user. */
  | 'ROOT'
  /** An AWS service. */
  | 'SERVICE'
  /** A service-linked role, which control policies do not restrict. */
  | 'SERVICE_LINKED_ROLE'
  /** An IAM user. */
  | 'USER';

/** A request to AWS that control policies may deny. */
export type ControlPolicyRequestInput = {
  /** `service:Name`, such as `s3:PutObject`, without wildcards. */
  action: string;
  /** Condition keys of the request. Keys that follow from its accounts are added: `aws:PrincipalAccount`, `aws:PrincipalOrgID`, `aws:PrincipalOrgPaths`, `aws:PrincipalIsAWSService`, `aws:ResourceAccount`, `aws:ResourceOrgID`, `aws:ResourceOrgPaths` and, for a root user, `aws:PrincipalArn`. */
  context?: Array<ConditionKeyInput> | null | undefined;
  /** The caller. Default: a role of the account. */
  principal?: ControlPolicyPrincipalInput | null | undefined;
  /** The ARN of the resource. Without one, only statements on all resources (`*`) match. */
  resource?: string | null | undefined;
};

/** The input of createPolicy. */
export type CreatePolicyInput = {
  /** Its text: JSON in the syntax of its type. */
  content: string;
  /** The description: up to 512 characters; may be empty. */
  description: string;
  /** 1 to 128 characters, unique among policies of its type. */
  name: string;
  /** Tags for the new policy. */
  tags?: Array<TagInput> | null | undefined;
  /** The policy type. It must be available in the organization. */
  type: PolicyType;
};

/** The input of deletePolicy. */
export type DeletePolicyInput = {
  /** The policy to delete. */
  policyId: string;
};

/** The input of detachPolicy. */
export type DetachPolicyInput = {
  /** The policy to detach. */
  policyId: string;
  /** The root, organizational unit or account to detach it from. */
  targetId: string;
};

/** Whether AWS rejects a policy for something. */
export type DiagnosticSeverity =
  /** AWS rejects the text. */
  | 'ERROR'
  /** AWS accepts it, and it is likely a mistake. */
  | 'WARNING';

/** The input of disablePolicyType. */
export type DisablePolicyTypeInput = {
  /** The type to disable. */
  policyType: PolicyType;
  /** The root to disable it in. */
  rootId: string;
};

/** The input of enablePolicyType. */
export type EnablePolicyTypeInput = {
  /** The type to enable. */
  policyType: PolicyType;
  /** The root to enable it in. */
  rootId: string;
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

/** A tag to attach. */
export type TagInput = {
  /** 1 to 128 letters, digits, spaces or any of _.:/=+-@ */
  key: string;
  /** Up to 256 letters, digits, spaces or any of _.:/=+-@ */
  value: string;
};

/** The input of updatePolicy. */
export type UpdatePolicyInput = {
  /** New text: JSON in the syntax of its type. */
  content?: string | null | undefined;
  /** New description, up to 512 characters. */
  description?: string | null | undefined;
  /** New name, 1 to 128 characters. */
  name?: string | null | undefined;
  /** The policy to change. Policies made by AWS cannot be. */
  policyId: string;
};

export type CreatePolicyMutationVariables = Exact<{
  input: CreatePolicyInput;
}>;

export type CreatePolicyMutation = { createPolicy:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'CreatePolicyPayload', policy: { id: string } | null }
    | { __typename: 'DuplicatePolicyException', code: string, message: string, requestId: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'MalformedPolicyDocumentException', code: string, message: string, requestId: string | null }
    | { __typename: 'PolicyTypeNotAvailableForOrganizationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
    | { __typename: 'UnsupportedAPIEndpointException', code: string, message: string, requestId: string | null }
   | null };

export type UpdatePolicyMutationVariables = Exact<{
  input: UpdatePolicyInput;
}>;

export type UpdatePolicyMutation = { updatePolicy:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'DuplicatePolicyException', code: string, message: string, requestId: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'MalformedPolicyDocumentException', code: string, message: string, requestId: string | null }
    | { __typename: 'PolicyChangesInProgressException', code: string, message: string, requestId: string | null }
    | { __typename: 'PolicyNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
    | { __typename: 'UnsupportedAPIEndpointException', code: string, message: string, requestId: string | null }
    | { __typename: 'UpdatePolicyPayload', policy: { id: string } | null }
   | null };

export type AttachPolicyMutationVariables = Exact<{
  input: AttachPolicyInput;
}>;

export type AttachPolicyMutation = { attachPolicy:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'AttachPolicyPayload' }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'DuplicatePolicyAttachmentException', code: string, message: string, requestId: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'PolicyChangesInProgressException', code: string, message: string, requestId: string | null }
    | { __typename: 'PolicyNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'PolicyTypeNotEnabledException', code: string, message: string, requestId: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TargetNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
    | { __typename: 'UnsupportedAPIEndpointException', code: string, message: string, requestId: string | null }
   | null };

export type DetachPolicyMutationVariables = Exact<{
  input: DetachPolicyInput;
}>;

export type DetachPolicyMutation = { detachPolicy:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'DetachPolicyPayload' }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'PolicyChangesInProgressException', code: string, message: string, requestId: string | null }
    | { __typename: 'PolicyNotAttachedException', code: string, message: string, requestId: string | null }
    | { __typename: 'PolicyNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TargetNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
    | { __typename: 'UnsupportedAPIEndpointException', code: string, message: string, requestId: string | null }
   | null };

export type DeletePolicyMutationVariables = Exact<{
  input: DeletePolicyInput;
}>;

export type DeletePolicyMutation = { deletePolicy:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'DeletePolicyPayload' }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'PolicyInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'PolicyNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
    | { __typename: 'UnsupportedAPIEndpointException', code: string, message: string, requestId: string | null }
   | null };

export type EnablePolicyTypeMutationVariables = Exact<{
  input: EnablePolicyTypeInput;
}>;

export type EnablePolicyTypeMutation = { enablePolicyType:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'EnablePolicyTypePayload' }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'PolicyChangesInProgressException', code: string, message: string, requestId: string | null }
    | { __typename: 'PolicyTypeAlreadyEnabledException', code: string, message: string, requestId: string | null }
    | { __typename: 'PolicyTypeNotAvailableForOrganizationException', code: string, message: string, requestId: string | null }
    | { __typename: 'RootNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
    | { __typename: 'UnsupportedAPIEndpointException', code: string, message: string, requestId: string | null }
   | null };

export type DisablePolicyTypeMutationVariables = Exact<{
  input: DisablePolicyTypeInput;
}>;

export type DisablePolicyTypeMutation = { disablePolicyType:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'DisablePolicyTypePayload' }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'PolicyChangesInProgressException', code: string, message: string, requestId: string | null }
    | { __typename: 'PolicyTypeNotEnabledException', code: string, message: string, requestId: string | null }
    | { __typename: 'RootNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
    | { __typename: 'UnsupportedAPIEndpointException', code: string, message: string, requestId: string | null }
   | null };

export type PreviewPolicyChangeQueryVariables = Exact<{
  changes: Array<PolicyChangeInput> | PolicyChangeInput;
  decisions?: Array<ControlPolicyRequestInput> | ControlPolicyRequestInput | null | undefined;
}>;

export type PreviewPolicyChangeQuery = { organization: { id: string, policyPreview: { accounts: { totalCount: number, nodes: Array<{ account: { id: string, name: string | null }, decisions: Array<{ action: string, before: { decision: ControlPolicyOutcome }, after: { decision: ControlPolicyOutcome } }>, gained: Array<{ policy: { id: string } }>, lost: Array<{ policy: { id: string } }> }> } } } | null };

export type PolicyDiagnosticsQueryVariables = Exact<{
  type: PolicyType;
  content: string;
}>;

export type PolicyDiagnosticsQuery = { policyDiagnostics: Array<{ code: string, message: string, severity: DiagnosticSeverity, line: number | null, column: number | null, path: string | null }> };

export const CreatePolicyDocument = new TypedDocument<CreatePolicyMutation, CreatePolicyMutationVariables>(`mutation CreatePolicy($input: CreatePolicyInput!) {
  createPolicy(input: $input) {
    __typename
    ... on CreatePolicyPayload {
      policy {
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
export const UpdatePolicyDocument = new TypedDocument<UpdatePolicyMutation, UpdatePolicyMutationVariables>(`mutation UpdatePolicy($input: UpdatePolicyInput!) {
  updatePolicy(input: $input) {
    __typename
    ... on UpdatePolicyPayload {
      policy {
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
export const AttachPolicyDocument = new TypedDocument<AttachPolicyMutation, AttachPolicyMutationVariables>(`mutation AttachPolicy($input: AttachPolicyInput!) {
  attachPolicy(input: $input) {
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
export const DetachPolicyDocument = new TypedDocument<DetachPolicyMutation, DetachPolicyMutationVariables>(`mutation DetachPolicy($input: DetachPolicyInput!) {
  detachPolicy(input: $input) {
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
export const DeletePolicyDocument = new TypedDocument<DeletePolicyMutation, DeletePolicyMutationVariables>(`mutation DeletePolicy($input: DeletePolicyInput!) {
  deletePolicy(input: $input) {
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
export const EnablePolicyTypeDocument = new TypedDocument<EnablePolicyTypeMutation, EnablePolicyTypeMutationVariables>(`mutation EnablePolicyType($input: EnablePolicyTypeInput!) {
  enablePolicyType(input: $input) {
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
export const DisablePolicyTypeDocument = new TypedDocument<DisablePolicyTypeMutation, DisablePolicyTypeMutationVariables>(`mutation DisablePolicyType($input: DisablePolicyTypeInput!) {
  disablePolicyType(input: $input) {
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
export const PreviewPolicyChangeDocument = new TypedDocument<PreviewPolicyChangeQuery, PreviewPolicyChangeQueryVariables>(`query PreviewPolicyChange($changes: [PolicyChangeInput!]!, $decisions: [ControlPolicyRequestInput!]) {
  organization {
    id
    policyPreview(changes: $changes, decisions: $decisions) {
      accounts(first: 100) {
        totalCount
        nodes {
          account {
            id
            name
          }
          decisions {
            action
            before {
              decision
            }
            after {
              decision
            }
          }
          gained {
            policy {
              id
            }
          }
          lost {
            policy {
              id
            }
          }
        }
      }
    }
  }
}`);
export const PolicyDiagnosticsDocument = new TypedDocument<PolicyDiagnosticsQuery, PolicyDiagnosticsQueryVariables>(`query PolicyDiagnostics($type: PolicyType!, $content: String!) {
  policyDiagnostics(type: $type, content: $content) {
    code
    message
    severity
    line
    column
    path
  }
}`);
