import type { Call } from '../call.ts';
import { shapes } from '../model/shapes.ts';
import type { HandshakeParty } from '../model/structures.ts';
import { throwException, throwInvalidInput } from '../service-error.ts';
import type { Account, Handshake, Party } from '../world/entities.ts';
import { isPending } from '../world/handshakes.ts';
import type { Organization } from '../world/organization.ts';

export interface HandshakeTarget {
  readonly party: Party;
  /** Undefined if the account does not exist yet. */
  readonly account: Account | undefined;
}

/** Resolves an invitation's target, given by account id or e-mail address. */
export function resolveHandshakeTarget({ world }: Call, { Id, Type }: HandshakeParty): HandshakeTarget {
  if (Type === 'ORGANIZATION') {
    return throwInvalidInput('INVALID_PARTY_TYPE_TARGET', 'Target.Type must be ACCOUNT or EMAIL, not ORGANIZATION.');
  }
  if (Type === 'ACCOUNT') {
    if (!matches('AccountId', Id))
      throwInvalidInput('INVALID_PATTERN', `Target.Id ${Id} is not a 12-digit account id.`);
    return { party: { type: Type, id: Id }, account: world.accounts.get(Id) };
  }
  if (!matches('Email', Id))
    throwInvalidInput('INVALID_EMAIL_ADDRESS_TARGET', `Target.Id ${Id} is not an e-mail address.`);
  return { party: { type: Type, id: Id }, account: world.accountByEmail(Id) };
}

/** Allows one open invitation per action and target, whether addressed by id or e-mail address. */
export function checkNoDuplicate(
  { world }: Call,
  organization: Organization,
  action: Handshake['action'],
  { party, account }: HandshakeTarget,
): void {
  const open = organization.sentHandshakes.values().find((handshake) => {
    if (handshake.action !== action || !isPending(handshake) || !handshake.recipient) return false;
    if (account) return world.recipientOf(handshake) === account;
    return handshake.recipient.id.toLowerCase() === party.id.toLowerCase();
  });
  if (open) {
    throwException(
      'DuplicateHandshakeException',
      `Handshake ${open.id} to ${party.id} is still ${open.state}. Cancel it first.`,
    );
  }
}

function matches(shapeName: string, value: string): boolean {
  const shape = shapes[shapeName];
  if (shape?.type !== 'string') return true;
  return value.length >= (shape.min ?? 0) && value.length <= (shape.max ?? 64) && (shape.pattern?.test(value) ?? true);
}
