import * as sdk from '@aws-sdk/client-organizations';
import { getSmithyContext } from '@smithy/core';
import type { HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type {
  $ClientProtocol,
  $OperationSchema,
  Endpoint,
  HandlerExecutionContext,
  HeaderBag,
  HttpAuthOption,
  Identity,
  Provider,
  SelectedHttpAuthScheme,
  StaticOperationSchema,
} from '@smithy/types';
import type { OperationName } from './operation-types.ts';

type Config = sdk.OrganizationsClientResolvedConfig;

/** What all requests of one client of the SDK have in common. */
export interface RequestPattern {
  /** Writes the bodies of requests, and reads answers. */
  readonly protocol: $ClientProtocol<HttpRequest, HttpResponse>;
  /** What the protocol works with: where requests go, and the client's own functions. */
  readonly context: HandlerExecutionContext & Config & { readonly endpoint: Provider<Endpoint> };
  readonly headers: HeaderBag;
  /** Signs requests, and corrects the client's clock by their answers. */
  readonly signer: SelectedHttpAuthScheme['signer'];
  readonly identity: Identity;
  readonly signing: Readonly<NonNullable<HttpAuthOption['signingProperties']>>;
}

/**
 * Takes it from a request that the client's chain of middleware has made for an operation and is about to sign; `context` is the chain's.
 * Undefined when the request is not one of the protocol awsJson, signed with SigV4, whose requests differ in their target and body alone.
 */
export function patternOf(
  operation: OperationName,
  { protocol, hostname, port, path, headers }: HttpRequest,
  context: HandlerExecutionContext,
  config: Config,
): RequestPattern | undefined {
  const { protocol: format } = config;
  const scheme: unknown = getSmithyContext(context)['selectedHttpAuthScheme'];
  const { [targetHeader]: target, [lengthHeader]: length, ...common } = headers;
  if (!isProtocol(format) || !isScheme(scheme) || scheme.httpAuthOption.schemeId !== 'aws.auth#sigv4') return undefined;
  if (length === undefined || !target?.endsWith(`.${operation}`)) return undefined;
  const endpoint: Endpoint = { protocol, hostname, path, ...(port === undefined ? {} : { port }) };
  return {
    protocol: format,
    context: { ...config, endpoint: async () => endpoint },
    headers: common,
    signer: scheme.signer,
    identity: scheme.identity,
    signing: scheme.httpAuthOption.signingProperties ?? {},
  };
}

const targetHeader = 'x-amz-target';
const lengthHeader = 'content-length';

/** The operation's shapes, for the protocol. */
export function schemaOf(operation: OperationName): $OperationSchema | undefined {
  const found = schemas.get(operation);
  if (found !== undefined) return found;
  const schema: StaticOperationSchema | undefined = Reflect.get(sdk, `${operation}$`);
  if (schema === undefined) return undefined;
  const [, namespace, name, traits, input, output] = schema;
  const made = { namespace, name, traits, input, output };
  schemas.set(operation, made);
  return made;
}

const schemas = new Map<OperationName, $OperationSchema>();

function isProtocol(value: unknown): value is $ClientProtocol<HttpRequest, HttpResponse> {
  return has(value, 'serializeRequest', 'function') && has(value, 'deserializeResponse', 'function');
}

function isScheme(value: unknown): value is SelectedHttpAuthScheme {
  return has(value, 'httpAuthOption', 'object') && has(value, 'signer', 'object');
}

function has(value: unknown, member: string, type: 'function' | 'object'): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, member) === type;
}
