/** Limits per caller and address that no load reaches, because all clients of a bench are one caller. */
export const unlimited = {
  operations: { perSecond: 1e9, burst: 1e9 },
  cpu: { msPerSecond: 1e9, burstMs: 1e9 },
  concurrentOperations: 1e6,
  queuedOperations: { perCaller: 1e6, total: 1e6 },
  subscriptionsPerCaller: 1e6,
  connections: 1e6,
  connectionsPerAddress: 1e6,
  connectionsUnauthenticated: 1e6,
};
