import type { QueryState } from './queries.ts';
import { useSession } from './session.tsx';
import { useQuery } from './use-query.ts';
import { OrganizationNameDocument, ViewerDocument, type ViewerQuery } from './viewer.generated.ts';

export type Viewer = ViewerQuery['viewer'];

const NO_VARIABLES = {};

/** The caller, its scopes and its principals. */
export function useViewer(): QueryState<ViewerQuery> {
  return useQuery(ViewerDocument, NO_VARIABLES);
}

/** The organization of a principal, as far as it may read it. */
export interface OrganizationName {
  readonly isLoading: boolean;
  /** False for an account in no organization. */
  readonly isMember: boolean;
  /** The management account's name; the principal's if it may not read that. */
  readonly name: string;
  readonly organizationId: string | undefined;
  readonly managementAccountId: string | undefined;
  /** Whether it has consolidated billing only. False while that is not known. */
  readonly lacksFeatures: boolean;
  /** Reads it again, after the account has joined or left one. */
  readonly reload: () => void;
}

/** Names change seldom. In seconds. */
const MAX_AGE = 900;

/** `principal`: undefined while it is not known. */
export function useOrganizationName(principal: string | undefined): OrganizationName {
  const { data, errors, isLoading, reload } = useQuery(
    OrganizationNameDocument,
    principal === undefined ? undefined : NO_VARIABLES,
    { maxAge: MAX_AGE, ...(principal !== undefined && { principal }) },
  );
  const organization = data?.organization;
  const isOutside =
    errors.some(({ code }) => OUTSIDE.has(code)) || (data !== null && !organization && errors.length === 0);
  return {
    isLoading: principal === undefined || (isLoading && data === null),
    isMember: !isOutside,
    name: organization?.managementAccount?.name ?? principal ?? '',
    organizationId: organization?.id,
    managementAccountId: organization?.masterAccountId ?? undefined,
    lacksFeatures: organization?.featureSet === 'CONSOLIDATED_BILLING',
    reload,
  };
}

/** Codes for an account in no organization. */
const OUTSIDE = new Set(['AWSOrganizationsNotInUseException', 'NOT_IN_ORGANIZATION']);

/** The name and the organization of the session's principal. */
export function useOwnOrganization(): OrganizationName {
  const { principal } = useSession();
  const viewer = useViewer();
  return useOrganizationName(principal ?? viewer.data?.viewer.principal.name);
}
