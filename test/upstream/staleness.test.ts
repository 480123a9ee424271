import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Failure } from '../../src/simulator/index.ts';
import { runs } from '../support/runs.ts';
import { emulated, startUpstream, type UpstreamWorld } from '../support/upstream.ts';

/** `world` caches forever, with faults. `truth` has no cache and no faults. */
let world: UpstreamWorld;
let truth: UpstreamWorld;
let rootId: string;
beforeAll(async () => {
  world = await startUpstream({
    simulator: { latencyMs: { min: 0, max: 8 } },
    upstream: { cacheMs: 3_600_000 },
    random: () => 0,
  });
  truth = await startUpstream({ principals: [emulated('partner', '111111111111', world.simulator.url)] });
  await truth.session().write('CreateOrganization', {});
  const { Roots } = await truth.session().read('ListRoots', {});
  rootId = Roots?.[0]?.Id ?? '';
});
afterAll(async () => {
  await truth[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const tags = (of: UpstreamWorld) => of.session().read('ListTagsForResource', { ResourceId: rootId });

const fault = fc.constantFrom<Failure | undefined>(
  undefined,
  undefined,
  { kind: 'reset', when: 'before' },
  { kind: 'reset', when: 'after' },
  { kind: 'truncate' },
  { kind: 'error', error: 'ServiceException' },
  { kind: 'error', error: 'ConcurrentModificationException' },
);
const step = fc.oneof(
  fc.record({ do: fc.constant('read meanwhile' as const) }),
  fc.record({ do: fc.constant('write' as const), value: fc.integer({ min: 0, max: 3 }), fault }),
  fc.record({ do: fc.constant('read' as const) }),
);

it('a read that starts after a write has succeeded or failed is never older than that write', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 20, size: 'max' }), async (steps) => {
      const meanwhile: Promise<unknown>[] = [];
      for (const action of steps) {
        if (action.do === 'write') {
          if (action.fault !== undefined) world.simulator.control.failNext('TagResource', action.fault);
          const Tags = [{ Key: 'n', Value: String(action.value) }];
          await world
            .session()
            .write('TagResource', { ResourceId: rootId, Tags })
            .catch(() => undefined);
        } else if (action.do === 'read') {
          expect(await tags(world)).toEqual(await tags(truth));
        } else {
          meanwhile.push(tags(world));
        }
      }
      await Promise.all(meanwhile);
    }),
    { numRuns: runs(40) },
  );
});
