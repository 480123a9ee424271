/** The actions of a control policy's statements, without their conditions and resources. */
export interface PolicyActions {
  readonly denied: readonly string[];
  readonly allowed: readonly string[];
}

interface Statement {
  readonly Effect?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
}

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** `NotAction` is shown as "* except iam:*", as the graph shows it. Undefined for a text that is not a policy. */
export function policyActions(content: string | null): PolicyActions | undefined {
  let document: unknown;
  try {
    document = JSON.parse(content ?? '');
  } catch {
    return undefined;
  }
  if (typeof document !== 'object' || document === null || !('Statement' in document)) return undefined;
  const statements = [document.Statement]
    .flat()
    .filter((each): each is Statement => typeof each === 'object' && each !== null);
  const actions = (effect: string) => [
    ...new Set(
      statements
        .filter(({ Effect }) => Effect === effect)
        .flatMap(({ Action, NotAction }) =>
          NotAction === undefined ? listOf(Action) : [`* except ${listOf(NotAction).join(', ')}`],
        ),
    ),
  ];
  return { denied: actions('Deny'), allowed: actions('Allow') };
}
