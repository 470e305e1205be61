/**
 * A button with the key that does the same. The page's own `useKeys` binding makes the key work; pass `bind` to let the
 * button register it itself.
 */
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useKeys } from '../app/keys.ts';
import { KeyHint } from './KeyHint.tsx';

export interface KeyButtonProps {
  readonly label: string;
  readonly keys?: string;
  /** Registers `keys` while the button is shown and enabled. */
  readonly bind?: boolean;
  /** In the status bar too. */
  readonly isMain?: boolean;
  readonly kind?: 'primary' | 'default' | 'text';
  readonly isDanger?: boolean;
  readonly isDisabled?: boolean;
  /** Running: the button cannot be pressed again. */
  readonly isBusy?: boolean;
  readonly icon?: ReactNode;
  readonly onPress: () => void;
}

export function KeyButton({
  label,
  keys,
  bind = false,
  isMain = false,
  kind = 'default',
  isDanger = false,
  isDisabled = false,
  isBusy = false,
  icon,
  onPress,
}: KeyButtonProps) {
  const isEnabled = !isDisabled && !isBusy;
  useKeys(bind && keys !== undefined ? [{ key: keys, label, run: onPress, isEnabled, isMain }] : []);
  return (
    <Button
      type={kind}
      danger={isDanger}
      disabled={!isEnabled}
      icon={icon}
      onClick={onPress}
      {...(keys === undefined ? {} : { 'aria-keyshortcuts': keys })}
    >
      {label}
      {keys === undefined ? null : <KeyHint keys={keys} />}
    </Button>
  );
}
