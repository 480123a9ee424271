import { ActivityIcon, GaugeIcon, MailIcon, NetworkIcon, ShieldIcon, TransferIcon } from './components/icons.tsx';
import { InvitationsCount } from './screens/invitations/count.tsx';
import { useInvitationItems } from './screens/invitations/palette.tsx';
import { AccountsCount } from './screens/organization/count.tsx';
import { useAccountItems } from './screens/organization/palette.tsx';
import { PoliciesCount } from './screens/policies/count.tsx';
import { usePolicyItems } from './screens/policies/palette.tsx';
import { StatusCount } from './screens/status/count.tsx';
import { TransfersCount } from './screens/transfers/count.tsx';
import { useTransferItems } from './screens/transfers/palette.tsx';
import type { Screen } from './shell/screen.ts';

/** In the order of the navigation. */
export const screens: readonly Screen[] = [
  {
    path: '/transfers',
    name: 'Transfers',
    Icon: TransferIcon,
    letter: 't',
    load: () => import('./screens/transfers/transfers.tsx'),
    Count: TransfersCount,
    useItems: useTransferItems,
  },
  {
    path: '/invitations',
    name: 'Invitations',
    Icon: MailIcon,
    letter: 'i',
    load: () => import('./screens/invitations/invitations.tsx'),
    Count: InvitationsCount,
    useItems: useInvitationItems,
  },
  {
    path: '/organization',
    name: 'Organization',
    Icon: NetworkIcon,
    letter: 'o',
    load: () => import('./screens/organization/organization.tsx'),
    Count: AccountsCount,
    useItems: useAccountItems,
  },
  {
    path: '/policies',
    name: 'Policies',
    Icon: ShieldIcon,
    letter: 'p',
    load: () => import('./screens/policies/policies.tsx'),
    Count: PoliciesCount,
    useItems: usePolicyItems,
  },
  {
    path: '/activity',
    name: 'Activity',
    Icon: ActivityIcon,
    letter: 'a',
    load: () => import('./screens/activity/activity.tsx'),
  },
  {
    path: '/status',
    name: 'Status',
    Icon: GaugeIcon,
    letter: 's',
    load: () => import('./screens/status/status.tsx'),
    Count: StatusCount,
  },
];
