import { type DragEvent, useEffect, useRef, useState } from 'react';
import { UploadIcon } from '../../../actions/icons.tsx';
import { MAX_BYTES, MAX_ROWS, tooLarge } from './check.ts';

interface PasteStepProps {
  readonly text: string;
  /** What is wrong with the text as a whole. */
  readonly problem: string | undefined;
  readonly onText: (text: string) => void;
}

const EXAMPLE = `name,account,start,notes
Daphne Dental,aws@daphne-dental.example.com,2027-01,
Erica Estates,1284 0917 3355,2027-01,As agreed on the phone`;

/** Reads a file as text; or says why it is none. */
async function readFile(file: File): Promise<{ readonly text: string } | { readonly problem: string }> {
  if (file.size > MAX_BYTES) return { problem: tooLarge(file.size) };
  const bytes = await file.arrayBuffer();
  const [first, second] = new Uint8Array(bytes.slice(0, 2));
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const encoding = isUtf16 ? (first === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return { text };
  } catch {
    // Not in this encoding.
  }
  return { problem: `“${file.name}” is no text in UTF-8. Save it as “CSV UTF-8”, or copy its cells and paste them.` };
}

/** Takes a file, or cells of a spreadsheet. Nothing is sent. */
export function PasteStep({ text, problem, onText }: PasteStepProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [isOver, setOver] = useState(false);
  const [unread, setUnread] = useState<string>();
  useEffect(() => field.current?.focus(), []);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    const read = await readFile(file);
    setUnread('problem' in read ? read.problem : undefined);
    if ('text' in read) onText(read.text);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  const shown = unread ?? problem;
  return (
    <div
      className="bulk-paste"
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <label htmlFor="bulk-text">Rows of customers</label>
      <textarea
        ref={field}
        id="bulk-text"
        className="form-input mono"
        spellCheck={false}
        placeholder={EXAMPLE}
        value={text}
        aria-invalid={shown !== undefined || undefined}
        aria-describedby="bulk-text-hint"
        onChange={(event) => {
          setUnread(undefined);
          onText(event.target.value);
        }}
      />
      <p id="bulk-text-hint" className={shown ? 'form-problem' : 'form-hint'} role={shown ? 'alert' : undefined}>
        {shown ??
          `Paste cells of a spreadsheet, or drop a CSV file here: at most ${MAX_ROWS.toLocaleString('en-US')} rows and ${MAX_BYTES / 1_000_000} MB.`}
      </p>
      <label className="button bulk-file">
        <UploadIcon size={14} /> Choose a file
        <input
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
          className="visually-hidden"
          onChange={(event) => {
            void take(event.target.files?.[0]);
            // The same file can be chosen again.
            event.target.value = '';
          }}
        />
      </label>
    </div>
  );
}
