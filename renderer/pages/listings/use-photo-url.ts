import { useEffect, useState } from 'react';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { useQuery } from '../../core-client.ts';

/** Where the window finds a kept photo, as long as the component stands; undefined while it is read, and for no photo. */
export function usePhotoUrl(photoId: number | undefined): {
  readonly url: string | undefined;
  readonly error: ContractError | undefined;
} {
  const { data, error } = useQuery('listings.photo', photoId === undefined ? null : { photoId });
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (data === undefined) return;
    const made = URL.createObjectURL(new Blob([data.jpeg], { type: 'image/jpeg' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [data]);
  return { url: photoId === undefined ? undefined : url, error };
}
