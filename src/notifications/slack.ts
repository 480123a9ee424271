import type { NotificationEvent } from './events/event.ts';

const escapeText = (value: unknown): string =>
  String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const code = (value: unknown): string => `\`${escapeText(value).replaceAll('`', "'")}\``;

type Data = Readonly<Record<string, unknown>>;
interface Member {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** `responsibilityTransfer` as `Responsibility transfer`. */
const words = (name: string): string => {
  const spaced = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};

const MAX_VALUE = 100;
const short = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return code(text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text);
};

const deadlines: Readonly<Record<string, string>> = { EXPIRES: 'expires', STARTS: 'starts', ENDS: 'ends' };

/** The body of a message to a Slack webhook. */
export function slackMessage({ type, subject, source, data }: NotificationEvent): { readonly text: string } {
  const [, , name = '', kind] = type.split('.');
  if (type === 'dev.orgql.test.v1') return { text: `orgql: ${escapeText(data['message'])}` };
  if (type === 'dev.orgql.gap.v1')
    return {
      text: `:warning: orgql: ${data['events'] ?? 'Some'} events from ${code(data['since'])} to ${code(data['until'])} are not delivered.`,
    };
  const object = (data[name] ?? {}) as Data;
  const label = object['name'] ?? object['accountName'] ?? object['action'];
  const lines = [
    `*${words(name)} ${kindText(kind, data)}*: ${label === undefined ? '' : `${escapeText(label)} `}${code(subject)}`,
  ];
  const state = object['state'] ?? object['status'];
  const members = (data['members'] ?? []) as readonly Member[];
  for (const { name: member, before, after } of members) lines.push(`• ${member}: ${short(before)} → ${short(after)}`);
  if (members.length === 0 && state !== undefined) lines.push(`• ${code(state)}`);
  lines.push(`_${escapeText(source)}_`);
  return { text: lines.join('\n') };
}

const kindText = (kind: string | undefined, data: Data): string =>
  kind === 'expiring' ? `${deadlines[String(data['deadline'])] ?? 'expires'} at ${String(data['at'])}` : String(kind);
