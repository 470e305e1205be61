import { Button, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContractError } from '../../shared/contract/operation.ts';
import { ErrorNote } from './ErrorNote.tsx';

/** Makes a line void with a reason: the button, then the reason in its place. Stands at the end of the line, with the refusal under it. */
export function VoidAsk({
  label,
  reasonLabel,
  className,
  error,
  before,
  onVoid,
}: {
  readonly label: string;
  readonly reasonLabel: string;
  /** Of the reason and its buttons. */
  readonly className: string;
  readonly error: ContractError | undefined;
  /** What else can be done with the line while no reason is asked for. */
  readonly before?: ReactNode;
  /** False: it was refused, and the reason stays. */
  readonly onVoid: (reason: string) => Promise<boolean>;
}) {
  const { t } = useTranslation();
  const [reason, setReason] = useState<string>();
  const submit = async (): Promise<void> => {
    if (reason === undefined || reason.trim() === '') return;
    if (await onVoid(reason)) setReason(undefined);
  };
  return (
    <>
      {reason === undefined ? (
        <>
          {before}
          <Button size="small" type="text" onClick={() => setReason('')}>
            {label}
          </Button>
        </>
      ) : (
        <span className={className}>
          <Input
            autoFocus
            size="small"
            aria-label={reasonLabel}
            placeholder={reasonLabel}
            value={reason}
            maxLength={300}
            onChange={(event) => setReason(event.target.value)}
            onPressEnter={() => void submit()}
          />
          <Button size="small" danger disabled={reason.trim() === ''} onClick={() => void submit()}>
            {label}
          </Button>
          <Button size="small" onClick={() => setReason(undefined)}>
            {t('common.cancel')}
          </Button>
        </span>
      )}
      <ErrorNote error={error} isInline />
    </>
  );
}
