export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/**
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html#min-max-handshakes
 * A transfer's invitation expires 24 hours before the transfer starts
 * (https://docs.aws.amazon.com/organizations/latest/APIReference/API_InviteOrganizationToTransferResponsibility.html).
 */
export const INVITE_EXPIRY_MS = 15 * DAY_MS;
export const ALL_FEATURES_EXPIRY_MS = 90 * DAY_MS;
export const TRANSFER_EXPIRY_BEFORE_START_MS = DAY_MS;

/** A handshake can be read this long after its final state. */
export const HANDSHAKE_RETENTION_MS = 30 * DAY_MS;

/** A created account cannot leave its organization before this age. */
export const CREATED_ACCOUNT_MIN_AGE_MS = 4 * DAY_MS;

/** A closed account can be reinstated this long after its closure was requested; then it is permanently closed. */
export const CLOSED_ACCOUNT_RETENTION_MS = 90 * DAY_MS;
