import { Button, Input, type InputRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isComposing } from '../../app/keys.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { useCommand } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';

/** Asks for the reason of an exception in place; Enter accepts, Esc leaves. */
export function ExceptionBar({
  ids,
  onDone,
  onCancel,
}: {
  readonly ids: readonly number[];
  readonly onDone: (count: number) => void;
  readonly onCancel: () => void;
}) {
  const { t } = useTranslation();
  const except = useCommand('match.except');
  const [reason, setReason] = useState('');
  const input = useRef<InputRef>(null);
  useEffect(() => input.current?.focus(), []);
  const isReady = reason.trim().length >= 2;
  const submit = async (): Promise<void> => {
    if (!isReady || except.isRunning) return;
    const done = await except.run({ ids: [...ids], reason: reason.trim() });
    if (done !== undefined) onDone(done.excepted);
  };
  return (
    <div className="page-note match-except">
      <label htmlFor="match-reason">
        {t('recordMatch.acceptPrompt', { count: ids.length, shown: formatCount(ids.length) })}
      </label>
      <Input
        id="match-reason"
        ref={input}
        value={reason}
        maxLength={500}
        placeholder={t('recordMatch.reasonPlaceholder')}
        onChange={(event) => setReason(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !isComposing(event)) void submit();
        }}
      />
      <Button type="primary" disabled={!isReady} loading={except.isRunning} onClick={() => void submit()}>
        {t('recordMatch.accept')}
      </Button>
      <Button onClick={onCancel}>{t('common.cancel')}</Button>
      <ErrorNote error={except.error} isInline />
    </div>
  );
}
