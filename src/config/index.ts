import { z } from 'zod';
import { DEFAULT_HOST, DEFAULT_PORT } from './addresses.ts';
import { auth } from './auth.ts';
import { consolePage } from './console.ts';
import { contradictions } from './contradictions.ts';
import { persistedQueries, trustedDocuments } from './documents.ts';
import { graph } from './graph.ts';
import { history } from './history.ts';
import { inventory } from './inventory.ts';
import { limits } from './limits.ts';
import { mcp } from './mcp.ts';
import { notifications } from './notifications.ts';
import { log, metrics, shutdown } from './operations.ts';
import { principals } from './principals.ts';
import { redis } from './redis.ts';
import { upstream } from './upstream.ts';
import { hostHeader, network, origin, port, text } from './values.ts';
import { hints, watch } from './watch.ts';

/**
 * All settings with type, default and description. docs/configuration.md is generated from them (`npm run
 * configuration`), and error messages use their examples.
 */
export const settings = z.strictObject({
  host: text
    .default(DEFAULT_HOST)
    .meta({ description: 'The address to listen on. Other addresses than loopback need `auth`.' }),
  port: port.default(DEFAULT_PORT).meta({ description: 'The TCP port; 0 takes any free one.' }),
  principals,
  upstream,
  graph,
  inventory,
  history,
  watch,
  redis,
  hints,
  notifications,
  auth,
  allowedHosts: z
    .array(hostHeader)
    .default([])
    .meta({
      examples: ['[orgql.example.com]'],
      description:
        'The names of the gateway, with or without a port. If any is set, a request with another Host is rejected.',
    }),
  allowedOrigins: z
    .array(origin)
    .default([])
    .meta({
      examples: ['["https://app.example.com"]'],
      description: "Origins of pages that may use the gateway, beside the gateway's own.",
    }),
  trustedProxies: z
    .array(network)
    .default([])
    .meta({
      examples: ['[10.0.0.0/8]'],
      description:
        'Addresses and networks of proxies in front of the gateway. Only their `X-Forwarded-For` is the ' +
        "client's address, " +
        'for limits and for the log.',
    }),
  limits,
  trustedDocuments,
  persistedQueries,
  federation: z.boolean().default(false).meta({
    description: 'Makes the gateway a subgraph of Apollo Federation 2 (docs/federation.md).',
  }),
  mcp,
  graphiql: z.boolean().default(true).meta({ description: 'Serves GraphiQL at /graphql.' }),
  introspection: z.boolean().default(true).meta({ description: 'Allows introspection, which GraphiQL needs.' }),
  console: consolePage,
  shutdown,
  log,
  metrics,
});

export const configSchema = settings.check(({ value, issues }) => {
  for (const { path, message } of contradictions(value)) {
    issues.push({ code: 'custom', path: [...path], message, input: value });
  }
});

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

export type Config = DeepReadonly<z.output<typeof configSchema>>;
export type ConfigInput = z.input<typeof configSchema>;
export type PrincipalConfig = Config['principals'][number];
export type InventoryConfig = Config['inventory'][number];
export type NotificationConfig = Config['notifications'][number];
