import type { HandshakeFilter } from '../model/structures.ts';
import { throwInvalidInput } from '../service-error.ts';
import type { Handshake } from '../world/entities.ts';

/** A filter has one member: the action or the parent handshake. */
export function createHandshakeFilter({
  ActionType,
  ParentHandshakeId,
}: HandshakeFilter = {}): (one: Handshake) => boolean {
  if (ActionType !== undefined && ParentHandshakeId !== undefined) {
    throwInvalidInput('MAX_LIMIT_EXCEEDED_FILTER', 'Filter takes ActionType or ParentHandshakeId, not both.');
  }
  if (ActionType !== undefined) return ({ action }) => action === ActionType;
  if (ParentHandshakeId !== undefined) return ({ parentHandshakeId }) => parentHandshakeId === ParentHandshakeId;
  return () => true;
}
