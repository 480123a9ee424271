import { createHash } from 'node:crypto';
import { scopes } from '../../src/config/auth.ts';
import { type Config, configSchema } from '../../src/config/index.ts';
import { unlimited } from '../unlimited.ts';
import { MANAGEMENT_ACCOUNT_ID } from './world/world.ts';

/** Of the one caller, where callers have API keys. It opens nothing but this benchmark. */
const KEY = Buffer.alloc(32, 'orgql').toString('base64url');

export const authorization = `Bearer ${KEY}`;

/**
 * orgql's own defaults, but for what a benchmark has to say: a port, as whom AWS would be called, the key of cursors, so that every server
 * answers with the same ones, and, with API keys, a rate that does not hold the load back.
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
