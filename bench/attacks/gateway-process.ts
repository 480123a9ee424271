import { writeFileSync } from 'node:fs';

// Memory counts for the cgroup in which it was allocated, so that the process joins before it loads anything.
const { ORGQL_CGROUP_PROCS: procs } = process.env;
if (procs) writeFileSync(procs, String(process.pid));
await import('./gateway.ts');
