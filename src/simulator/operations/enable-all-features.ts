import { getCallerOrganization } from '../call.ts';
import { renderHandshake } from '../render/handshake.ts';
import { throwConstraintViolation, throwExceptionWithReason } from '../service-error.ts';
import { pendingAllFeatures, startAllFeatures } from '../world/all-features.ts';
import type { Operation } from './operation.ts';

/** AWS enables all features in larger organizations by another process, which has no API. */
const MAX_ACCOUNTS = 5_000;

export const enableAllFeatures: Operation<'EnableAllFeatures'> = (_input, call) => {
  const organization = getCallerOrganization(call);
  if (organization.featureSet === 'ALL') {
    throwExceptionWithReason(
      'HandshakeConstraintViolationException',
      'ORGANIZATION_ALREADY_HAS_ALL_FEATURES',
      `Organization ${organization.id} already has all features.`,
    );
  }
  const pending = pendingAllFeatures(organization);
  if (pending) {
    throwExceptionWithReason(
      'HandshakeConstraintViolationException',
      'ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION',
      `The process is already running: handshake ${pending.id} is ${pending.state}.`,
    );
  }
  if (organization.members.size > MAX_ACCOUNTS) {
    throwConstraintViolation(
      'ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED',
      `Organization ${organization.id} has more than ${MAX_ACCOUNTS} accounts.`,
    );
  }
  return { Handshake: renderHandshake(call, startAllFeatures(call.world, organization, call.now)) };
};
