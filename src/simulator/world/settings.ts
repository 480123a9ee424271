import type { Quotas } from './entities.ts';

/** Durations of AWS's background work, checks that can be turned off, and limits of new organizations. */
export interface Settings {
  /** Time that CreateAccount is IN_PROGRESS, in ms; about a minute at AWS. Default: 2,000. */
  accountCreationMs: number;
  /** Time that CloseAccount is PENDING_CLOSURE, in ms; some minutes at AWS. Default: 2,000. */
  closureMs: number;
  /**
   * Time that EnablePolicyType and DisablePolicyType are pending, in ms. Until then changes of the type's policies fail
   * with PolicyChangesInProgressException. Default: 0.
   */
  policyTypeMs: number;
  /**
   * Time that a new organization returns FinalizingOrganizationException for creations, invitations and attachments, in
   * ms; up to an hour at AWS. Default: 0.
   */
  initializingMs: number;
  /** Minimum time between an account's changes of organization, in ms. AWS documents no number. Default: 0. */
  membershipChangeMs: number;
  /**
   * Accepted service principals: `any` well-formed one, only those in AWS's list of services (`documented`), or a list.
   * Others fail with InvalidInputException UNRECOGNIZED_SERVICE_PRINCIPAL. Default: `any`.
   */
  servicePrincipals: 'any' | 'documented' | readonly string[];
  /** Whether SCPs and RCPs restrict the calls of and to member accounts. Default: true. */
  enforceControlPolicies: boolean;
  quotas: Quotas;
}

/**
 * Quotas are AWS's defaults (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html,
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/orgs_transfer_billing-quotas.html).
 * Inbound transfers are 0 until AWS raises the quota.
 */
export const defaultSettings: Readonly<Settings> = {
  accountCreationMs: 2_000,
  closureMs: 2_000,
  policyTypeMs: 0,
  initializingMs: 0,
  membershipChangeMs: 0,
  servicePrincipals: 'any',
  enforceControlPolicies: true,
  quotas: { accounts: 10, inboundTransfers: 0, outboundTransfers: 1, transferChain: 1, aggregateTransfers: 1_000 },
};
