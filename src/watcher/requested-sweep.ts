/** The next sweep, which any number of callers wait for. */
export interface RequestedSweep {
  readonly done: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
}

export function requestSweep(): RequestedSweep {
  let settle: Pick<RequestedSweep, 'resolve' | 'reject'> | undefined;
  const done = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Not every caller waits for it.
  done.catch(() => undefined);
  return { done, resolve: () => settle?.resolve(), reject: (error) => settle?.reject(error) };
}
