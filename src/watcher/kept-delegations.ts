import { type aws, isNotFound, UpstreamError, type UpstreamSession } from '../upstream/index.ts';
import { decode, encode } from './codec.ts';
import { nothing } from './kept-reads.ts';
import type { KeptDelegatedAdministrator } from './kept-types.ts';
import type { KnownLists, PartialRead, SweepPage } from './sweep-types.ts';

const MaxResults = 20;

/** Where a read of administrators and their services goes on. */
interface Progress {
  /** Administrators whose services are not read yet. */
  readonly left: readonly aws.DelegatedAdministrator[];
  /** Whether all administrators are known, so that the services of `left[0]` come next. */
  readonly isListed: boolean;
  /** The services of `left[0]` on earlier pages. */
  readonly services: readonly aws.DelegatedService[];
  readonly token: string | undefined;
}

interface Selection {
  readonly key: string;
  readonly contains: PartialRead<KeptDelegatedAdministrator>['contains'];
  readonly includes: (accountId: string) => boolean;
  /** The services of an administrator that need no call; undefined to read them. */
  readonly knownServices: (accountId: string) => readonly aws.DelegatedService[] | undefined;
}

/** An account that is no delegated administrator any more, or in no organization. */
const isDeregistered = (error: unknown): boolean =>
  isNotFound(error) || (error instanceof UpstreamError && error.code === 'AccountNotRegisteredException');

const servicesOf = async (session: UpstreamSession, { left: [first], token }: Progress) => {
  try {
    const next = token === undefined ? {} : { NextToken: token };
    return await session.page('ListDelegatedServicesForAccount', { AccountId: first?.Id, MaxResults, ...next });
  } catch (error) {
    if (isDeregistered(error)) return undefined;
    throw error;
  }
};

/** Lists the administrators, then the services of each: an administrator is shown with all of its services. */
const readSelection = ({
  key,
  contains,
  includes,
  knownServices,
}: Selection): PartialRead<KeptDelegatedAdministrator> => {
  const pageOf = (objects: readonly KeptDelegatedAdministrator[], next: Progress) => {
    const isLast = next.isListed && next.left.length === 0;
    return { objects, nextToken: isLast ? undefined : encode(next) };
  };
  const readAdministrators = async (session: UpstreamSession, { left, token }: Progress) => {
    const next = token === undefined ? {} : { NextToken: token };
    const page = await session.page('ListDelegatedAdministrators', { MaxResults, ...next });
    const objects: KeptDelegatedAdministrator[] = [];
    const further: aws.DelegatedAdministrator[] = [];
    for (const administrator of page.items) {
      if (administrator.Id === undefined || !includes(administrator.Id)) continue;
      const Services = knownServices(administrator.Id);
      if (Services === undefined) further.push(administrator);
      else objects.push({ ...administrator, Services });
    }
    const isListed = page.nextToken === undefined;
    return pageOf(objects, { left: [...left, ...further], isListed, services: [], token: page.nextToken });
  };
  const readServices = async (session: UpstreamSession, progress: Progress) => {
    const [first, ...left] = progress.left;
    if (first === undefined) return nothing;
    const page = await servicesOf(session, progress);
    const Services = [...progress.services, ...(page?.items ?? [])];
    if (page?.nextToken !== undefined) return pageOf([], { ...progress, services: Services, token: page.nextToken });
    const objects = page === undefined ? [] : [{ ...first, Services }];
    return pageOf(objects, { left, isListed: true, services: [], token: undefined });
  };
  const progressOf = (text: string | undefined): Progress =>
    text === undefined ? { left: [], isListed: false, services: [], token: undefined } : (decode(text) as Progress);
  return {
    key,
    contains,
    // The slower of the two.
    operation: 'ListDelegatedServicesForAccount',
    operationOf: (text) =>
      progressOf(text).isListed ? 'ListDelegatedServicesForAccount' : 'ListDelegatedAdministrators',
    read(session, text): Promise<SweepPage<KeptDelegatedAdministrator>> {
      const progress = progressOf(text);
      return progress.isListed ? readServices(session, progress) : readAdministrators(session, progress);
    },
  };
};

export const readAdministrators = (): PartialRead<KeptDelegatedAdministrator> =>
  readSelection({ key: '', contains: { section: '' }, includes: () => true, knownServices: () => undefined });

export const readAdministrator = (accountId: string): PartialRead<KeptDelegatedAdministrator> =>
  readSelection({
    key: `id:${accountId}`,
    contains: { ids: [accountId] },
    includes: (id) => id === accountId,
    knownServices: () => undefined,
  });

/** Reads all administrators, and the services of those that are new or are known to administer this service. */
export const readAdministratorsOf = (
  lists: KnownLists,
  servicePrincipal: string,
): PartialRead<KeptDelegatedAdministrator> =>
  readSelection({
    key: `service:${servicePrincipal}`,
    contains: { section: '' },
    includes: () => true,
    knownServices(id) {
      const services = lists.objects('delegatedAdministrators').get(id)?.object.Services;
      return services?.some(({ ServicePrincipal }) => ServicePrincipal === servicePrincipal) ? undefined : services;
    },
  });
