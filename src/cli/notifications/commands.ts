import { type Command, Option } from 'commander';
import { config, DEFAULT_URL, gatewayUrl, token } from '../options.ts';

/** Adds the commands `orgql notifications …`. The code of a command is loaded only when it starts. */
export function addNotificationCommands(program: Command, onRun: (run: () => Promise<void>) => void): void {
  const notifications = program
    .command('notifications')
    .description('test the destinations of notifications, and send undelivered events again')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false);

  notifications
    .command('test')
    .description('send a sample from this machine to a destination of the settings file; no gateway has to run')
    .argument('<name>', 'name of the destination')
    .addOption(config())
    .action((name, options) => onRun(async () => (await import('./test.ts')).sendTest(name, options)));

  notifications
    .command('retry')
    .description('let a running gateway send dead letters again, and enable a destination that is disabled')
    .argument('<name>', 'name of the destination')
    .addOption(new Option('--url <url>', 'URL of the gateway').argParser(gatewayUrl).default(DEFAULT_URL))
    .option('--principal <name>', "principal of the destination (default: the gateway's first)")
    .addOption(token())
    .action((name, options) => onRun(async () => (await import('./retry.ts')).retry(name, options)));
}
