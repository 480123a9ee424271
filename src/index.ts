export { ConfigError } from './config/config-error.ts';
export type { Config, ConfigInput } from './config/index.ts';
export type { LoadOptions } from './embedding.ts';
export { createGateway, createHandler, loadConfig } from './embedding.ts';
export type { Gateway, GatewayOptions, Handler, HandlerOptions } from './gateway.ts';
export { schema } from './schema/index.ts';
export type { FetchInfo } from './transport/embedded/index.ts';
export { ListenError } from './transport/listen.ts';
export { StoreError } from './watcher/index.ts';
