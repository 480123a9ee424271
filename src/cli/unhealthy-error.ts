/** A server does not answer a health check. `message` is one line that names its address. */
export class UnhealthyError extends Error {
  override readonly name = 'UnhealthyError';
}
