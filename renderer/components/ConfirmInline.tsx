/**
 * Asks once more, in place: the button becomes a sentence with 确认 and 取消. No dialog opens over a dialog. With `typeToConfirm`
 * the word (a book's name) has to be typed first.
 */
import { Button, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isComposing } from '../app/keys.ts';

export interface ConfirmInlineProps {
  /** The button before it is pressed. */
  readonly label: string;
  /** What the button says to who cannot see beside what it stands; else its label. */
  readonly name?: string;
  readonly question: ReactNode;
  readonly confirmLabel: string;
  readonly onConfirm: () => void | Promise<void>;
  readonly typeToConfirm?: string;
  /** Whether it cannot be undone: red then, as where nothing is said. */
  readonly isDanger?: boolean;
  readonly isDisabled?: boolean;
  readonly isSmall?: boolean;
  readonly isLink?: boolean;
}

export function ConfirmInline({
  label,
  name,
  question,
  confirmLabel,
  onConfirm,
  typeToConfirm,
  isDanger = true,
  isDisabled = false,
  isSmall = false,
  isLink = false,
}: ConfirmInlineProps) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const [typed, setTyped] = useState('');
  const [isBusy, setBusy] = useState(false);
  const isReady = typeToConfirm === undefined || typed === typeToConfirm;
  const close = (): void => {
    setAsking(false);
    setTyped('');
  };
  const confirm = async (): Promise<void> => {
    if (!isReady || isBusy) return;
    setBusy(true);
    try {
      await onConfirm();
    } finally {
      setBusy(false);
      close();
    }
  };
  if (!isAsking) {
    return (
      <Button
        danger={isDanger}
        type={isLink ? 'text' : 'default'}
        size={isSmall ? 'small' : 'medium'}
        disabled={isDisabled}
        {...(name === undefined ? {} : { 'aria-label': name })}
        onClick={() => setAsking(true)}
      >
        {label}
      </Button>
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc leaves the question from any of its controls
    <span
      className={isDanger ? 'confirm-inline is-danger' : 'confirm-inline'}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          close();
        }
      }}
    >
      <span>{question}</span>
      {typeToConfirm === undefined ? null : (
        <Input
          autoFocus
          size="small"
          className="confirm-name"
          aria-label={t('common.typeName')}
          placeholder={typeToConfirm}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !isComposing(event)) void confirm();
          }}
        />
      )}
      <Button
        size="small"
        danger={isDanger}
        type="primary"
        autoFocus={typeToConfirm === undefined}
        disabled={!isReady}
        loading={isBusy}
        onClick={() => void confirm()}
      >
        {confirmLabel}
      </Button>
      <Button size="small" onClick={close}>
        {t('common.cancel')}
      </Button>
    </span>
  );
}
