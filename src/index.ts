export { ConfigError } from './config/config-error.ts';
export type { Config, ConfigInput } from './config/index.ts';
export type { LoadOptions } from './embedding.ts';
export { createGateway, createHandler, loadConfig, schema } from './embedding.ts';
export type { Gateway, GatewayOptions, Handler, HandlerOptions } from './gateway.ts';
export type { FetchInfo } from './transport/embedded/options.ts';
export { ListenError } from './transport/listen.ts';
export { StoreError } from './watcher/store-error.ts';
