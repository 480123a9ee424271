import type { Command } from 'commander';
import { config, maxAge, principal, tokenFile, url } from '../options.ts';
import type { Running } from '../run.ts';

/** Adds `orgql mcp`. Its code is loaded only when it starts. */
export function addMcpCommand(program: Command, onStart: (start: () => Promise<Running>) => void): void {
  program
    .command('mcp')
    .description('tools for agents: a server of the Model Context Protocol on standard input and output')
    .addOption(url())
    .addOption(tokenFile())
    .option('--in-process', 'read AWS without a running gateway')
    .option('--demo', 'read the world of orgql demo, without a running gateway')
    .addOption(config())
    .option('--documents <folder>', 'folder with the operations that are tools (default: those of orgql)')
    .option('--mutations', 'let mutations of the folder be tools, with previews')
    .addOption(principal())
    .addOption(maxAge())
    .action((options) => onStart(async () => (await import('./mcp.ts')).mcp(options)));
}
