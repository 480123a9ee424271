/**
 * What is loaded when somebody needs it, once for all who need it meanwhile. What could not be loaded is tried again for who comes next (Node 20 itself goes on
 * to refuse a file that it could not load; later ones look again).
 */
export class LoadOnce<T> {
  readonly #load: () => Promise<T>;
  #loading: Promise<T> | undefined;
  #loaded: T | undefined;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  /** Undefined until it has been loaded. */
  get loaded(): T | undefined {
    return this.#loaded;
  }

  /** Rejects with what stood in the way. */
  load(): Promise<T> {
    this.#loading ??= this.#load().then(
      (loaded) => {
        this.#loaded = loaded;
        return loaded;
      },
      (error: unknown) => {
        this.#loading = undefined;
        throw error;
      },
    );
    return this.#loading;
  }
}
