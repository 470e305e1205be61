/** Where the list of a lookup or choice box opens: below its field or, with no room there, above; never beyond the right edge. */
import { type CSSProperties, type RefObject, useLayoutEffect, useState } from 'react';

/** Room a list may take, in CSS pixels: as high and as wide as the theme lets `.lookup-list` become. */
const HEIGHT = 320;
const WIDTH = 560;
const LEAST_WIDTH = 280;

export interface ListPlace {
  readonly up: boolean;
  readonly style: CSSProperties;
}

/** The place of an open list, kept while the window is resized or scrolled; undefined while it is closed. */
export function useListPlace(field: RefObject<Element | null>, isOpen: boolean): ListPlace | undefined {
  const [place, setPlace] = useState<ListPlace>();
  useLayoutEffect(() => {
    if (!isOpen) return;
    const put = (): void => {
      const box = field.current?.getBoundingClientRect();
      if (box === undefined) return;
      const up = window.innerHeight - box.bottom < HEIGHT && box.top > HEIGHT;
      const isFarRight = box.left + WIDTH > window.innerWidth;
      setPlace({
        up,
        style: {
          top: up ? box.top : box.bottom,
          minWidth: Math.max(box.width, LEAST_WIDTH),
          ...(isFarRight ? { right: Math.max(0, window.innerWidth - box.right) } : { left: box.left }),
        },
      });
    };
    put();
    window.addEventListener('resize', put);
    window.addEventListener('scroll', put, true);
    return () => {
      window.removeEventListener('resize', put);
      window.removeEventListener('scroll', put, true);
    };
  }, [field, isOpen]);
  return isOpen ? place : undefined;
}
