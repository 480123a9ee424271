import { createHash } from 'node:crypto';
import { scopes } from '../../src/config/auth.ts';
import { type Config, configSchema } from '../../src/config/index.ts';
import { unlimited } from '../unlimited.ts';
import { MANAGEMENT_ACCOUNT_ID } from './world/world.ts';

/** Key of the only caller, if callers have API keys. It is valid in this benchmark only. */
const KEY = Buffer.alloc(32, 'orgql').toString('base64url');

export const authorization = `Bearer ${KEY}`;

/**
 * orgql's defaults, with a port, a principal, and the key of cursors, so that every server returns the same ones. With
 * API keys, the caller's rate limit is above the load.
 */
export function createConfig(withApiKeys: boolean): Config {
  const caller = {
    name: 'bench',
    hash: `sha256:${createHash('sha256').update(KEY).digest('hex')}`,
    principals: ['default'],
    scopes: [...scopes],
  };
  return configSchema.parse({
    port: 0,
    principals: [
      {
        name: 'default',
        accountId: MANAGEMENT_ACCOUNT_ID,
        credentials: { type: 'static', accessKeyId: MANAGEMENT_ACCOUNT_ID, secretAccessKey: 'never used' },
      },
    ],
    graph: { cursorSecret: 'the same for every server' },
    limits: unlimited,
    ...(withApiKeys && { auth: { type: 'apiKeys', keys: [caller] } }),
  });
}
