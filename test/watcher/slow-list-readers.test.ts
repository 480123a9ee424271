import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import type { createWatcher } from '../../src/watcher/index.ts';
import type { ChangedList } from '../../src/watcher/list-changes.ts';
import { CopyModel, smallOrganization } from './support/copy-model.ts';
import { payer } from './support/random-writes.ts';

const maxBuffered = configSchema.parse({}).watch.maxBuffered;

/** A complete copy of a small organization, whose subscribers a test reads. */
const createComplete = async () => {
  const model = new CopyModel('memory', { seed: 0, random: 0, principals: 1 });
  await model.start(smallOrganization);
  await model.clock.advance(60_000);
  const [process] = model.processes;
  const [organization] = model.aws.world.organizations.values();
  if (process === undefined || organization === undefined) throw new Error('no organization');
  const policy = [...organization.policies.values()].find(({ type, awsManaged }) => type === SCP && !awsManaged);
  return { model, ...process, policyId: policy?.id ?? '', rootId: organization.root.id };
};
const SCP = 'SERVICE_CONTROL_POLICY';

/** Reads to the BOOKMARK that ends the snapshot. Returns its cursor. */
const readSnapshot = async (events: ReturnType<ReturnType<typeof createWatcher>['watchList']>): Promise<string> => {
  for (;;) {
    const { value } = await events.next();
    if (value.type === 'BOOKMARK') return value.cursor;
  }
};

describe('a subscriber of attachments that reads too slowly', () => {
  it('ends with a cursor after the last event that it has read, and misses nothing when it resumes', async () => {
    const { model, watcher, upstream, policyId, rootId } = await createComplete();
    const list: ChangedList = 'policyAttachments';
    const slow = watcher.watchList(model.principal, list);
    await readSnapshot(slow);
    const attachment = { PolicyId: policyId, TargetId: rootId };
    const isAttached = () =>
      [...(model.processes[0]?.kept.list(list).objects?.keys() ?? [])].includes(`${rootId}/${policyId}`);
    let isOn = isAttached();
    const toggle = async () => {
      upstream.write(model.principal, payer, isOn ? 'DetachPolicy' : 'AttachPolicy', attachment);
      isOn = !isOn;
      await model.clock.advance(1);
    };
    await toggle();
    const { value: first } = await slow.next();
    expect(first.object).toEqual(attachment);
    for (let number = 0; number < maxBuffered + 5; number += 1) await toggle();
    const error = await slow.next().then(
      () => undefined,
      (reason: { readonly code: string; readonly extensions?: { readonly cursor?: string } }) => reason,
    );
    expect(error).toMatchObject({ code: 'SUBSCRIBER_TOO_SLOW' });
    const resumed = watcher.watchList(model.principal, list, { after: first.cursor });
    const types: string[] = [];
    for (let type = ''; type !== 'BOOKMARK'; types.push(type)) ({ type } = (await resumed.next()).value);
    expect(types).toHaveLength(maxBuffered + 5 + 1);
    expect(new Set(types.filter((_, index) => index % 2 === 0)).size).toBeLessThanOrEqual(2);
    await resumed.return?.();
    await model.end();
  }, 60_000);
});
