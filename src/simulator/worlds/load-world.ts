import type { SimulatorClock } from '../clock.ts';
import { scheduleClosure } from '../world/account-closure.ts';
import { createAccount } from '../world/accounts.ts';
import type { Handshake } from '../world/entities.ts';
import { scheduleHandshake } from '../world/handshakes.ts';
import { World, type WorldSettings } from '../world/world.ts';
import { loadOrganization } from './load-organization.ts';
import { tagsOf, withoutUndefined } from './parsed-values.ts';
import { WorldFileError } from './world-file.ts';
import type { WorldData } from './world-file-schema.ts';

export interface LoadOptions {
  readonly clock: SimulatorClock;
  readonly defaultAccountId?: string;
  /** These take precedence over the file's settings. */
  readonly settings?: WorldSettings;
}

/** @throws {WorldFileError} if the world refers to an entity that it does not contain */
export function loadWorld(data: WorldData, { clock, defaultAccountId, settings = {} }: LoadOptions): World {
  const [first] = data.accounts;
  const world = new World({
    clock,
    defaultAccountId: defaultAccountId ?? data.defaultAccountId ?? first?.id ?? '',
    ...(data.ids && { seed: data.ids.seed, counter: data.ids.counter }),
    settings: withoutUndefined({
      ...data.settings,
      ...settings,
      quotas: withoutUndefined({ ...data.settings.quotas, ...settings.quotas }),
    }),
  });
  const start = clock.now();
  for (const { createdAt = start, stateSince, ...account } of data.accounts) {
    if (world.accounts.has(account.id)) throw new WorldFileError(`Account ${account.id} occurs twice. Remove one.`);
    if (world.accountByEmail(account.email))
      throw new WorldFileError(`Two accounts have the e-mail address ${account.email}. Change one.`);
    scheduleClosure(
      world,
      createAccount(world, { ...withoutUndefined(account), createdAt, stateSince: stateSince ?? createdAt }),
    );
  }
  for (const organization of data.organizations) loadOrganization(world, organization);
  loadTransfers(world, data);
  for (const { tags, awaiting, ...handshake } of data.handshakes) {
    const loaded: Handshake = {
      ...withoutUndefined(handshake),
      tags: tagsOf(tags),
      position: world.ids.position(),
      ...(awaiting && { awaiting: new Set(awaiting) }),
    };
    world.addHandshake(loaded);
    scheduleHandshake(world, loaded);
  }
  for (const session of data.sessions) world.sessions.set(session.accessKeyId, session);
  return world;
}

function loadTransfers(world: World, { responsibilityTransfers }: WorldData): void {
  for (const { tags, target, source, ...transfer } of responsibilityTransfers) {
    if (!world.organizations.has(target.organizationId)) {
      throw new WorldFileError(
        `Transfer ${transfer.id} has the target organization ${target.organizationId}, which does not exist. Add it, or remove the transfer.`,
      );
    }
    world.addTransfer({
      ...withoutUndefined(transfer),
      type: 'BILLING',
      target: withoutUndefined(target),
      source: withoutUndefined(source),
      tags: tagsOf(tags),
      position: world.ids.position(),
    });
  }
}
