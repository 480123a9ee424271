/** AWS's ids, each of which says by its shape what it names: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Types.html */
const ID = /^(?:\d{12}|(?:o|r|h|p|rt|rp|car)-[\w-]{4,128}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/;
const SERVICE = /^[a-z0-9.-]{1,100}\.amazonaws\.(?:com(?:\.cn)?|eu)$/;

/** Members whose value names what an operation is about, where no id does; the test beside them keeps anything else out. */
const NAMING: Readonly<Record<string, RegExp>> = {
  ServicePrincipal: SERVICE,
  PolicyType: /^[A-Z][A-Z0-9_]{0,63}$/,
};

/** Members that never name a target, whatever they hold: free text, and whoever is told of something. */
const FREE_TEXT = new Set([
  'Notes',
  'Content',
  'Description',
  'Name',
  'SourceName',
  'Tags',
  'TagKeys',
  'Email',
  'NextToken',
]);

/**
 * What a write was about: the ids in its request and of what it made, in that order, each once. A value is taken for what it looks like,
 * never for where it stands alone, so that an e-mail address where an id may be (an invitation's target) is left out.
 */
export function targetsOf(input: object, output: object | undefined): string[] {
  const found = new Set<string>();
  collect(input, found);
  // One level down is the object that was made or changed; what it refers to (a handshake's parties) is not what was asked for.
  for (const [name, value] of Object.entries(output ?? {})) {
    if (!FREE_TEXT.has(name) && isRecord(value)) take('Id', value['Id'] ?? summaryId(value), found);
  }
  return [...found];
}

/** Policies have their id in their summary. */
function summaryId(value: Record<string, unknown>): unknown {
  const [summary] = Object.entries(value).flatMap(([name, inner]) =>
    name.endsWith('Summary') && isRecord(inner) ? [inner] : [],
  );
  return summary?.['Id'];
}

function collect(value: object, found: Set<string>): void {
  for (const [name, member] of Object.entries(value)) {
    if (FREE_TEXT.has(name)) continue;
    if (typeof member === 'string') take(name, member, found);
    else if (isRecord(member)) collect(member, found);
  }
}

function take(name: string, value: unknown, found: Set<string>): void {
  if (typeof value !== 'string') return;
  if (name.endsWith('Id') ? ID.test(value) : NAMING[name]?.test(value)) found.add(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}
