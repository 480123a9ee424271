// Measures the effect of attacks on a gateway with the memory of deploy/kubernetes, and on an honest client.
//
//   npm run bench:attacks -- [--seconds 8] [--only WORD]
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { AttackReport } from './attacker-process.ts';
import { type Attack, attacks } from './attacks.ts';
import { Child } from './child.ts';
import type { HonestReport } from './honest-process.ts';
import { createMemoryLimit, peakMemory } from './memory-limit.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '8' }, only: { type: 'string', default: '' } },
});
const seconds = Number(values.seconds);
const chosen = attacks.filter(({ name }) => name.includes(values.only));

const GOAL_PEAK = 256 * 2 ** 20;
const GOAL_P99_MS = 250;
/** 75% of the limit. Below it, the peak depends on the time of V8's garbage collections. */
const MAX_PEAK = 384 * 2 ** 20;

interface Row {
  readonly name: string;
  readonly peak: number | undefined;
  readonly honest: HonestReport;
  readonly attack: AttackReport;
  /** How the gateway's process ended, if it did. */
  readonly ending: string | undefined;
}

const print = (line: string) => void process.stdout.write(`${line}\n`);
const mb = (bytes: number | undefined) => (bytes === undefined ? '-' : `${Math.round(bytes / 2 ** 20)} MB`);
const ms = (value: number) => `${Math.round(value)} ms`;

const simulator = await Child.start<{ url: string }>('simulator-process');
await using _simulator = simulator.child;

async function measure({ name, auth }: Attack): Promise<Row> {
  const keys = auth === 'none' ? ['', ''] : [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
  const [honestKey = '', attackerKey = ''] = keys;
  const limit = createMemoryLimit();
  enforcedBy = limit.by;
  try {
    const args = [simulator.first.url, auth, ...keys];
    const started = await Child.start<{ url: string }>('gateway', args, limit.join);
    await using gateway = started.child;
    limit.enforce(gateway.pid);
    const { url } = started.first;
    const honest = await Child.start<object, HonestReport>('honest-process', [url, honestKey]);
    await using _honest = honest.child;
    const attacker = await Child.start<object, AttackReport>('attacker-process', [
      name,
      url,
      attackerKey,
      String(seconds),
    ]);
    await using _attacker = attacker.child;
    await honest.child.ask('report');
    const attack = await attacker.child.ask('run');
    const report = await honest.child.ask('report');
    return { name, honest: report, attack, peak: peakMemory(gateway.pid), ending: gateway.ending };
  } finally {
    // A cgroup can be removed once its processes have ended.
    limit[Symbol.dispose]();
  }
}

let enforcedBy = '';
const faults: string[] = [];
const missed: string[] = [];
let failed = 0;

/**
 * Returns the problems of a row that do not depend on the machine: missing responses, and memory above the limit.
 * Latency depends on the machine.
 */
function faultsOf({ honest, ending, peak }: Row): string[] {
  const found: string[] = [];
  if (peak !== undefined && peak > MAX_PEAK) found.push(`peak ${mb(peak)}, above ${mb(MAX_PEAK)}`);
  if (ending !== undefined) found.push(`the gateway ended (${ending})`);
  const [first] = honest.failures;
  if (first !== undefined) found.push(`${honest.failures.length} requests of the honest client failed: ${first}`);
  if (honest.requests === 0) found.push('the honest client was not answered');
  return found;
}

print(`${chosen.length} attacks of ${seconds} s each, Node ${process.version}\n`);
print('| attack | peak memory | honest p50 | p99 | worst | failed | sent | refused | alive |');
print('|---|---:|---:|---:|---:|---:|---:|---:|---|');
for (const each of chosen) {
  const row = await measure(each);
  const { name, peak, honest, attack, ending } = row;
  const { p50, p99, max, failures, requests } = honest;
  print(
    `| ${name} | ${mb(peak)} | ${ms(p50)} | ${ms(p99)} | ${ms(max)} | ${failures.length} of ${requests} | ${attack.sent} | ${attack.refused} | ${ending ?? 'yes'} |`,
  );
  const found = faultsOf(row);
  faults.push(...found.map((fault) => `${name}: ${fault}`));
  if (found.length > 0) failed += 1;
  if (peak !== undefined && peak > GOAL_PEAK) missed.push(`${name}: peak ${mb(peak)}, with a goal of ${mb(GOAL_PEAK)}`);
  if (p99 > GOAL_P99_MS) missed.push(`${name}: p99 of the honest client ${ms(p99)}, with a goal of ${ms(GOAL_P99_MS)}`);
}
print(`\nMemory limited by ${enforcedBy}.`);
for (const each of missed) print(`MISSED: ${each}`);
for (const fault of faults) print(`FAULT: ${fault}`);
print(`${chosen.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
