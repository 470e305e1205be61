import { Button, Input } from 'antd';
import { useState } from 'react';
import { useWords } from './use-words.ts';

/** A reason and a button: whatever the firm changes about the rules is written down with why. */
export function ReasonForm({
  label,
  isRunning,
  isDisabled = false,
  isDanger = false,
  onSave,
}: {
  readonly label: string;
  readonly isRunning: boolean;
  readonly isDisabled?: boolean;
  readonly isDanger?: boolean;
  readonly onSave: (reason: string) => void;
}) {
  const { t } = useWords();
  const [reason, setReason] = useState('');
  const isReady = reason.trim() !== '' && !isDisabled;
  return (
    <form
      className="reason-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) onSave(reason.trim());
      }}
    >
      <Input
        aria-label={t('tax.reason')}
        placeholder={t('tax.reasonNeeded')}
        value={reason}
        maxLength={200}
        onChange={(event) => setReason(event.target.value)}
      />
      <Button htmlType="submit" type="primary" danger={isDanger} disabled={!isReady} loading={isRunning}>
        {label}
      </Button>
    </form>
  );
}
