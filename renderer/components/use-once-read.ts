import { useEffect, useState } from 'react';

/**
 * What a query reads, as soon as it has read it; undefined where it cannot be read. A lookup box over rows that a form still reads waits for
 * them: it would refuse what is typed before they are there.
 */
export function useOnceRead<T>({
  data,
  error,
}: {
  readonly data: T | undefined;
  readonly error: unknown;
}): Promise<T | undefined> {
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
  return waiting.promise;
}
