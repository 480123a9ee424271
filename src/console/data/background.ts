import { createCallerStore } from './caller-store.ts';

/** Something that goes on while the reader does something else, such as the creation of an account. */
export interface BackgroundTask {
  readonly id: string;
  /** "Creating Payments". */
  readonly text: string;
  readonly tone: 'blue' | 'green' | 'red';
  /** Shows it again. */
  readonly open: () => void;
}

/** For the status bar, the latest first. */
export const backgroundTasks = createCallerStore<readonly BackgroundTask[]>([]);

/** Adds a task, or replaces the one with its id. */
export const setBackgroundTask = (task: BackgroundTask): void =>
  backgroundTasks.update((tasks) => [task, ...tasks.filter(({ id }) => id !== task.id)]);

export const removeBackgroundTask = (id: string): void =>
  backgroundTasks.update((tasks) => tasks.filter((task) => task.id !== id));
