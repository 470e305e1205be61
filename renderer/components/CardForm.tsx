import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContractError } from '../../shared/contract/operation.ts';
import { useKeys } from '../app/keys.ts';
import { ErrorNote } from './ErrorNote.tsx';
import { KeyButton } from './KeyButton.tsx';
import { captureCtrlEnter, useEnterNavigation } from './use-enter-navigation.ts';

/** A form inside a pane or a card: Enter walks its fields, Ctrl+Enter saves; what else can be done stands before the button that saves. */
export function CardForm({
  saveLabel,
  canSave = true,
  isBusy,
  onSave,
  error,
  actions,
  isPadded = true,
  children,
}: {
  /** What Ctrl+Enter does, where that is more than saving. */
  readonly saveLabel?: string;
  readonly canSave?: boolean;
  readonly isBusy: boolean;
  readonly onSave: () => Promise<void>;
  /** A refusal that is said under the fields. */
  readonly error?: ContractError | undefined;
  readonly actions?: ReactNode;
  /** The pane around it leaves no margin of its own. */
  readonly isPadded?: boolean;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const label = saveLabel ?? t('common.save');
  const save = (): void => void onSave();
  useKeys([{ key: 'Ctrl+Enter', label, run: save, isMain: true }]);
  return (
    <form
      className={isPadded ? 'panel-pad card-form' : 'card-form'}
      onKeyDownCapture={captureCtrlEnter(save)}
      onKeyDown={useEnterNavigation({ onSubmit: save })}
      onSubmit={(event) => event.preventDefault()}
    >
      {children}
      <ErrorNote error={error} isInline />
      <div className="card-actions">
        {actions}
        <KeyButton
          kind="primary"
          label={label}
          keys="Ctrl+Enter"
          isDisabled={!canSave}
          isBusy={isBusy}
          onPress={save}
        />
      </div>
    </form>
  );
}
