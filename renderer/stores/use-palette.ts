import { useEffect, useState } from 'react';
import { type Palette, palettes, type Theme, themes } from '../theme/palette.ts';

function worn(): Theme {
  return themes.find((theme) => theme === document.documentElement.dataset['theme']) ?? 'light';
}

/** The palette worn now, for what is drawn rather than styled (charts). */
export function usePalette(): Palette {
  const [theme, setTheme] = useState(worn);
  useEffect(() => {
    const observer = new MutationObserver(() => setTheme(worn()));
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => observer.disconnect();
  }, []);
  return palettes[theme];
}
