import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { spanOf } from './way-time.ts';

/** The present moment, anew each minute, so that ages on the screen stay true. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** “3 小时前”, “还有 2 天”. */
export function useAge(): (instant: string) => string {
  const { t } = useTranslation();
  const now = useNow();
  return useCallback(
    (instant) => {
      const ms = Date.parse(instant) - now;
      const { unit, count } = spanOf(ms);
      return t(`way.${ms > 0 ? 'ahead' : 'ago'}.${unit}`, { count });
    },
    [t, now],
  );
}
