/**
 * What went wrong, where it went wrong: what, why, remedy, and the code for a call to support. Blocks stand above
 * content; `isInline` stands under a field.
 */
import { Button } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContractError } from '../../shared/contract/operation.ts';
import { codeText } from '../i18n/catalogue.ts';
import { ToneMark } from './StateTag.tsx';

/** The texts of an error in the language of the desk; an unknown code says so and names itself. */
export function useErrorText(): (error: ContractError) => { what: string; why: string; remedy: string } {
  const { t } = useTranslation();
  return useCallback(
    (error) => {
      const text = codeText('error', error.code, error.params);
      if (text !== undefined) return text;
      // The desk's own few codes (CORE_STOPPED, DESK_BUG …) are with the shell's texts.
      const own = t(`error.${error.code}.what`, { defaultValue: '', ...error.params });
      if (own !== '')
        return {
          what: own,
          why: t(`error.${error.code}.why`, { defaultValue: '', ...error.params }),
          remedy: t(`error.${error.code}.remedy`, { defaultValue: '', ...error.params }),
        };
      return { what: t('error.unknown.what', { code: error.code }), why: '', remedy: t('error.unknown.remedy') };
    },
    [t],
  );
}

export interface ErrorNoteProps {
  readonly error: ContractError | undefined;
  readonly isInline?: boolean;
  readonly onRetry?: () => void;
  readonly onClose?: () => void;
}

export function ErrorNote({ error, isInline = false, onRetry, onClose }: ErrorNoteProps) {
  const { t } = useTranslation();
  const textOf = useErrorText();
  if (error === undefined) return null;
  const { what, why, remedy } = textOf(error);
  return (
    <div className={isInline ? 'error-note is-inline' : 'error-note'} role="alert">
      <ToneMark tone="rejected" />
      <div className="error-text">
        <strong>{what}</strong>
        {why === '' ? null : <span> {why}</span>}
        {remedy === '' ? null : <span> {remedy}</span>}
        <span className="error-code">
          {error.code}
          {error.correlationId === undefined ? '' : ` · ${t('error.correlation', { id: error.correlationId })}`}
        </span>
      </div>
      {onRetry === undefined ? null : (
        <Button size="small" onClick={onRetry}>
          {t('common.retry')}
        </Button>
      )}
      {onClose === undefined ? null : (
        <Button size="small" type="text" onClick={onClose}>
          {t('common.close')}
        </Button>
      )}
    </div>
  );
}
