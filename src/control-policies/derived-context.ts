import type { ParsedRequest } from './access-request.ts';
import type { EvaluatedOrganization, PreparedNode } from './organization.ts';
import type { RequestContext } from './request-context.ts';

/** What condition keys of a request say about an organization. */
export interface OrganizationFacts {
  /** `o-…` */
  readonly organizationId: string;
  /** `aws`, `aws-cn`, … */
  readonly partition: string;
}

type Values = readonly string[] | null | undefined;
type Key = (principal: string, owner: string) => Values;

/**
 * The context of a request with the condition keys that follow from its accounts. Keys that the request gives have
 * precedence. Keys of other organizations than this one stay unknown.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export class DerivedContext implements RequestContext {
  /** Whether a value was read that differs among the organization's accounts. */
  dependsOnAccount = false;
  #principal = '';
  #owner = '';
  readonly #given: RequestContext;
  readonly #shared: ReadonlyMap<string, Key>;
  readonly #ofAccount: ReadonlyMap<string, Key>;

  constructor(request: ParsedRequest, organization: EvaluatedOrganization, facts: OrganizationFacts) {
    this.#given = request.context;
    this.#shared = sharedKeys(request, organization, facts);
    this.#ofAccount = keysOfAccounts(request, organization, facts);
  }

  /** Sets the accounts of the request. */
  select(principal: string, owner: string): void {
    this.#principal = principal;
    this.#owner = owner;
  }

  get(key: string): Values {
    const given = this.#given.get(key);
    if (given !== undefined) return given;
    const lower = key.toLowerCase();
    const ofAccount = this.#ofAccount.get(lower);
    if (ofAccount !== undefined) this.dependsOnAccount = true;
    return (ofAccount ?? this.#shared.get(lower))?.(this.#principal, this.#owner);
  }
}

/** AWS services and anonymous callers belong to no account of an organization. */
const hasAccount = ({ kind }: ParsedRequest) => kind !== 'SERVICE' && kind !== 'ANONYMOUS';

/** Keys whose values are the same for all accounts of the organization, and for all others. */
function sharedKeys(
  request: ParsedRequest,
  { accounts }: EvaluatedOrganization,
  { organizationId }: OrganizationFacts,
): ReadonlyMap<string, Key> {
  const organizationOf = (id: string): Values => accounts.get(id) && [organizationId];
  return new Map<string, Key>([
    ['aws:principalisawsservice', () => [String(request.kind === 'SERVICE')]],
    ['aws:resourceorgid', (_principal, owner) => organizationOf(owner)],
    ['aws:principalorgid', (principal) => (hasAccount(request) ? organizationOf(principal) : null)],
    ...(hasAccount(request) ? [] : [['aws:principalorgpaths', () => null] as const]),
  ]);
}

function keysOfAccounts(
  request: ParsedRequest,
  { accounts }: EvaluatedOrganization,
  { organizationId, partition }: OrganizationFacts,
): ReadonlyMap<string, Key> {
  const pathOf = (id: string): Values => {
    const node = accounts.get(id);
    return node && [pathTo(node, organizationId)];
  };
  const keys = new Map<string, Key>([
    ['aws:resourceaccount', (_principal, owner) => [owner]],
    ['aws:resourceorgpaths', (_principal, owner) => pathOf(owner)],
  ]);
  if (!hasAccount(request)) return keys;
  keys.set('aws:principalaccount', (principal) => [principal]);
  keys.set('aws:principalorgpaths', pathOf);
  if (request.kind === 'ROOT') keys.set('aws:principalarn', (principal) => [`arn:${partition}:iam::${principal}:root`]);
  return keys;
}

/** `o-…/r-…/ou-…/`: the place of an account, which is not part of it. */
function pathTo({ parent }: PreparedNode, organizationId: string): string {
  let path = '';
  for (let node = parent; node !== undefined; node = node.parent) path = `${node.id}/${path}`;
  return `${organizationId}/${path}`;
}
