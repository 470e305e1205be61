import { Button } from 'antd';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContractError } from '../../shared/contract/operation.ts';
import { useKeys } from '../app/keys.ts';
import { DetailPane, focusList } from './DetailPane.tsx';
import { ErrorNote } from './ErrorNote.tsx';
import { KeyButton } from './KeyButton.tsx';
import { focusRefused, lookupsSettled } from './lookups.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { captureCtrlEnter, useEnterNavigation } from './use-enter-navigation.ts';

/**
 * A form in the pane beside a list: Enter walks its fields, Ctrl+Enter saves, Esc goes back to the list and closes. Without `onClose` Esc is
 * the page's.
 */
export function FormPane({
  title,
  isCode = false,
  tags,
  error,
  saveLabel,
  canSave,
  isBusy,
  onSave,
  onClose,
  onClearError,
  foot,
  below,
  children,
}: {
  readonly title: string;
  readonly isCode?: boolean;
  readonly tags?: ReactNode;
  readonly error: ContractError | undefined;
  /** What Ctrl+Enter does, where that is more than saving. */
  readonly saveLabel?: string;
  readonly canSave: boolean;
  readonly isBusy: boolean;
  readonly onSave: () => Promise<void>;
  readonly onClose?: () => void;
  readonly onClearError?: () => void;
  /** More of the foot, before the button that saves. */
  readonly foot?: ReactNode;
  /** What stands under the form and is no part of it. */
  readonly below?: ReactNode;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const label = saveLabel ?? t('common.save');
  const latest = useRef({ canSave, isBusy, onSave });
  latest.current = { canSave, isBusy, onSave };
  const fields = useRef<HTMLFormElement>(null);
  /** A field says what was typed when it is left, so it is left first, and codes are looked up; a refusal comes back to it. */
  const once = useRef(oneAtATime());
  const save = (): Promise<void> =>
    once.current(async () => {
      const field = document.activeElement;
      if (field instanceof HTMLElement) field.blur();
      await lookupsSettled();
      await new Promise(requestAnimationFrame);
      if (focusRefused(fields.current)) return;
      const form = latest.current;
      if (!form.canSave || form.isBusy) return;
      await form.onSave();
      if (field instanceof HTMLElement && field.isConnected && document.activeElement === document.body) field.focus();
    });
  const close = (): void => {
    focusList();
    onClose?.();
  };
  useKeys([
    { key: 'Ctrl+Enter', label, run: () => void save(), isEnabled: !isBusy, isMain: true },
    ...(onClose === undefined ? [] : [{ key: 'Esc', label: t('common.close'), run: close }]),
  ]);
  const onKeyDown = useEnterNavigation({ onSubmit: () => void save() });
  return (
    <DetailPane
      title={title}
      isCode={isCode}
      tags={tags}
      extra={
        onClose === undefined ? null : (
          <Button size="small" type="text" onClick={close}>
            {t('common.close')}
          </Button>
        )
      }
      foot={
        <>
          {foot}
          <span className="spacer" />
          <KeyButton
            kind="primary"
            label={label}
            keys="Ctrl+Enter"
            isDisabled={!canSave}
            isBusy={isBusy}
            onPress={() => void save()}
          />
        </>
      }
    >
      <ErrorNote error={error} {...(onClearError === undefined ? {} : { onClose: onClearError })} />
      <form
        ref={fields}
        onKeyDownCapture={captureCtrlEnter(() => void save())}
        onKeyDown={onKeyDown}
        onSubmit={(event) => event.preventDefault()}
      >
        {children}
      </form>
      {below}
    </DetailPane>
  );
}
