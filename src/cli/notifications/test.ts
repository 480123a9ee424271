import { ConfigError } from '../../config/config-error.ts';
import { loadConfig } from '../../config/load.ts';
import { didYouMean } from '../../config/suggest.ts';
import { sendSample } from '../../notifications/index.ts';
import { operationNames } from '../../upstream/index.ts';
import { CommandError } from '../run.ts';

/** `orgql notifications test`: sends a sample to a destination. */
export async function sendTest(name: string, { config: file }: { readonly config?: string }): Promise<void> {
  const { notifications } = await loadConfig({ file, environment: process.env, operations: operationNames });
  const destination = notifications.find((each) => each.name === name);
  if (destination === undefined) {
    const known = notifications.map((each) => each.name);
    const hint =
      known.length === 0
        ? 'the settings have none; name their file with --config'
        : `known are ${known.join(', ')}${didYouMean(name, known)}`;
    throw new ConfigError([`there is no destination ${JSON.stringify(name)} in notifications; ${hint}`]);
  }
  const result = await sendSample(destination);
  if (result.kind === 'delivered') {
    process.stdout.write(`delivered a sample to ${name}\n`);
    return;
  }
  const reason =
    result.kind === 'gone' ? 'the receiver replied with status 410, which disables a destination' : result.reason;
  throw new CommandError(`${name}: the sample is not delivered: ${reason}`);
}
