import { fileURLToPath } from 'node:url';
import { type Scope, scopes } from '../../config/auth.ts';
import type { Setting } from '../../config/environment.ts';
import { printable } from '../../config/printable.ts';
import { readDocuments, type ToolDocument } from '../../mcp/read-documents.ts';
import { schema } from '../../schema/index.ts';
import { endOnFault } from '../end-on-fault.ts';
import { send } from '../gateway-request.ts';
import { CommandError, type Running } from '../run.ts';
import { loadMcpGateway, type McpGatewayOptions } from './gateway.ts';

export interface McpOptions extends McpGatewayOptions {
  readonly documents?: string;
  readonly mutations?: boolean;
  readonly principal?: string;
  readonly maxAge?: number;
}

/** The tools that orgql has. */
const OWN_DOCUMENTS = fileURLToPath(new URL('../../mcp/documents/', import.meta.url));

/** A gateway in this process permits no more than the tools need. */
const READ_SCOPES: readonly Scope[] = ['read', 'gateway:read', 'audit:read'];

/** Standard output belongs to the protocol. */
const log = (text: string): void => console.error(`orgql: ${printable(text)}`);

/** `orgql mcp`: serves tools on standard input and output until the client closes the input. */
export async function mcp({
  documents: folder,
  mutations,
  principal,
  maxAge,
  ...options
}: McpOptions): Promise<Running> {
  endOnFault();
  // A client that ends early has left, but what it has confirmed is not interrupted.
  process.stdout.removeAllListeners('error').on('error', ({ message }) => {
    log(`standard output: ${message}`);
    process.stdin.destroy();
  });
  const overrides: readonly Setting[] = [
    { path: ['mcp', 'documents'], value: folder, source: '--documents' },
    { path: ['mcp', 'mutations'], value: mutations, source: '--mutations' },
  ].filter(({ value }) => value !== undefined);
  const { settings, connect } = await loadMcpGateway(options, overrides);
  const documents = permitted(await readDocuments(settings.documents ?? OWN_DOCUMENTS, schema), settings.mutations);
  const { serveTools } = await import('../../mcp/server.ts').catch(missingPackage);
  const gateway = await connect(settings.mutations ? scopes : READ_SCOPES);
  const server = await serveTools({
    schema,
    documents,
    extensions: {
      ...(principal !== undefined && { principal }),
      ...(maxAge !== undefined && { orgql: { maxAge } }),
    },
    send: (request, signal, headers) => send(gateway, request, signal, headers),
    messageOf: (error) => (error instanceof CommandError ? error.message : undefined),
    log,
  });
  return {
    ready: '',
    finished: server.finished.catch((error: unknown) => {
      throw new CommandError(error instanceof Error ? error.message : String(error));
    }),
    async close() {
      await server.close();
      await gateway.close();
    },
  };
}

/** The documents that are tools. Mutations have to be permitted. */
function permitted(documents: readonly ToolDocument[], mutations: boolean): readonly ToolDocument[] {
  return documents.filter(({ name, file, definition }) => {
    if (mutations || definition.operation !== 'mutation') return true;
    log(`${file}: the mutation ${name} is no tool; set mcp.mutations to true to permit it`);
    return false;
  });
}

function missingPackage(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')
    throw new CommandError(
      'orgql mcp requires the package @modelcontextprotocol/sdk, which npm did not install; run npm install again',
    );
  throw error;
}
