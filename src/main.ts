#!/usr/bin/env node
import { parseCommandLine } from './cli/command-line.ts';
import { endWithError, runUntilSignal } from './cli/run.ts';

try {
  await runUntilSignal(parseCommandLine(process.argv.slice(2)));
} catch (error) {
  await endWithError(error);
}
