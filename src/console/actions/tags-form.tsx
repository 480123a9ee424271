import { useState } from 'react';
import { counted } from '../data/text.ts';
import type { ActionError } from './exceptions.ts';
import { ActionForm } from './form.tsx';
import { tagChangesOf, withTags } from './send-tags.ts';
import { RemoveTagsDocument, SetTagsDocument } from './tags.generated.ts';
import { filledTags, type Tag, TagsField, tagsProblem } from './tags-field.tsx';
import { useSend } from './use-action.ts';

interface TagsFormProps {
  readonly resourceId: string;
  readonly name: string;
  /** The tags that it has now. */
  readonly tags: readonly Tag[];
  /** The tags that a link fills in. */
  readonly initial?: readonly Tag[] | undefined;
  /** Called after each change, to read the tags again. */
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

/** Edits the tags of an object. Only changes are sent: a call for tags to set, another for tags to remove. */
export function TagsForm({ resourceId, name, tags, initial = tags, onChanged, onClose }: TagsFormProps) {
  // What AWS has: after a part was sent, a retry sends the other part only.
  const [present, setPresent] = useState(tags);
  const [edited, setEdited] = useState(initial);
  const [isSending, setSending] = useState(false);
  const [failure, setFailure] = useState<{ readonly title: string; readonly error: ActionError }>();
  const send = useSend();
  const changes = tagChangesOf(present, filledTags(edited));
  const { set, removed } = changes;
  const calls = (set.length > 0 ? 1 : 0) + (removed.length > 0 ? 1 : 0);

  const sendSet = async () => {
    if (set.length === 0) return undefined;
    const outcome = await send(SetTagsDocument, { input: { resourceId, tags: [...set] } });
    if ('error' in outcome) return outcome.error;
    setPresent(withTags(present, { set, removed: [] }));
    return undefined;
  };
  const sendRemoved = async () => {
    if (removed.length === 0) return undefined;
    const outcome = await send(RemoveTagsDocument, { input: { resourceId, tagKeys: [...removed] } });
    return 'error' in outcome ? outcome.error : undefined;
  };
  const onSubmit = async () => {
    setSending(true);
    setFailure(undefined);
    const notSet = await sendSet();
    const notRemoved = notSet === undefined ? await sendRemoved() : undefined;
    setSending(false);
    // Something may have changed even if the answer was lost.
    onChanged();
    if (notSet !== undefined) setFailure({ title: `The tags of ${name} were not changed`, error: notSet });
    if (notRemoved !== undefined) setFailure({ title: partOf(set.length, removed), error: notRemoved });
    return notSet === undefined && notRemoved === undefined;
  };
  return (
    <ActionForm
      scope="organization:write"
      failure={failure?.title ?? ''}
      submit="Save tags"
      calls={calls}
      isFilled={calls > 0}
      isValid={tagsProblem(edited) === undefined && calls > 0}
      isSending={isSending}
      error={failure?.error}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <TagsField tags={edited} onChange={setEdited} />
      <p className="form-hint" role="status">
        {calls === 0 ? 'Nothing has been changed yet.' : wordsOf(set.length, removed)}
      </p>
    </ActionForm>
  );
}

const quoted = (keys: readonly string[]) => keys.map((key) => `“${key}”`).join(', ');

function wordsOf(set: number, removed: readonly string[]): string {
  const parts = [
    ...(set > 0 ? [`sets ${counted(set, 'tag')}`] : []),
    ...(removed.length > 0 ? [`removes ${quoted(removed)}`] : []),
  ];
  return `Saving ${parts.join(' and ')}.`;
}

/** What was carried out, and what was not. */
function partOf(set: number, removed: readonly string[]): string {
  const kept = `${quoted(removed)} ${removed.length === 1 ? 'was' : 'were'} not removed`;
  return set === 0 ? kept : `${counted(set, 'tag')} ${set === 1 ? 'was' : 'were'} set, but ${kept}`;
}
