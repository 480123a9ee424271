import { type GatewayOptions, post } from '../gateway-request.ts';

const RETRY = `mutation Retry($name: String!) {
  retryNotifications(input: { name: $name }) { deadLetters }
}`;

/** `orgql notifications retry`: lets a gateway send the dead letters of a destination again. */
export async function retry(name: string, options: GatewayOptions): Promise<void> {
  const { retryNotifications } = await post<{ readonly retryNotifications: { readonly deadLetters: number } }>(
    options,
    RETRY,
    { name },
  );
  const { deadLetters } = retryNotifications;
  process.stdout.write(`${name}: ${deadLetters} dead ${deadLetters === 1 ? 'letter is' : 'letters are'} sent again\n`);
}
