import type { aws, Input, Item, ListName } from '../upstream/index.ts';
import { delegatedAdministrators, delegatedServices } from './delegations.ts';
import { withoutParent } from './described.ts';
import { handshakeMatches } from './filters.ts';
import { byId, type ItemOrder, idOrder } from './orders.ts';
import { attachedPolicies, isEnabledType, targetsOfPolicy } from './policies.ts';
import type { Reading } from './reading.ts';
import { accountsIn, parentOf, unitsIn } from './tree.ts';

/** How a list of AWS is read from the copy. */
export interface ListReply<O extends ListName> {
  readonly order: ItemOrder<Item<O>>;
  /** All items, in the order; undefined if AWS must be called. The array must not be changed. */
  items(reading: Reading, input: Input<O>): readonly Item<O>[] | undefined;
}

const enabledServiceOrder = byId<aws.EnabledServicePrincipal>(({ ServicePrincipal = '' }) => ServicePrincipal);
const tagOrder = byId<aws.Tag>(({ Key = '' }) => Key);
const targetOrder = byId<aws.PolicyTargetSummary>(({ TargetId = '' }) => TargetId);
const delegatedServiceOrder = byId<aws.DelegatedService>(({ ServicePrincipal = '' }) => ServicePrincipal);

function handshakes(
  reading: Reading,
  list: 'organizationHandshakes' | 'accountHandshakes',
  { ActionType, ParentHandshakeId }: aws.HandshakeFilter = {},
): readonly aws.Handshake[] | undefined {
  // AWS rejects both at once.
  if (ActionType !== undefined && ParentHandshakeId !== undefined) return undefined;
  const handshakes = reading.sorted(list, idOrder);
  return ActionType === undefined && ParentHandshakeId === undefined
    ? handshakes
    : handshakes?.filter(handshakeMatches({ actionType: ActionType, parentHandshakeId: ParentHandshakeId }));
}

/** The only type is BILLING. */
function transfers(
  reading: Reading,
  list: 'inboundResponsibilityTransfers' | 'outboundResponsibilityTransfers',
  type: aws.ResponsibilityTransferType | undefined,
): readonly aws.ResponsibilityTransfer[] | undefined {
  return type === 'BILLING' ? reading.sorted(list, idOrder) : undefined;
}

function tags(reading: Reading, resourceId: string | undefined): readonly aws.Tag[] | undefined {
  const found = reading.object('tags', resourceId);
  return found && [...found.Tags].sort(tagOrder.compare);
}

/** The lists that the copy answers. */
export const listReplies: { readonly [O in ListName]?: ListReply<O> } = {
  ListAccounts: { order: idOrder, items: (reading) => reading.sorted('accounts', idOrder) },
  ListAccountsForParent: { order: idOrder, items: (reading, { ParentId }) => accountsIn(reading, ParentId) },
  ListOrganizationalUnitsForParent: {
    order: idOrder,
    items: (reading, { ParentId }) => unitsIn(reading, ParentId)?.map(withoutParent),
  },
  ListRoots: { order: idOrder, items: (reading) => reading.sorted('roots', idOrder) },
  ListChildren: {
    order: idOrder,
    items(reading, { ParentId, ChildType: Type }) {
      const children = Type === 'ACCOUNT' ? accountsIn(reading, ParentId) : unitsIn(reading, ParentId);
      return Type && children?.map(({ Id }) => ({ Id, Type }));
    },
  },
  ListParents: {
    order: idOrder,
    items(reading, { ChildId }) {
      const Id = parentOf(reading, ChildId);
      return Id === undefined ? undefined : [{ Id, Type: Id.startsWith('r-') ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }];
    },
  },
  ListPolicies: {
    order: idOrder,
    items(reading, { Filter }) {
      if (!isEnabledType(reading, Filter)) return undefined;
      return reading.sorted('policies', idOrder)?.filter(({ Type }) => Type === Filter);
    },
  },
  ListPoliciesForTarget: { order: idOrder, items: attachedPolicies },
  ListTargetsForPolicy: {
    order: targetOrder,
    items: (reading, { PolicyId }) => targetsOfPolicy(reading, PolicyId),
  },
  ListTagsForResource: { order: tagOrder, items: (reading, { ResourceId }) => tags(reading, ResourceId) },
  ListDelegatedAdministrators: {
    order: idOrder,
    items: (reading, { ServicePrincipal }) => delegatedAdministrators(reading, ServicePrincipal),
  },
  ListDelegatedServicesForAccount: {
    order: delegatedServiceOrder,
    items: (reading, { AccountId }) => delegatedServices(reading, AccountId, delegatedServiceOrder),
  },
  ListAWSServiceAccessForOrganization: {
    order: enabledServiceOrder,
    items: (reading) => reading.sorted('enabledServices', enabledServiceOrder),
  },
  ListHandshakesForOrganization: {
    order: idOrder,
    items: (reading, { Filter }) => handshakes(reading, 'organizationHandshakes', Filter),
  },
  ListHandshakesForAccount: {
    order: idOrder,
    items: (reading, { Filter }) => handshakes(reading, 'accountHandshakes', Filter),
  },
  ListInboundResponsibilityTransfers: {
    order: idOrder,
    items(reading, { Type, Id }) {
      const inbound = transfers(reading, 'inboundResponsibilityTransfers', Type);
      if (Id === undefined || inbound === undefined) return inbound;
      const transfer = inbound.find((candidate) => candidate.Id === Id);
      return transfer && [transfer];
    },
  },
  ListOutboundResponsibilityTransfers: {
    order: idOrder,
    items: (reading, { Type }) => transfers(reading, 'outboundResponsibilityTransfers', Type),
  },
  ListCreateAccountStatus: {
    order: idOrder,
    items(reading, { States = [] }) {
      const statuses = reading.sorted('createAccountStatuses', idOrder);
      return States.length === 0
        ? statuses
        : statuses?.filter(({ State }) => State !== undefined && States.includes(State));
    },
  },
};
