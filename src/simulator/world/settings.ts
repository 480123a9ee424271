import type { Quotas } from './entities.ts';

/** How long AWS takes for what it does in the background, in ms, and what new organizations may have. */
export interface Settings {
  /** CreateAccount: IN_PROGRESS for so long. AWS takes about a minute. */
  accountCreationMs: number;
  /** CloseAccount: PENDING_CLOSURE for so long. AWS takes some minutes. */
  closureMs: number;
  /** EnablePolicyType, DisablePolicyType: pending for so long, with PolicyChangesInProgressException meanwhile. */
  policyTypeMs: number;
  /** A new organization refuses to create accounts, OUs and policies, to invite and to attach for so long. Up to an hour at AWS. */
  initializingMs: number;
  /** An account that changed its organization may not do so again for so long. AWS names no number. */
  membershipChangeMs: number;
  /**
   * Which service principals are accepted: `any` that is well-formed, only those that AWS's list of services documents, or
   * those of a list. With others: InvalidInputException UNRECOGNIZED_SERVICE_PRINCIPAL.
   */
  servicePrincipals: 'any' | 'documented' | readonly string[];
  quotas: Quotas;
}

/**
 * Quotas are AWS's defaults
 * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html,
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/orgs_transfer_billing-quotas.html).
 * Inbound transfers are 0 until AWS raises them.
 */
export const defaultSettings: Readonly<Settings> = {
  accountCreationMs: 2_000,
  closureMs: 2_000,
  policyTypeMs: 0,
  initializingMs: 0,
  membershipChangeMs: 0,
  servicePrincipals: 'any',
  quotas: { accounts: 10, inboundTransfers: 0, outboundTransfers: 1, transferChain: 1, aggregateTransfers: 1_000 },
};
