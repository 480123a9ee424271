#!/usr/bin/env node
import { parseCommandLine } from './cli/command-line.ts';
import { report } from './cli/report.ts';
import { runUntilSignal } from './cli/run.ts';

try {
  await runUntilSignal(parseCommandLine(process.argv.slice(2)));
} catch (error) {
  process.exitCode = report(error);
}
