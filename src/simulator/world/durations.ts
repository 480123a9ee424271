export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/**
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html#min-max-handshakes
 * A transfer's invitation ends 24 hours before the transfer starts
 * (https://docs.aws.amazon.com/organizations/latest/APIReference/API_InviteOrganizationToTransferResponsibility.html).
 */
export const INVITE_EXPIRY_MS = 15 * DAY_MS;
export const ALL_FEATURES_EXPIRY_MS = 90 * DAY_MS;
export const TRANSFER_EXPIRY_BEFORE_START_MS = DAY_MS;

/** How long an accepted, declined, canceled or expired handshake can still be read. */
export const HANDSHAKE_RETENTION_MS = 30 * DAY_MS;

/** A created account must be that old before it can leave its organization. */
export const CREATED_ACCOUNT_MIN_AGE_MS = 4 * DAY_MS;

/** A closed account can be reinstated for so long after its closure was requested; then it is permanently closed. */
export const CLOSED_ACCOUNT_RETENTION_MS = 90 * DAY_MS;
