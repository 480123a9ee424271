// Imports every export with its types.
import { createServer, type Server } from 'node:http';
import * as orgql from 'orgql';
import {
  type Config,
  ConfigError,
  type ConfigInput,
  createGateway,
  createHandler,
  type FetchInfo,
  type Gateway,
  type GatewayOptions,
  type Handler,
  type HandlerOptions,
  ListenError,
  type LoadOptions,
  loadConfig,
  StoreError,
  schema,
} from 'orgql';
import * as client from 'orgql/client';
import * as controlPolicies from 'orgql/control-policies';
import { possibleTypes } from 'orgql/possible-types';
import * as simulator from 'orgql/simulator';

const settings: ConfigInput = { log: { level: 'error' }, limits: { bodyBytes: 10_000 } };
const options: LoadOptions = { file: 'orgql.yaml', settings, environment: process.env };

export async function serve(basePath: string): Promise<Server> {
  const config: Config = await loadConfig(options);
  const handlerOptions: HandlerOptions = { basePath };
  await using handler: Handler = await createHandler(config, handlerOptions);
  const info: FetchInfo = { remoteAddress: '127.0.0.1' };
  const response: Response = await handler.fetch(new Request('http://localhost/graphql'), info);
  if (!response.ok) throw new Error(response.statusText);
  const gatewayOptions: GatewayOptions = {};
  const gateway: Gateway = await createGateway(config, gatewayOptions);
  await gateway.close();
  return createServer(handler).on('upgrade', handler.upgrade);
}

export const names: readonly string[] = [...Object.keys(schema.getTypeMap()), ...Object.keys(possibleTypes)];

export const isKnown = (error: unknown): boolean =>
  [ConfigError, ListenError, StoreError, client.WatchError, simulator.WorldFileError].some(
    (kind) => error instanceof kind,
  );

interface Changes {
  readonly accountChanges: { readonly account: { readonly id: string; readonly name: string } | null };
}
export type Row = client.RowOf<Changes>;
export const start = (seed: simulator.WorldFile): Promise<simulator.Simulator> => simulator.startSimulator({ seed });
export const decide: (input: controlPolicies.OrganizationInput) => controlPolicies.PreparedOrganization =
  controlPolicies.prepareOrganization;
export const all: readonly object[] = [orgql, client, controlPolicies, simulator];
