import type { PolicyChange } from '../inventory/policy-changes.ts';
import { builder } from './builder.ts';
import { badInput, expectId, expectText } from './ids.ts';
import { expectParentId, expectValues } from './search/filter-rules.ts';

const PolicyTargetInput = builder.inputType('PolicyTargetInput', {
  description: 'A policy and a target.',
  fields: (t) => ({
    policyId: t.id({ required: true, description: 'The policy.' }),
    targetId: t.id({ required: true, description: 'The root, organizational unit or account.' }),
  }),
});

const PolicyContentInput = builder.inputType('PolicyContentInput', {
  description: 'A policy and its new text.',
  fields: (t) => ({
    policyId: t.id({ required: true, description: 'The policy.' }),
    content: t.string({ required: true, description: 'The new text: JSON in the syntax of its type.' }),
  }),
});

const MoveAccountPreviewInput = builder.inputType('MoveAccountPreviewInput', {
  description: 'An account and its new place.',
  fields: (t) => ({
    accountId: t.id({ required: true, description: 'The account.' }),
    destinationParentId: t.id({ required: true, description: 'The root or organizational unit to move it to.' }),
  }),
});

/** Changes as the client gives them. */
export const PolicyChangeInput = builder.inputType('PolicyChangeInput', {
  description: 'A change to preview: exactly one of the members.',
  fields: (t) => ({
    attach: t.field({ type: PolicyTargetInput, description: 'As attachPolicy.' }),
    detach: t.field({ type: PolicyTargetInput, description: 'As detachPolicy.' }),
    updateContent: t.field({ type: PolicyContentInput, description: 'As updatePolicy with a new text.' }),
    moveAccount: t.field({ type: MoveAccountPreviewInput, description: 'As moveAccount.' }),
  }),
});

type Given = typeof PolicyChangeInput.$inferInput;

/** Maximum number of changes of one preview. */
export const MAX_CHANGES = 100;

/** Converts changes, as far as they have exactly one member. */
export function toChanges(given: readonly Given[]): readonly PolicyChange[] {
  return given.flatMap((change) => toChange(change) ?? []);
}

/** @throws GraphQLError BAD_USER_INPUT for the first invalid change, with its path. */
export function expectChanges(given: readonly Given[]): readonly PolicyChange[] {
  expectValues('changes', given, MAX_CHANGES);
  return given.map((one, index) => {
    const path = `changes[${index}]`;
    const change = toChange(one);
    if (change === undefined)
      throw badInput(path, 'give exactly one of attach, detach, updateContent and moveAccount.');
    checkChange(`${path}.${change.kind}`, change);
    return change;
  });
}

function toChange({ attach, detach, updateContent, moveAccount }: Given): PolicyChange | undefined {
  const changes: PolicyChange[] = [];
  if (attach != null) changes.push({ kind: 'attach', ...attach });
  if (detach != null) changes.push({ kind: 'detach', ...detach });
  if (updateContent != null) changes.push({ kind: 'updateContent', ...updateContent });
  if (moveAccount != null) changes.push({ kind: 'moveAccount', ...moveAccount });
  return changes.length === 1 ? changes[0] : undefined;
}

function checkChange(path: string, change: PolicyChange): void {
  if (change.kind === 'moveAccount') {
    expectId(`${path}.accountId`, 'Account', change.accountId);
    expectParentId(`${path}.destinationParentId`, change.destinationParentId);
    return;
  }
  expectId(`${path}.policyId`, 'Policy', change.policyId);
  if (change.kind === 'updateContent') {
    if (change.content === '') throw badInput(`${path}.content`, 'the text is empty. Give the text of a policy.');
    return;
  }
  expectText(`${path}.targetId`, 'PolicyTargetId', change.targetId);
}
