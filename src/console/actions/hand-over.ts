interface Draft {
  readonly policyId: string;
  readonly content: string;
}

/** Stands for the id of a policy that is to be created. */
export const NEW_POLICY = 'new';

let draft: Draft | undefined;

/** Keeps a document for the next form that edits the policy. In memory only: it is too long for a URL. */
export function handOver(policyId: string, content: string): void {
  draft = { policyId, content };
}

/** The document for a policy's form. Other forms do not get it. */
export const handedOver = (policyId: string): string | undefined =>
  draft?.policyId === policyId ? draft?.content : undefined;

/** Forgets it, when its form has closed. */
export function endHandOver(): void {
  draft = undefined;
}
