import { useReadinessCheck } from 'graphql-yoga';
import { type Report, reportText } from '../http/probes.ts';

/** `/ready`: whether operations should be sent here now, as JSON. Never from a cache on the way. */
export function useReadiness(report: () => Promise<Report>) {
  return useReadinessCheck({
    endpoint: '/ready',
    async check({ fetchAPI }) {
      const told = await report();
      return new fetchAPI.Response(reportText(told), {
        status: told.ready ? 200 : 503,
        headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
      });
    },
  });
}
