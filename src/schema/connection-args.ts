import { badInput } from './ids.ts';

export interface ConnectionArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

export const defaultFirst = 20;

/** @throws GraphQLError BAD_USER_INPUT for a `first` out of range. */
export function firstOf({ first: asked }: ConnectionArgs, maximum: number): number {
  const first = asked ?? defaultFirst;
  if (first < 1) throw badInput('first', `${first} is too small; ask for 1 to ${maximum} items.`);
  if (first > maximum) {
    throw badInput(
      'first',
      `${first} is above this gateway's maximum of ${maximum}; ask for fewer and go on with \`after\`.`,
    );
  }
  return first;
}
