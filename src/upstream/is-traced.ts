/** Where OpenTelemetry's API keeps what is registered with it, so that all its copies in a process, of whatever version 1, find the same. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

/** Whether anybody collects traces: they are asked for before the gateway is made, or not at all. The API is loaded for those who do. */
export function isTraced(): boolean {
  const registered: unknown = Reflect.get(globalThis, REGISTERED);
  return typeof registered === 'object' && registered !== null && 'trace' in registered;
}
