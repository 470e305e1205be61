import { useEffect } from 'react';
import { lockScreen, useLock } from '../stores/lock-store.ts';
import { useSession } from '../stores/session-store.ts';

/** How often it is looked whether somebody is still there. */
const LOOK_MS = 5_000;
const signs = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;

/** Locks the screen when nobody has touched key or pointer for the minutes the book says; a computer that slept counts its sleep. */
export function useIdleLock(): void {
  const isOpen = useSession((session) => session.status === 'open');
  const minutes = useLock((lock) => lock.screen?.idleMinutes ?? 0);
  useEffect(() => {
    if (!isOpen || minutes === 0) return undefined;
    let lastAt = Date.now();
    const touch = (): void => {
      lastAt = Date.now();
    };
    for (const sign of signs) window.addEventListener(sign, touch, { capture: true, passive: true });
    const timer = window.setInterval(() => {
      if (Date.now() - lastAt >= minutes * 60_000) void lockScreen();
    }, LOOK_MS);
    return () => {
      window.clearInterval(timer);
      for (const sign of signs) window.removeEventListener(sign, touch, { capture: true });
    };
  }, [isOpen, minutes]);
}
