/** A key as a small cap: `<KeyHint keys="Ctrl+N" />`. With `whenAltHeld` it shows only while Alt is down. */
import { useKeyState } from '../app/keys.ts';

export function KeyHint({ keys, whenAltHeld = false }: { readonly keys: string; readonly whenAltHeld?: boolean }) {
  const isAltHeld = useKeyState((state) => state.isAltHeld);
  if (whenAltHeld && !isAltHeld) return null;
  return (
    <span className="key-hint" aria-hidden="true">
      {keys.replaceAll('Up', '↑').replaceAll('Down', '↓').replaceAll('/', '').replaceAll('+', ' ')}
    </span>
  );
}
