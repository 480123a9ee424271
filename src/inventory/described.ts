import type { Input, Output, ReadName } from '../upstream/index.ts';
import type { KeptOrganizationalUnit } from '../watcher/kept-types.ts';
import type { Reading } from './reading.ts';

/** The replies to Describe operations. None for an unknown object: AWS knows whether it exists. */
type DescribeReplies = {
  readonly [O in ReadName]?: (reading: Reading, input: Input<O>) => Output<O> | undefined;
};

/** The unit as AWS returns it, without its parent. */
export function withoutParent({ ParentId: _, ...unit }: KeptOrganizationalUnit) {
  return unit;
}

/** The only object of a list of at most one. */
function only(reading: Reading, list: 'organization' | 'resourcePolicy') {
  const [id] = reading.indexes.list(list).objects?.keys() ?? [];
  return id;
}

export const describeReplies: DescribeReplies = {
  DescribeOrganization(reading) {
    const Organization = reading.object('organization', only(reading, 'organization'));
    return Organization && { Organization };
  },
  DescribeAccount(reading, { AccountId }) {
    const Account = reading.object('accounts', AccountId);
    return Account && { Account };
  },
  DescribeOrganizationalUnit(reading, { OrganizationalUnitId }) {
    const unit = reading.object('organizationalUnits', OrganizationalUnitId);
    return unit && { OrganizationalUnit: withoutParent(unit) };
  },
  DescribePolicy(reading, { PolicyId }) {
    const PolicySummary = reading.object('policies', PolicyId);
    const Content = PolicySummary && reading.object('policyContents', PolicyId)?.Content;
    return Content === undefined ? undefined : { Policy: { PolicySummary, Content } };
  },
  DescribeResourcePolicy(reading) {
    const ResourcePolicy = reading.object('resourcePolicy', only(reading, 'resourcePolicy'));
    return ResourcePolicy && { ResourcePolicy };
  },
  DescribeHandshake(reading, { HandshakeId }) {
    const Handshake =
      reading.object('organizationHandshakes', HandshakeId) ?? reading.object('accountHandshakes', HandshakeId);
    return Handshake && { Handshake };
  },
  DescribeResponsibilityTransfer(reading, { Id }) {
    const ResponsibilityTransfer =
      reading.object('inboundResponsibilityTransfers', Id) ?? reading.object('outboundResponsibilityTransfers', Id);
    return ResponsibilityTransfer && { ResponsibilityTransfer };
  },
  DescribeCreateAccountStatus(reading, { CreateAccountRequestId }) {
    const CreateAccountStatus = reading.object('createAccountStatuses', CreateAccountRequestId);
    return CreateAccountStatus && { CreateAccountStatus };
  },
};
