import { Argument, Command, CommanderError } from 'commander';
import { DEFAULT_PORT } from '../config/addresses.ts';
import { ConfigError } from '../config/config-error.ts';
import { version } from '../config/version.ts';
import { completionScript, shells } from './completion.ts';
import { addMcpCommand } from './mcp/commands.ts';
import { addNotificationCommands } from './notifications/commands.ts';
import { addOperationCommands } from './operations/commands.ts';
import {
  accountId,
  accounts,
  allowOrigin,
  autoRespond,
  config,
  host,
  integer,
  noControlPolicies,
  port,
  SIMULATOR_PORT,
  seed,
  state,
} from './options.ts';
import { addPolicyCommands } from './policies/commands.ts';
import type { Start } from './run.ts';
import { collectMistakes } from './usage-mistakes.ts';

/**
 * Parses the command line. The code of a command is loaded only when it starts.
 * @throws ConfigError that names every mistake.
 */
export function parseCommandLine(args: readonly string[]): Start {
  let start: Start | undefined;
  /** Whether the command reports the mistakes itself, together with those of its settings. */
  let reportsMistakes = false;
  const program = new Command('orgql')
    .description('AWS Organizations as a GraphQL graph, typed, paged and live, with an embedded simulator.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    // The caller of this function reports the ConfigError.
    .configureOutput({ writeErr: () => {} })
    .exitOverride();

  program
    .command('demo')
    .description(
      'the graph over the embedded simulator: a seeded world, three principals and GraphiQL; needs no AWS account',
    )
    .addOption(host())
    .addOption(port(DEFAULT_PORT))
    .addOption(config())
    .addOption(allowOrigin())
    .addOption(seed())
    .addOption(accounts())
    .addOption(state())
    .addOption(autoRespond())
    .addOption(noControlPolicies())
    .action((options) => {
      start = async () => (await import('./demo.ts')).demo(options, mistakes);
      reportsMistakes = true;
    });

  program
    .command('serve')
    .description('the graph over AWS, with the default credentials of the AWS SDK or the principals in the file')
    .addOption(host())
    .addOption(port(DEFAULT_PORT))
    .addOption(config())
    .action((options) => {
      start = async () => (await import('./serve.ts')).serve(options, mistakes);
      reportsMistakes = true;
    });

  program
    .command('simulate')
    .description('the simulator alone, for any AWS client: SDKs, boto3, the AWS CLI')
    .addOption(host())
    .addOption(port(SIMULATOR_PORT))
    .addOption(seed())
    .addOption(accounts())
    .option('--account <id>', 'account of access keys that are not an account id', accountId)
    .addOption(state())
    .addOption(autoRespond())
    .addOption(noControlPolicies())
    .option('--verify-signatures <secret>', 'verify signatures; all access keys have this secret')
    .option('--throttle', 'throttle calls above the rates that AWS documents')
    .option('--latency <ms>', 'delay each reply by this many ms', integer(0, 600_000, 80))
    .option('--empty-pages', 'insert empty pages with a NextToken, as AWS does')
    .option('--random-seed <n>', 'seed of all random behavior, to repeat a run', integer(0, 4_294_967_295, 1))
    .action((options) => {
      start = async () => (await import('./simulate.ts')).simulate(options, mistakes);
      reportsMistakes = true;
    });

  addPolicyCommands(program, (run) => {
    start = async () => void (await run());
  });

  addOperationCommands(program, (run) => {
    start = run;
  });

  addMcpCommand(program, (run) => {
    start = run;
  });

  addNotificationCommands(program, (run) => {
    start = async () => void (await run());
  });

  program
    .command('health')
    .description('health check of the server with these options: exit code 0 if it responds, otherwise 1')
    .addOption(host())
    .addOption(port(DEFAULT_PORT))
    .addOption(config())
    .option('--pid <id>', 'use the options of the process with this id', integer(1, 4_194_304, 1))
    .action((options) => {
      start = async () => void (await (await import('./health.ts')).health(options));
    });

  program
    .command('schema')
    .description('print the GraphQL schema')
    .option('--federation', 'print it as a subgraph of Apollo Federation 2')
    .action(({ federation }: { federation?: true }) => {
      start = async () => {
        const { printSchema } = await import('graphql');
        const { schema } = await import('../schema/index.ts');
        const text = federation
          ? (await import('../federation/index.ts')).printSubgraph(schema)
          : `${printSchema(schema)}\n`;
        process.stdout.write(text);
        return undefined;
      };
    });

  program
    .command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .action((shell) => {
      start = async () => void process.stdout.write(completionScript(program, shell));
    });

  const mistakes = collectMistakes(program, args);
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return async () => undefined;
    const last = error.code === 'commander.help' ? missingCommand(args) : oneLine(error.message);
    throw new ConfigError([...mistakes.map(({ text }) => text), last]);
  }
  if (mistakes.length > 0 && !reportsMistakes) throw new ConfigError(mistakes.map(({ text }) => text));
  if (!start) throw new ConfigError(missingCommand(args));
  return start;
}

function missingCommand([first]: readonly string[]): string {
  if (first === 'policies')
    return 'a command is missing; expected policies test, policies explain or policies lint, see orgql policies --help';
  if (first === 'notifications')
    return 'a command is missing; expected notifications test or notifications retry, see orgql notifications --help';
  return 'a command is missing; expected demo, serve, simulate, query, watch, mcp, policies, notifications, health, schema or completion, see orgql --help';
}

/** Commander's messages may have a second line, with a suggestion. */
function oneLine(message: string): string {
  return `${message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')}; see orgql --help`;
}
