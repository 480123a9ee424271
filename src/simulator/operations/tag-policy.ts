import type { Call } from '../call.ts';
import type { Tags } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';

/** What of AWS Organizations has tags. */
export type TaggedKind = 'account' | 'organizationalunit' | 'policy' | 'resourcepolicy' | 'root' | 'transfer';

export function checkTagPolicy(_call: Call, _organization: Organization, _kind: TaggedKind, _tags: Tags): void {}
