/** The maximum length of an event, in characters. */
const MAX_EVENT_LENGTH = 16 * 1024 * 1024;

export interface StreamEvent {
  readonly type: string;
  readonly data: string;
}

/**
 * Parses a `text/event-stream` in chunks (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 * Comments, `id` and `retry` are skipped.
 */
export class EventStreamParser {
  #text = '';
  #type = '';
  #data: string[] = [];
  #length = 0;

  /**
   * Returns the events that the chunk completes.
   * @throws RangeError for an event that is too long.
   */
  parse(chunk: string): readonly StreamEvent[] {
    this.#text += chunk;
    const events: StreamEvent[] = [];
    // A final CR may be the first half of a CRLF.
    const lines = this.#text.split(/\r\n|\n|\r(?!$)/);
    this.#text = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') this.#read(line);
      else this.#dispatch(events);
    }
    if (this.#length + this.#text.length > MAX_EVENT_LENGTH) {
      throw new RangeError(`An event of the stream is longer than ${MAX_EVENT_LENGTH} characters.`);
    }
    return events;
  }

  #read(line: string): void {
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'event') this.#type = value;
    if (field !== 'data') return;
    this.#data.push(value);
    this.#length += value.length;
  }

  #dispatch(events: StreamEvent[]): void {
    // GraphQL over SSE has an event without data: `complete`.
    if (this.#type !== '' || this.#data.length > 0) events.push({ type: this.#type, data: this.#data.join('\n') });
    this.#type = '';
    this.#data = [];
    this.#length = 0;
  }
}
