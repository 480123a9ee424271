import './selection.css';
import type { ReactNode } from 'react';
import { counted } from '../data/text.ts';

interface SelectionBarProps {
  /** What the rows are: "transfer". */
  readonly noun: string;
  readonly count: number;
  readonly onClear: () => void;
  /** The buttons of the actions that concern some of the rows. */
  readonly children: ReactNode;
}

/** What can be done with all selected rows at once. */
export function SelectionBar({ noun, count, onClear, children }: SelectionBarProps) {
  return (
    <div className="selection-bar" role="toolbar" aria-label={`Selected ${noun}s`}>
      <b>{counted(count, noun)} selected</b>
      {children}
      <button type="button" className="button button-plain" onClick={onClear}>
        Clear selection
      </button>
    </div>
  );
}
