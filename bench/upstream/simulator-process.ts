import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { inviteCustomers } from '../../test/support/customers.ts';

export const account = '111111111111';

export interface WorldSize {
  readonly accounts: number;
  readonly handshakes: number;
  /** Number of service control policies beside FullAWSAccess. */
  readonly policies: number;
}

/** The numbers that determine the minimum of calls. */
export interface Census {
  readonly accounts: number;
  /** Number of child units of each parent. */
  readonly unitsOfParents: readonly number[];
  /** Number of accounts of each parent. */
  readonly accountsOfParents: readonly number[];
  readonly targetsOfPolicies: readonly number[];
}

export interface Counted {
  readonly calls: number;
  readonly byOperation: Readonly<Record<string, number>>;
  readonly throttled: number;
}

export interface RunningWorld extends AsyncDisposable {
  readonly url: string;
  readonly census: Census;
  counted(): Promise<Counted>;
}

interface Message {
  readonly url?: string;
  readonly census?: Census;
  readonly counted?: Counted;
}

/** Starts a simulated organization in a process of its own, with AWS's documented rates and the latency in ms. */
export async function startWorld(size: WorldSize, latencyMs: number): Promise<RunningWorld> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify({ ...size, latencyMs })]);
  const answer = async (): Promise<Message> => (await once(child, 'message'))[0];
  const { url, census } = await answer();
  if (url === undefined || census === undefined) throw new Error('the simulator did not start');
  return {
    url,
    census,
    async counted() {
      const next = answer();
      child.send('count');
      const { counted } = await next;
      if (counted === undefined) throw new Error('the simulator did not count');
      return counted;
    },
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}

async function serve({ accounts, handshakes, policies, latencyMs }: WorldSize & { latencyMs: number }): Promise<void> {
  const simulator = await startSimulator({
    seed: 'empty',
    account,
    accounts,
    settings: { quotas: { inboundTransfers: 1_000 } },
  });
  await addPolicies(simulator, policies);
  await inviteCustomers(simulator.url, account, handshakes);
  simulator.control.resetRequests();
  simulator.control.setFaults({ throttle: true, latency: latencyMs });
  process.on('message', () => process.send?.({ counted: count(simulator) } satisfies Message));
  process.send?.({ url: simulator.url, census: censusOf(simulator) } satisfies Message);
}

/** Each policy is attached to twenty units. */
async function addPolicies({ url, world }: Simulator, count: number): Promise<void> {
  const client = new OrganizationsClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: account, secretAccessKey: 'not looked at' },
  });
  const { Roots = [] } = await client.send(new ListRootsCommand({}));
  const enabled = Roots[0]?.PolicyTypes?.some(({ Type }) => Type === 'SERVICE_CONTROL_POLICY') ?? false;
  if (!enabled) {
    await client.send(new EnablePolicyTypeCommand({ RootId: Roots[0]?.Id, PolicyType: 'SERVICE_CONTROL_POLICY' }));
  }
  const units = [...(organizationOf(world)?.units.values() ?? [])];
  for (let index = 0; index < count; index += 1) {
    const { Policy } = await client.send(
      new CreatePolicyCommand({
        Type: 'SERVICE_CONTROL_POLICY',
        Name: `Guardrail ${index + 1}`,
        Description: 'A guardrail',
        Content: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Action: 'cloudtrail:StopLogging', Resource: '*' }],
        }),
      }),
    );
    for (let at = 0; at < 20; at += 1) {
      const unit = units[(index * 37 + at * 11) % units.length];
      const input = { PolicyId: Policy?.PolicySummary?.Id, TargetId: unit?.id };
      // In a small world the same unit can be chosen twice.
      await client.send(new AttachPolicyCommand(input)).catch(() => undefined);
    }
  }
  client.destroy();
}

const organizationOf = (world: Simulator['world']) =>
  [...world.organizations.values()].find(({ managementAccountId }) => managementAccountId === account);

function censusOf({ world }: Simulator): Census {
  const organization = organizationOf(world);
  if (!organization) throw new Error('no organization');
  const unitsOfParents: number[] = [];
  const accountsOfParents: number[] = [];
  const visit = (id: string, level: number): void => {
    const { units, accounts } = organization.childrenOf(id);
    accountsOfParents.push(accounts.size);
    if (level < 5) unitsOfParents.push(units.size);
    for (const unit of units.values()) visit(unit.id, level + 1);
  };
  visit(organization.root.id, 0);
  return {
    accounts: organization.members.size,
    unitsOfParents,
    accountsOfParents,
    targetsOfPolicies: [...organization.policies.values()]
      .filter(({ type }) => type === 'SERVICE_CONTROL_POLICY')
      .map(({ id }) => organization.attachmentsOf(id).size),
  };
}

function count({ control }: Simulator): Counted {
  const requests = control.requests();
  return {
    calls: requests.reduce((sum, request) => sum + request.count, 0),
    byOperation: Object.fromEntries(requests.map((request) => [request.operation, request.count])),
    throttled: requests.reduce((sum, { errors }) => sum + (errors['TooManyRequestsException'] ?? 0), 0),
  };
}

const [options] = process.argv.slice(2);
if (process.send !== undefined && options !== undefined) await serve(JSON.parse(options));
