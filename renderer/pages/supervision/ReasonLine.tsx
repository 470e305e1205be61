import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isComposing } from '../../app/keys.ts';

/** Asks why, in place, before something is taken back; Enter does it, Esc leaves it. */
export function ReasonLine({
  placeholder,
  action,
  onDone,
  onCancel,
}: {
  readonly placeholder: string;
  readonly action: string;
  readonly onDone: (reason: string) => Promise<void>;
  readonly onCancel: () => void;
}) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const isReady = reason.trim() !== '';
  const done = (): void => {
    if (isReady) void onDone(reason.trim());
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the field inside
    <div
      className="reason-line"
      onKeyDown={(event) => {
        if (isComposing(event)) return;
        if (event.key === 'Escape') {
          event.stopPropagation();
          onCancel();
        } else if (event.key === 'Enter') {
          event.preventDefault();
          event.stopPropagation();
          done();
        }
      }}
    >
      <Input
        autoFocus
        aria-label={t('supervision.reason')}
        placeholder={placeholder}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <Button type="primary" disabled={!isReady} onClick={done}>
        {action}
      </Button>
      <Button onClick={onCancel}>{t('common.cancel')}</Button>
    </div>
  );
}
