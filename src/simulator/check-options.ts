import { z } from 'zod';
import { faultsSchema, latencySchema, milliseconds, share } from './control/faults-schema.ts';
import type { SimulatorOptions } from './options.ts';
import { formatIssues } from './worlds/format-issues.ts';
import { accountId, settingsSchema } from './worlds/world-file-schema.ts';

/** `createWorld` checks the seed, and Node the address. */
const optionsSchema = z.strictObject({
  host: z.string().optional(),
  port: z.unknown().optional(),
  seed: z.unknown().optional(),
  accounts: z.number().int().nonnegative().optional(),
  account: accountId.optional(),
  stateFile: z.string().min(1).optional(),
  clock: z
    .looseObject({ now: z.custom((value) => typeof value === 'function', 'create it with createClock()') })
    .optional(),
  settings: settingsSchema.partial().optional(),
  autoRespond: z
    .union([
      z.boolean(),
      z.strictObject({
        delayMs: z.strictObject({ min: milliseconds, max: milliseconds }).optional(),
        acceptance: share.optional(),
        except: z.array(accountId).readonly().optional(),
      }),
    ])
    .optional(),
  verifySignatures: z.strictObject({ secretAccessKey: z.string().min(1) }).optional(),
  latencyMs: latencySchema.optional(),
  emptyPages: z.union([z.boolean(), share]).optional(),
  throttle: z.boolean().optional(),
  throttleFactor: z.number().positive().optional(),
  faults: faultsSchema.optional(),
  randomSeed: z.number().optional(),
  onError: z.custom((value) => typeof value === 'function', 'expected a function').optional(),
});

/** @throws {TypeError} with the path of each invalid value */
export function checkOptions(options: SimulatorOptions): void {
  const { error } = optionsSchema.safeParse(options);
  if (error) throw new TypeError(`The options of startSimulator are not valid:\n${formatIssues(error)}`);
}
