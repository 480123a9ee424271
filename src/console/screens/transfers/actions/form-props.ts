import type { Tag } from '../../../actions/tags-field.tsx';
import type { Side, Transfer } from '../model.ts';
import type { TransferAction } from './rules.ts';

export interface ActionFormsProps {
  readonly action: TransferAction;
  readonly side: Side;
  readonly transfer: Transfer;
  /** The name of the reader's organization. */
  readonly own: string;
  /** Undefined until they are known. */
  readonly tags: readonly Tag[] | undefined;
  /** Values that a link has filled in. */
  readonly filled: URLSearchParams;
  /** Reads tags and history again. */
  readonly onChanged: () => void;
  /** Shows the end in the timeline. */
  readonly onPreview: (end: string | undefined) => void;
  readonly onClose: () => void;
}
