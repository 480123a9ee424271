/** Settles as `work` does, or rejects after `ms` ms; what becomes of it later is nobody's business. */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`Redis did not answer within ${ms} ms.`)), ms);
    work.finally(() => clearTimeout(late)).then(resolve, reject);
  });
}
