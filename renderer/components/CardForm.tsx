import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContractError } from '../../shared/contract/operation.ts';
import { useKeys } from '../app/keys.ts';
import { ErrorNote } from './ErrorNote.tsx';
import { KeyButton } from './KeyButton.tsx';
import { focusRefused, lookupsSettled } from './lookups.ts';
import { oneAtATime } from './one-at-a-time.ts';
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
  const form = useRef<HTMLFormElement>(null);
  const latest = useRef(onSave);
  latest.current = onSave;
  /** What is typed as a code is looked up first; text that was refused as one has to be mended. */
  const once = useRef(oneAtATime());
  const save = (): Promise<void> =>
    once.current(async () => {
      await lookupsSettled();
      if (!focusRefused(form.current)) await latest.current();
    });
  useKeys([{ key: 'Ctrl+Enter', label, run: () => void save(), isMain: true }]);
  return (
    <form
      ref={form}
      className={isPadded ? 'panel-pad card-form' : 'card-form'}
      onKeyDownCapture={captureCtrlEnter(() => void save())}
      onKeyDown={useEnterNavigation({ onSubmit: () => void save() })}
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
          onPress={() => void save()}
        />
      </div>
    </form>
  );
}
