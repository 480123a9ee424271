/**
 * The forms that a URL opens, by the value of its parameter `action`: those of a page, and those of the object that is
 * open in it. A test opens each of them (test/browser/console/forms.test.ts).
 */
export const FORMS = {
  transfers: ['invite', 'invite-csv', 'cancel-selected', 'tag-selected'],
  transfer: ['rename', 'tags', 'cancel', 'accept', 'decline', 'end'],
  invitations: ['invite', 'enable-features', 'cancel-selected'],
  invitation: ['accept', 'decline', 'cancel'],
  organization: ['create', 'move', 'new-unit', 'rename', 'delete', 'tags', 'close', 'remove', 'leave'],
  policies: ['new', 'edit', 'attach', 'detach', 'delete', 'enable', 'disable'],
} as const;

export type FormSubject = keyof typeof FORMS;
export type FormOf<Subject extends FormSubject> = (typeof FORMS)[Subject][number];
