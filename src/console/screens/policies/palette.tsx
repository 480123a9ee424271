import type { ReactNode } from 'react';
import { LinkIcon, PencilIcon, TrashIcon } from '../../actions/icons.tsx';
import { ShieldIcon } from '../../components/icons.tsx';
import { useGatewayStatus } from '../../data/gateway-status.ts';
import { navigate } from '../../data/location.ts';
import { type PolicyRow, policies } from '../../data/organization/lists.ts';
import { typeName } from '../../data/organization/policy-types.ts';
import { matcher } from '../../data/text.ts';
import { useList } from '../../data/use-list.ts';
import type { PaletteAction, PaletteItem } from '../../shell/screen.ts';
import type { PolicyAction } from './actions/form-props.ts';
import { nameOf, typeOf } from './policy.ts';

/** Policies by name or id. Only with the copy of the organization, from which they cost no call. */
export function usePolicyItems(typed: string): readonly PaletteItem[] {
  const isKept = Boolean(useGatewayStatus()?.inventory);
  const { rows } = useList(isKept ? policies : undefined);
  if (typed.trim() === '') return [];
  const matches = matcher(typed);
  return [...rows.values()]
    .filter(({ id, name }) => matches(name, id))
    .map((policy) => ({
      id: policy.id,
      icon: <ShieldIcon />,
      name: nameOf(policy),
      note: `${typeName(typeOf(policy))} policy`,
      open: () => navigate('/policies', { type: typeOf(policy), policy: policy.id }),
      actions: actionsOf(policy),
    }));
}

/** What can be done with a policy. A form opens; nothing is sent. */
function actionsOf(policy: PolicyRow): readonly PaletteAction[] {
  const { id, awsManaged } = policy;
  const action = (name: PolicyAction, word: string, icon: ReactNode, letter?: string): PaletteAction => ({
    id: `${name}:${id}`,
    icon,
    name: `${word} ${nameOf(policy)}`,
    scope: 'organization:write',
    ...(letter !== undefined && { letter }),
    open: () => navigate('/policies', { type: typeOf(policy), policy: id, action: name }),
  });
  const attach = action('attach', 'Attach', <LinkIcon />);
  // AWS's own policies cannot be changed.
  if (awsManaged) return [attach];
  return [action('edit', 'Edit', <PencilIcon />, 'r'), attach, action('delete', 'Delete', <TrashIcon />)];
}
