import { z } from 'zod';
import type { SimulatorClock } from '../clock.ts';
import { CreateAccountFailureReason } from '../model/enums.ts';
import type { HttpRequest } from '../protocol/authorization.ts';
import type { Reply } from '../protocol/reply.ts';
import { Prerequisite } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { dumpWorld } from '../worlds/dump-world.ts';
import { formatIssues } from '../worlds/format-issues.ts';
import { accountId, quotasSchema, settingsSchema } from '../worlds/world-file-schema.ts';
import { decideForClient } from './authorize.ts';
import type { SimulatorControl } from './control.ts';
import { failureRuleSchema, faultsSchema } from './faults-schema.ts';

export interface ControlContext {
  readonly world: World;
  readonly clock: SimulatorClock;
  readonly control: SimulatorControl;
  /** @throws {WorldFileError} if the seed is not a world; the current world then stays */
  replaceWorld(seed: unknown): void;
  /**
   * See `Simulator.reset`.
   *
   * @throws {WorldFileError}
   */
  reset(seed: unknown): void;
}

type RouteHandler = (context: ControlContext, body: unknown, id: string) => unknown;

const clockChange = z.strictObject({
  now: z.iso.datetime({ offset: true }).optional(),
  advanceMs: z.number().optional(),
  rate: z.number().nonnegative().optional(),
});

const accountChange = z.strictObject({
  missingPrerequisites: z.array(z.enum(Prerequisite)).optional(),
  /** Null ends the pairing with an account in GovCloud (US). */
  govCloudAccountId: accountId.nullable().optional(),
});

const formatClock = ({ clock }: ControlContext) => ({ now: new Date(clock.now()).toISOString(), rate: clock.rate });

/** Handlers by method and path, where `:id` matches one segment. docs/simulator.md documents them. */
const routes: Readonly<Record<string, RouteHandler>> = {
  'GET /': () => ({ paths: Object.keys(routes).map((key) => key.replace(' /', ' /_orgql/')) }),
  'GET /world': ({ world }) => dumpWorld(world),
  'PUT /world': (context, body) => context.replaceWorld(body),
  'POST /reset': (context, body) => context.reset(body),
  'GET /clock': formatClock,
  'PATCH /clock': (context, body) => {
    const { now, advanceMs, rate } = clockChange.parse(body);
    if (now !== undefined) context.clock.set(Date.parse(now));
    if (advanceMs !== undefined) context.clock.advance(advanceMs);
    if (rate !== undefined) context.clock.setRate(rate);
    context.world.now();
    return formatClock(context);
  },
  'GET /faults': ({ control }) => control.faults,
  'PATCH /faults': ({ control }, body) => {
    control.setFaults(faultsSchema.parse(body));
    return control.faults;
  },
  'DELETE /faults': ({ control }) => control.clearFaults(),
  'POST /failures': ({ control }, body) => {
    control.fail(failureRuleSchema.parse(body));
    return control.faults.failures;
  },
  'DELETE /failures': ({ control }) => control.setFaults({ failures: [] }),
  'GET /requests': ({ control }) => ({ total: control.requestCount(), requests: control.requests() }),
  'DELETE /requests': ({ control }) => control.resetRequests(),
  'GET /settings': ({ world }) => world.settings,
  'PATCH /settings': ({ world }, body) => {
    const { quotas, ...settings } = settingsSchema.partial().parse(body);
    Object.assign(world.settings, settings);
    Object.assign(world.settings.quotas, quotas);
    return world.settings;
  },
  'PATCH /organizations/:id': ({ world }, body, id) => {
    const organization = world.organizations.get(id);
    if (!organization)
      throw new NotFound(`Organization ${id} does not exist. GET /_orgql/world lists the organizations.`);
    Object.assign(organization.quotas, z.strictObject({ quotas: quotasSchema.partial() }).parse(body).quotas);
    return { id, quotas: organization.quotas };
  },
  'PATCH /accounts/:id': ({ world }, body, id) => {
    const account = world.accounts.get(id);
    if (!account) throw new NotFound(`Account ${id} does not exist. GET /_orgql/world lists the accounts.`);
    const { missingPrerequisites, govCloudAccountId } = accountChange.parse(body);
    if (missingPrerequisites) {
      account.missingPrerequisites.clear();
      for (const prerequisite of missingPrerequisites) account.missingPrerequisites.add(prerequisite);
    }
    if (govCloudAccountId === null) delete account.govCloudAccountId;
    else if (govCloudAccountId !== undefined) account.govCloudAccountId = govCloudAccountId;
    return {
      id,
      missingPrerequisites: [...account.missingPrerequisites],
      govCloudAccountId: account.govCloudAccountId ?? null,
    };
  },
  'POST /account-creation-failures': ({ world }, body) => {
    const { reasons } = z.strictObject({ reasons: z.array(z.enum(CreateAccountFailureReason)) }).parse(body);
    world.accountCreationFailures.push(...reasons);
    return { reasons: world.accountCreationFailures };
  },
  'POST /authorize': ({ world }, body) => decideForClient(world, body),
};

class NotFound extends Error {}

/** Whether a control request can change the world. */
export function mayChangeWorld({ method, url }: HttpRequest): boolean {
  return method !== 'GET' && url.split('?')[0] !== '/_orgql/authorize';
}

/**
 * Handles `/_orgql/…`: JSON over HTTP, without signatures. Writes must have the content type application/json, which a
 * web page of another origin cannot send.
 */
export async function handleControlRequest(context: ControlContext, request: HttpRequest): Promise<Reply> {
  // DNS rebinding gives web pages a host name for this machine, but browsers still send Origin.
  if (request.headers.origin !== undefined)
    return jsonReply(403, {
      error:
        'The request has an Origin header, so it comes from a web page. Send it without Origin, for example with curl.',
    });
  const path = request.url.split('?')[0]?.slice('/_orgql'.length) ?? '/';
  const route = findRoute(request.method, path);
  if (!route)
    return jsonReply(404, { error: `${request.method} /_orgql${path} does not exist. GET /_orgql/ lists the paths.` });
  if (request.method !== 'GET' && request.headers['content-type']?.split(';')[0] !== 'application/json') {
    return jsonReply(415, {
      error: `Content-Type is ${request.headers['content-type'] ?? 'missing'}. Send application/json.`,
    });
  }
  try {
    const body: unknown = request.body.length === 0 ? undefined : JSON.parse(request.body.toString());
    const result = await route.handler(context, body, route.id);
    return result === undefined ? { status: 204, headers: {}, body: '' } : jsonReply(200, result);
  } catch (error) {
    if (error instanceof NotFound) return jsonReply(404, { error: error.message });
    if (error instanceof z.ZodError) return jsonReply(400, { error: formatIssues(error) });
    return jsonReply(400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function findRoute(method: string, path: string): { readonly handler: RouteHandler; readonly id: string } | undefined {
  const exact = Object.hasOwn(routes, `${method} ${path}`) ? routes[`${method} ${path}`] : undefined;
  if (exact) return { handler: exact, id: '' };
  const separator = path.lastIndexOf('/');
  const withId = routes[`${method} ${path.slice(0, separator)}/:id`];
  return withId && { handler: withId, id: path.slice(separator + 1) };
}

function jsonReply(status: number, value: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
