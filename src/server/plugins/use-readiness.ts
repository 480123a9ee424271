import { useReadinessCheck } from 'graphql-yoga';
import type { Departure } from '../departure.ts';
import type { ReadinessReport } from '../readiness.ts';

/** `/ready`: whether operations should be sent here now, with the reasons as JSON. Never from a cache on the way. */
export function useReadiness(departure: Departure, readiness: (() => Promise<ReadinessReport>) | undefined) {
  return useReadinessCheck({
    endpoint: '/ready',
    async check({ fetchAPI }) {
      const report = departure.announced
        ? { ready: false, goingAway: true }
        : ((await readiness?.()) ?? { ready: true });
      return new fetchAPI.Response(`${JSON.stringify(report)}\n`, {
        status: report.ready ? 200 : 503,
        headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
      });
    },
  });
}
