#!/usr/bin/env node
import { parseCommandLine } from './cli/command-line.ts';
import { endProcess } from './cli/end-process.ts';
import { report } from './cli/report.ts';
import { runUntilSignal } from './cli/run.ts';
import { StoreError } from './watcher/store.ts';

try {
  await runUntilSignal(parseCommandLine(process.argv.slice(2)));
} catch (error) {
  await endProcess(report(error), error instanceof StoreError && error.isHanging);
}
