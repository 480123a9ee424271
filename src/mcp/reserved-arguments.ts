/** The argument of every tool that selects a page of a long result. */
export const PAGE = 'page';
/** The argument of mutations that carries out a preview. */
export const CONFIRMATION = 'confirmationToken';

/** Arguments that are no variables of the operation. */
export const RESERVED_ARGUMENTS: ReadonlySet<string> = new Set([PAGE, CONFIRMATION]);
