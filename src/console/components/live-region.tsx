import { createCallerStore } from '../data/caller-store.ts';
import { useStore } from '../data/store.ts';
import './live-region.css';

interface Message {
  readonly text: string;
  readonly id: number;
}

const message = createCallerStore<Message | undefined>(undefined);

/** How long a message is shown, and the least time between two, in ms. */
const SHOWN_MS = 5_000;

let count = 0;
let hideTimer: ReturnType<typeof setTimeout> | undefined;
let next: string | undefined;

/** Says something once, in a toast that screen readers read. While another is shown it waits, and the latest is next. */
export function announce(text: string): void {
  if (hideTimer === undefined) show(text);
  else next = text;
}

function show(text: string): void {
  count += 1;
  message.set({ text, id: count });
  hideTimer = setTimeout(() => {
    hideTimer = undefined;
    message.set(undefined);
    const waiting = next;
    next = undefined;
    if (waiting !== undefined) show(waiting);
  }, SHOWN_MS);
}

/** The one polite live region of the page. */
export function LiveRegion() {
  const shown = useStore(message);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown && (
        <div className="toast" key={shown.id}>
          {shown.text}
        </div>
      )}
    </div>
  );
}
