import type { ComponentType } from 'react';
import { BoxIcon, FolderIcon, MailIcon, ShieldIcon, TagIcon, TransferIcon } from '../../components/icons.tsx';
import type { ChangedType } from './activity.generated.ts';

/** What the reader filters by: several types of the history. */
export type KindName = 'transfers' | 'invitations' | 'accounts' | 'policies';

interface KindGroup {
  readonly name: string;
  readonly Icon: ComponentType<{ readonly size?: number }>;
  readonly types: readonly ChangedType[];
}

export const KINDS: Readonly<Record<KindName, KindGroup>> = {
  transfers: { name: 'Transfers', Icon: TransferIcon, types: ['RESPONSIBILITY_TRANSFER'] },
  invitations: { name: 'Invitations', Icon: MailIcon, types: ['HANDSHAKE'] },
  accounts: {
    name: 'Accounts',
    Icon: BoxIcon,
    types: [
      'ACCOUNT',
      'CREATE_ACCOUNT_STATUS',
      'ORGANIZATIONAL_UNIT',
      'TAG',
      'DELEGATED_ADMINISTRATOR',
      'ORGANIZATION',
    ],
  },
  policies: {
    name: 'Policies',
    Icon: ShieldIcon,
    types: ['POLICY', 'POLICY_ATTACHMENT', 'RESOURCE_POLICY', 'ENABLED_SERVICE', 'ROOT'],
  },
};

export const isKind = (name: string | undefined): name is KindName => name !== undefined && Object.hasOwn(KINDS, name);

export const ICONS: Readonly<Record<ChangedType, ComponentType<{ readonly size?: number }>>> = {
  ACCOUNT: BoxIcon,
  CREATE_ACCOUNT_STATUS: BoxIcon,
  DELEGATED_ADMINISTRATOR: BoxIcon,
  ENABLED_SERVICE: ShieldIcon,
  HANDSHAKE: MailIcon,
  ORGANIZATION: FolderIcon,
  ORGANIZATIONAL_UNIT: FolderIcon,
  POLICY: ShieldIcon,
  POLICY_ATTACHMENT: ShieldIcon,
  RESOURCE_POLICY: ShieldIcon,
  RESPONSIBILITY_TRANSFER: TransferIcon,
  ROOT: FolderIcon,
  TAG: TagIcon,
};
