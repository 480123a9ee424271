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

/** Says something once, in a toast that screen readers read. A later message replaces it. */
export function announce(text: string): void {
  count += 1;
  message.set({ text, id: count });
  clearTimeout(hideTimer);
  hideTimer = setTimeout(() => message.set(undefined), SHOWN_MS);
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
