/** A CloudEvent of version 1.0, in the structured JSON format. */
export interface NotificationEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** The id of the object. */
  readonly subject?: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema: string;
  /** The order of the events of a destination, as text that sorts. */
  readonly sequence: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event that has no place in an outbox yet. */
export type EventDraft = Omit<NotificationEvent, 'specversion' | 'datacontenttype' | 'dataschema' | 'sequence'>;

/** Where schemas/events.json is published. */
export const EVENTS_SCHEMA_URL = 'https://raw.githubusercontent.com/orgql/orgql/HEAD/schemas/events.json';

const SEQUENCE_DIGITS = 16;

export const eventAt = (place: number, draft: EventDraft): NotificationEvent => ({
  specversion: '1.0',
  ...draft,
  datacontenttype: 'application/json',
  dataschema: EVENTS_SCHEMA_URL,
  sequence: String(place).padStart(SEQUENCE_DIGITS, '0'),
});
