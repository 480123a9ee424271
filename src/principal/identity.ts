import type { PrincipalConfig } from '../config/index.ts';
import type { CallerIdentity } from './account-id.ts';

/** A principal's `identity`: from its configuration where that names it, else from STS. */
export function createIdentity(
  from: PrincipalConfig['credentials'],
  askSts: () => Promise<CallerIdentity>,
): () => Promise<string> {
  switch (from.type) {
    case 'assumeRole':
      return async () => from.roleArn;
    case 'static':
      return async () => from.accessKeyId;
    case 'default':
    case 'profile':
      return async () => withoutSession((await askSts()).arn);
  }
}

/** `arn:aws:sts::111111111111:assumed-role/<role>/<session>`: each process has a session of its own. */
const withoutSession = (arn: string): string => arn.replace(/(:assumed-role\/[^/]+)\/.*$/, '$1');
