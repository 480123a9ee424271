import { type Command, InvalidArgumentError, Option } from 'commander';
import { principalKinds } from '../../control-policies/access-request.ts';
import { accountId, config, DEFAULT_URL, gatewayUrl, token } from '../options.ts';
import type { ContextOption } from './explain.ts';

/** Adds the commands `orgql policies …`. The code of a command is loaded only when it starts. */
export function addPolicyCommands(program: Command, onRun: (run: () => Promise<void>) => void): void {
  const policies = program
    .command('policies')
    .description('test, explain and check service control policies (SCPs) and resource control policies (RCPs)')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false);

  addSource(
    policies
      .command('test')
      .description('compare decisions with the expected ones, in vector files (JSON, YAML) and in folders with such')
      .argument('<paths...>', 'files and folders')
      .option('--junit <file>', 'also write the results to this file, as JUnit XML')
      .option(
        '--organization',
        "use the tree, policies and attachments of a gateway (--url) or of AWS, instead of the files'",
      ),
  ).action((paths, options) => onRun(async () => (await import('./test.ts')).test(paths, options)));

  addSource(
    policies
      .command('explain')
      .description('print the levels and the statement that decide a request')
      .requiredOption('--account <id>', 'account that owns the resource or receives the call', accountId)
      .requiredOption('--action <action>', 'action, such as s3:PutObject')
      .option('--resource <arn>', 'ARN of the resource')
      .option('--context <key=value>', 'value of a condition key; may be repeated', addContext)
      .addOption(
        new Option('--absent <key>', 'condition key that the request does not have; may be repeated').argParser(
          addAbsent,
        ),
      )
      .option('--caller-account <id>', 'account of the caller (default: --account)', accountId)
      .addOption(new Option('--caller-kind <kind>', 'kind of the caller (default: ROLE)').choices(principalKinds))
      .option('--file <file>', 'file with tree, policies and attachments, instead of a gateway or AWS'),
  ).action(({ absent, context, ...options }) =>
    onRun(async () => {
      const keys = { ...context, ...absent };
      await (await import('./explain.ts')).explain({
        ...options,
        ...(Object.keys(keys).length > 0 && { context: keys }),
      });
    }),
  );

  policies
    .command('lint')
    .description('check policy files (JSON) and print statistics')
    .argument('<paths...>', 'files and folders')
    .action((paths) => onRun(async () => (await import('./lint.ts')).lint(paths)));
}

function addSource(command: Command): Command {
  return command
    .option('--url <url>', `URL of a gateway, such as ${DEFAULT_URL}; without it, AWS is read`, gatewayUrl)
    .option('--principal <name>', 'principal of the gateway or of --config')
    .addOption(token())
    .addOption(config());
}

function addContext(text: string, earlier: ContextOption = {}): ContextOption {
  const separator = text.indexOf('=');
  if (separator <= 0) throw new InvalidArgumentError('Expected key=value, such as aws:RequestedRegion=eu-west-1');
  const key = text.slice(0, separator);
  return { ...earlier, [key]: [...(earlier[key] ?? []), text.slice(separator + 1)] };
}

function addAbsent(key: string, earlier: ContextOption = {}): ContextOption {
  return { ...earlier, [key]: null };
}
