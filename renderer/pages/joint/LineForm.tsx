import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { useKeys } from '../../app/keys.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { DetailPane } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { captureCtrlEnter, useEnterNavigation } from '../../components/use-enter-navigation.ts';

/** One line of a joint shipment in the pane beside the list: entered, corrected, taken out; the next one is added from here. */
export function LineForm({
  title,
  isNew,
  addLabel,
  removeAsk,
  note,
  error,
  isBusy,
  onAdd,
  onSave,
  onRemove,
  children,
}: {
  readonly title: string;
  readonly isNew: boolean;
  readonly addLabel: string;
  readonly removeAsk: string;
  /** What was restored of an earlier typing. */
  readonly note: ReactNode;
  readonly error: ContractError | undefined;
  readonly isBusy: boolean;
  readonly onAdd: () => void;
  readonly onSave: () => Promise<void>;
  readonly onRemove: () => Promise<void>;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const save = (): void => void onSave();
  useKeys([{ key: 'Ctrl+Enter', label: t('common.save'), run: save, isMain: true }]);
  const onKeyDown = useEnterNavigation({ onSubmit: save });
  return (
    <DetailPane
      title={title}
      extra={isNew ? null : <KeyButton label={addLabel} keys="Ctrl+N" onPress={onAdd} />}
      foot={
        <>
          {isNew ? null : (
            <ConfirmInline
              isSmall
              label={t('common.delete')}
              question={removeAsk}
              confirmLabel={t('common.delete')}
              onConfirm={onRemove}
            />
          )}
          <span className="spacer" />
          <KeyButton kind="primary" label={t('common.save')} keys="Ctrl+Enter" isBusy={isBusy} onPress={save} />
        </>
      }
    >
      {note}
      <ErrorNote error={error} />
      <form
        className="panel-pad card-form"
        onKeyDownCapture={captureCtrlEnter(save)}
        onKeyDown={onKeyDown}
        onSubmit={(event) => event.preventDefault()}
      >
        {children}
      </form>
    </DetailPane>
  );
}
