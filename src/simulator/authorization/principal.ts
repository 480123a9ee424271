import type { PrincipalKind } from '../../control-policies/access-request.ts';
import type { Partition } from '../call.ts';
import type { Session } from '../world/entities.ts';

/** The role session that sends a request. */
export interface Principal {
  readonly kind: PrincipalKind;
  readonly accountId: string;
  /** ARN of the role, which policies compare as aws:PrincipalArn. */
  readonly roleArn: string;
  /** ARN of the session, which GetCallerIdentity and messages have. */
  readonly sessionArn: string;
  readonly userId: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly sourceIdentity: string | undefined;
}

/** AWS creates this role in each account that CreateAccount makes. */
const DEFAULT_ROLE = 'OrganizationAccountAccessRole';
const DEFAULT_SESSION = 'orgql';

/** @param session the session of an access key that the simulator's STS issued */
export function principalOf(
  { account, session }: { readonly account: { readonly id: string }; readonly session: Session | undefined },
  partition: Partition,
): Principal {
  if (!session) return defaultPrincipal(account.id, partition);
  const { arn: sessionArn, userId, roleArn = roleOfSession(sessionArn), tags = {}, sourceIdentity } = session;
  const kind = roleArn.includes(':role/aws-service-role/') ? 'SERVICE_LINKED_ROLE' : 'ROLE';
  return { kind, accountId: account.id, roleArn, sessionArn, userId, tags, sourceIdentity };
}

/** The principal of an access key that is an account id. */
export function defaultPrincipal(accountId: string, partition: Partition = 'aws'): Principal {
  return {
    kind: 'ROLE',
    accountId,
    roleArn: `arn:${partition}:iam::${accountId}:role/${DEFAULT_ROLE}`,
    sessionArn: `arn:${partition}:sts::${accountId}:assumed-role/${DEFAULT_ROLE}/${DEFAULT_SESSION}`,
    userId: `AROAORGQL${accountId}:${DEFAULT_SESSION}`,
    tags: {},
    sourceIdentity: undefined,
  };
}

/** The session's ARN lacks the path of the role. */
function roleOfSession(arn: string): string {
  return arn.replace(/^(arn:[^:]*):sts::(\d{12}):assumed-role\/([^/]*)\/.*$/, '$1:iam::$2:role/$3');
}
