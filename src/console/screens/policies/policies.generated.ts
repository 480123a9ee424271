// Generated from the documents beside it by `npm run console:documents`. Do not edit.
import { TypedDocument } from '../../data/typed-document.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** Whether the control policies of a type restrict a request, and why not. */
export type ControlPolicyBinding =
  /** Service control policies do not restrict callers without credentials. */
  | 'ANONYMOUS'
  /** Resource control policies do not restrict AWS managed KMS keys. */
  | 'AWS_MANAGED_KEY'
  /** They restrict it. */
  | 'BOUND'
  /** Control policies never restrict the management account. */
  | 'MANAGEMENT_ACCOUNT'
  /** The account is not in the organization. */
  | 'OUTSIDE_ORGANIZATION'
  /** Control policies do not restrict service-linked roles. */
  | 'SERVICE_LINKED_ROLE'
  /** Service control policies do not restrict AWS services. */
  | 'SERVICE_PRINCIPAL'
  /** The policy type is not enabled. */
  | 'TYPE_NOT_ENABLED'
  /** Resource control policies do not restrict this action. */
  | 'UNSUPPORTED_ACTION'
  /** The service does not support resource control policies. */
  | 'UNSUPPORTED_SERVICE';

/** What control policies decide about a request. */
export type ControlPolicyOutcome =
  /** No control policy stands in the way. They grant nothing: IAM policies do. */
  | 'ALLOWED'
  /** A statement denies, or a level has no statement that allows. */
  | 'DENIED'
  /** It depends on condition keys that are not given, or on parts that cannot be interpreted. */
  | 'DEPENDS';

/** Why control policies deny a request. */
export type ControlPolicyReasonCode =
  /** A Deny statement matches. */
  | 'EXPLICIT_DENY'
  /** No Allow statement of a service control policy at the level matches. */
  | 'NO_ALLOW';

/** A policy type that is merged along the tree into one effective policy per account. */
export type EffectivePolicyType =
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
  /** Settings of Amazon S3, such as Block Public Access. */
  | 'S3_POLICY'
  /** Where and how Security Hub CSPM is enabled. */
  | 'SECURITYHUB_CSPM_POLICY'
  /** Where Security Hub is enabled. */
  | 'SECURITYHUB_POLICY'
  /** Standard tag keys and values. */
  | 'TAG_POLICY'
  /** A value that is newer than this release of orgql; the field whose name ends with `Raw` has it. Not accepted as input. */
  | 'UNKNOWN'
  /** The order of automatic upgrades. */
  | 'UPGRADE_ROLLOUT_POLICY';

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

/** Whether a statement matches a request. */
export type StatementMatch =
  /** It depends on unknown condition keys, or cannot be interpreted. */
  | 'DEPENDS'
  /** It matches. */
  | 'MATCHES'
  /** It does not match. */
  | 'NO_MATCH';

export type PolicyContentQueryVariables = Exact<{
  id: string;
}>;

export type PolicyContentQuery = { policy: { id: string, arn: string | null, content: string | null } | null };

export type ControlPolicyDecisionQueryVariables = Exact<{
  accountId: string;
  action: string;
}>;

export type ControlPolicyDecisionQuery = { account: { id: string, controlPolicyDecision: { decision: ControlPolicyOutcome, serviceControlPolicies: ControlPolicyBinding, resourceControlPolicies: ControlPolicyBinding, missingContextKeys: Array<string>, because: { reason: ControlPolicyReasonCode, statementIndex: number | null, policy: { id: string, name: string | null } | null, target:
          | { id: string, name: string | null }
          | { id: string, name: string | null }
          | { id: string, name: string | null }
         } | null, levels: Array<{ type: PolicyType, outcome: ControlPolicyOutcome, target:
          | { id: string, name: string | null }
          | { id: string, name: string | null }
          | { id: string, name: string | null }
        , statements: Array<{ statementIndex: number, effect: string, match: StatementMatch, policy: { id: string, name: string | null } }> }>, unresolved: Array<{ path: string, message: string, policy: { id: string, name: string | null } }> } } | null };

export type DeniedActionsQueryVariables = Exact<{
  accountId: string;
  type: PolicyType;
}>;

export type DeniedActionsQuery = { account: { id: string, policyLevels: Array<{ deniedActions: Array<string>, target:
        | { id: string, name: string | null }
        | { id: string, name: string | null }
        | { id: string, name: string | null }
      , policies: Array<{ id: string, name: string | null }> }> } | null };

export type EffectivePolicyQueryVariables = Exact<{
  accountId: string;
  type: EffectivePolicyType;
}>;

export type EffectivePolicyQuery = { account: { id: string, effectivePolicy: { policyContent: string | null, lastUpdatedTimestamp: string | null } | null, effectivePolicyValidationErrors: { nodes: Array<{ errorCode: string | null, errorMessage: string | null, pathToError: string | null }> } | null } | null };

export type ActionsInPoliciesQueryVariables = Exact<{
  type: PolicyType;
}>;

export type ActionsInPoliciesQuery = { organization: { id: string, policies: { nodes: Array<{ id: string, document: unknown }> } | null } | null };

export const PolicyContentDocument = new TypedDocument<PolicyContentQuery, PolicyContentQueryVariables>(`query PolicyContent($id: ID!) {
  policy(id: $id) {
    id
    arn
    content
  }
}`);
export const ControlPolicyDecisionDocument = new TypedDocument<ControlPolicyDecisionQuery, ControlPolicyDecisionQueryVariables>(`query ControlPolicyDecision($accountId: ID!, $action: String!) {
  account(id: $accountId) {
    id
    controlPolicyDecision(action: $action) {
      decision
      serviceControlPolicies
      resourceControlPolicies
      missingContextKeys
      because {
        reason
        statementIndex
        policy {
          id
          name
        }
        target {
          id
          name
        }
      }
      levels {
        type
        outcome
        target {
          id
          name
        }
        statements {
          statementIndex
          effect
          match
          policy {
            id
            name
          }
        }
      }
      unresolved {
        path
        message
        policy {
          id
          name
        }
      }
    }
  }
}`);
export const DeniedActionsDocument = new TypedDocument<DeniedActionsQuery, DeniedActionsQueryVariables>(`query DeniedActions($accountId: ID!, $type: PolicyType!) {
  account(id: $accountId) {
    id
    policyLevels(type: $type) {
      deniedActions
      target {
        id
        name
      }
      policies {
        id
        name
      }
    }
  }
}`);
export const EffectivePolicyDocument = new TypedDocument<EffectivePolicyQuery, EffectivePolicyQueryVariables>(`query EffectivePolicy($accountId: ID!, $type: EffectivePolicyType!) {
  account(id: $accountId) {
    id
    effectivePolicy(type: $type) {
      policyContent
      lastUpdatedTimestamp
    }
    effectivePolicyValidationErrors(type: $type, first: 20) {
      nodes {
        errorCode
        errorMessage
        pathToError
      }
    }
  }
}`);
export const ActionsInPoliciesDocument = new TypedDocument<ActionsInPoliciesQuery, ActionsInPoliciesQueryVariables>(`query ActionsInPolicies($type: PolicyType!) {
  organization {
    id
    policies(type: $type, first: 1000) {
      nodes {
        id
        document
      }
    }
  }
}`);
