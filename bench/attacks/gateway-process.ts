import { writeFileSync } from 'node:fs';

// Memory counts toward the cgroup that allocates it, so the process joins before it loads anything.
const { ORGQL_CGROUP_PROCS: procs } = process.env;
if (procs) writeFileSync(procs, String(process.pid));
await import('./gateway.ts');
