import { useEffect, useState } from 'react';

/** Does something with what a query reads: at once where it is read, else as soon as it is; undefined is given where it cannot be read. */
export type OnceRead<T> = <R>(use: (read: T | undefined) => R) => R | Promise<R>;

/**
 * For a lookup box over rows that a form still reads: it would refuse what is typed before they are there, and waits for them instead.
 */
export function useOnceRead<T>({
  data,
  error,
}: {
  readonly data: T | undefined;
  readonly error: unknown;
}): OnceRead<T> {
  const [waiting] = useState(() => {
    let resolve: (read: T | undefined) => void = () => undefined;
    const promise = new Promise<T | undefined>((done) => {
      resolve = done;
    });
    return { promise, resolve };
  });
  const isAnswered = data !== undefined || error !== undefined;
  useEffect(() => {
    if (isAnswered) waiting.resolve(data);
  }, [isAnswered, data, waiting]);
  return (use) => (data === undefined ? waiting.promise.then(use) : use(data));
}
