/**
 * A button with the key that does the same. The page's own `useKeys` binding makes the key work; pass `bind` to let the
 * button register it itself.
 */
import { Button } from 'antd';
import type { ReactNode } from 'react';
import type { CommandId } from '../../shared/desk-keys.ts';
import { useCommandKey, useKeys } from '../app/keys.ts';
import { KeyHint } from './KeyHint.tsx';

interface Props {
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

/** With a name and a key of its own, or of a command, whose key the user may have changed. */
export type KeyButtonProps = Props &
  ({ readonly label: string; readonly keys?: string } | { readonly command: CommandId });

export function KeyButton({
  bind = false,
  isMain = false,
  kind = 'default',
  isDanger = false,
  isDisabled = false,
  isBusy = false,
  icon,
  onPress,
  ...named
}: KeyButtonProps) {
  const ofCommand = useCommandKey();
  const { label, keys } =
    'command' in named ? { label: ofCommand(named.command).label, keys: ofCommand(named.command).key } : named;
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
