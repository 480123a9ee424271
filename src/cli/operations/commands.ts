import { type Command, InvalidArgumentError } from 'commander';
import { config, maxAge, principal, tokenFile, url } from '../options.ts';
import type { Running } from '../run.ts';
import type { VariableTexts } from './variables.ts';

/** Adds `orgql query` and `orgql watch`. The code of a command is loaded only when it starts. */
export function addOperationCommands(program: Command, onStart: (start: () => Promise<Running>) => void): void {
  addCommonOptions(
    program
      .command('query')
      .description('run a query or mutation and print its result')
      .argument('<file>', 'GraphQL document; - reads standard input'),
  )
    .option('--all', 'read all pages of the list, through its variable $after')
    .action((file, options) => onStart(async () => (await import('./query.ts')).query(file, options)));

  addCommonOptions(
    program
      .command('watch')
      .description('run a subscription and print its events, also after interruptions')
      .argument('<file>', 'GraphQL document; - reads standard input'),
  )
    .option('--after <cursor>', 'continue after the event with this cursor')
    .action((file, options) => onStart(async () => (await import('./watch.ts')).watch(file, options)));
}

function addCommonOptions(command: Command): Command {
  return command
    .addOption(url())
    .addOption(tokenFile())
    .option('--in-process', 'read AWS without a running gateway')
    .addOption(config())
    .addOption(principal())
    .option('--operation <name>', 'operation of a document that has several')
    .option('--var <name=value>', 'variable of the operation, such as state=OPEN; may be repeated', addVariable)
    .addOption(maxAge())
    .option('--json', 'print JSON (default)')
    .option('--table', 'print a table')
    .option('--csv', 'print CSV');
}

function addVariable(text: string, earlier: VariableTexts = {}): VariableTexts {
  const separator = text.indexOf('=');
  const name = text.slice(0, separator).replace(/^\$/, '');
  if (!/^[_A-Za-z]\w*$/.test(name)) throw new InvalidArgumentError('Expected name=value, such as state=OPEN');
  return {
    ...earlier,
    [name]: [...(Object.hasOwn(earlier, name) ? (earlier[name] ?? []) : []), text.slice(separator + 1)],
  };
}
