import { groupedId } from '../../../data/text.ts';
import { useOwnOrganization, useViewer } from '../../../data/viewer.ts';

interface OwnAccount {
  /** Whether it is another than the management account. False while that is not known. */
  readonly isOther: boolean;
  /** The account of the session's principal. */
  readonly accountId: string | undefined;
  /** Why the principal cannot do what only the management account may; undefined if it can, or if that is not known. */
  readonly lock: string | undefined;
}

/** Whose account this session acts as. */
export function useOwnAccount(): OwnAccount {
  const principal = useViewer().data?.viewer.principal;
  const { name, managementAccountId } = useOwnOrganization();
  const accountId = principal?.accountId ?? undefined;
  const isOther = accountId !== undefined && managementAccountId !== undefined && accountId !== managementAccountId;
  return {
    isOther,
    accountId,
    lock: isOther
      ? `“${principal?.name}” is a member account. Only the management account, ${name} (${groupedId(managementAccountId)}), may do this.`
      : undefined,
  };
}
