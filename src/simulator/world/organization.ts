import type { OrganizationFeatureSet } from '../model/enums.ts';
import { Collection } from './collection.ts';
import type {
  Account,
  Attachment,
  CreateAccountRequest,
  Handshake,
  OrganizationalUnit,
  Policy,
  Quotas,
  ResourcePolicy,
  ResponsibilityTransfer,
  Root,
} from './entities.ts';
import { LastValidPolicies } from './last-valid-policies.ts';

export interface Delegation {
  readonly accountId: string;
  /** Time of its first registration, for any service. */
  readonly enabledAt: number;
  readonly services: Collection<ServiceAccess>;
}

export interface ServiceAccess {
  readonly servicePrincipal: string;
  readonly enabledAt: number;
}

interface Children {
  readonly units: Collection<OrganizationalUnit>;
  readonly accounts: Collection<Account>;
}

export interface OrganizationDescription {
  readonly id: string;
  readonly managementAccountId: string;
  readonly featureSet: OrganizationFeatureSet;
  readonly createdAt: number;
  readonly root: Root;
  readonly quotas: Quotas;
}

/** The state of one organization, with indexes for its lists. The operations enforce the rules. */
export class Organization {
  readonly id: string;
  readonly managementAccountId: string;
  readonly createdAt: number;
  readonly root: Root;
  readonly quotas: Quotas;
  featureSet: OrganizationFeatureSet;
  resourcePolicy: ResourcePolicy | undefined;

  readonly members = new Collection<Account>();
  readonly units = new Collection<OrganizationalUnit>();
  readonly policies = new Collection<Policy>();
  readonly serviceAccess = new Collection<ServiceAccess>();
  readonly delegations = new Collection<Delegation>();
  readonly createAccountRequests = new Collection<CreateAccountRequest>();
  readonly sentHandshakes = new Collection<Handshake>();
  readonly inboundTransfers = new Collection<ResponsibilityTransfer>();
  /** Recent invitations and closures, in ms since the epoch. AWS limits both per period. */
  invitationTimes: number[] = [];
  closureTimes: number[] = [];
  readonly lastValidPolicies = new LastValidPolicies();

  readonly #children = new Map<string, Children>();
  readonly #attachmentsByTarget = new Map<string, Collection<Attachment>>();
  readonly #attachmentsByPolicy = new Map<string, Collection<Attachment>>();

  constructor(description: OrganizationDescription) {
    this.id = description.id;
    this.managementAccountId = description.managementAccountId;
    this.featureSet = description.featureSet;
    this.createdAt = description.createdAt;
    this.root = description.root;
    this.quotas = description.quotas;
  }

  childrenOf(parentId: string): Children {
    let children = this.#children.get(parentId);
    if (!children) {
      children = { units: new Collection(), accounts: new Collection() };
      this.#children.set(parentId, children);
    }
    return children;
  }

  deleteChildren(parentId: string): void {
    this.#children.delete(parentId);
  }

  /** Policies attached directly to a root, OU or account, in the order of attachment. */
  attachmentsTo(targetId: string): Collection<Attachment> {
    return getOrCreateCollection(this.#attachmentsByTarget, targetId);
  }

  attachmentsOf(policyId: string): Collection<Attachment> {
    return getOrCreateCollection(this.#attachmentsByPolicy, policyId);
  }

  isParent(id: string): boolean {
    return id === this.root.id || this.units.has(id);
  }
}

function getOrCreateCollection<T>(map: Map<string, Collection<T>>, key: string): Collection<T> {
  let collection = map.get(key);
  if (!collection) {
    collection = new Collection();
    map.set(key, collection);
  }
  return collection;
}
