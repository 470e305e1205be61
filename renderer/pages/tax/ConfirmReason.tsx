/** Asks for a reason in place before it acts: the button becomes a field with the same button beside it. */
import { Button } from 'antd';
import { useState } from 'react';
import { ReasonForm } from './ReasonForm.tsx';
import { useWords } from './use-words.ts';

export function ConfirmReason({
  label,
  isRunning,
  isDanger = true,
  onConfirm,
}: {
  readonly label: string;
  readonly isRunning: boolean;
  readonly isDanger?: boolean;
  readonly onConfirm: (reason: string) => Promise<void>;
}) {
  const { t } = useWords();
  const [isAsking, setAsking] = useState(false);
  if (!isAsking)
    return (
      <Button size="small" danger={isDanger} onClick={() => setAsking(true)}>
        {label}
      </Button>
    );
  return (
    <span className="confirm-reason">
      <ReasonForm
        label={label}
        isDanger={isDanger}
        isRunning={isRunning}
        onSave={(reason) => void onConfirm(reason).then(() => setAsking(false))}
      />
      <Button onClick={() => setAsking(false)}>{t('common.cancel')}</Button>
    </span>
  );
}
