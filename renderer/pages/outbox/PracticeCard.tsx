/** 演练平台: the platform's side on this computer, and the troubles it can be told to make. */
import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../../shared/contract/contract.ts';
import type { SyncStatus } from '../../../shared/contract/filing.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { isNumberText, NumericInput } from '../../components/NumericInput.tsx';
import { Panel } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';

interface Draft {
  readonly latencyMs: string;
  readonly dropPercent: string;
  readonly rejectPercent: string;
  readonly duplicateReceipts: boolean;
  readonly reorderReceipts: boolean;
}

const calm: Draft = {
  latencyMs: '0',
  dropPercent: '0',
  rejectPercent: '0',
  duplicateReceipts: false,
  reorderReceipts: false,
};

/** What the core takes, or undefined while a figure is out of range. */
function behaviourOf(draft: Draft): InputOf<'practice.behave'> | undefined {
  const latencyMs = Number(draft.latencyMs);
  const drop = Number(draft.dropPercent);
  const reject = Number(draft.rejectPercent);
  const isWhole = [draft.latencyMs, draft.dropPercent, draft.rejectPercent].every(
    (text) => text !== '' && isNumberText(text, 0, false),
  );
  if (!isWhole || latencyMs > 60_000 || drop > 100 || reject > 100) return undefined;
  return {
    latencyMs,
    dropReplies: drop / 100,
    rejectShare: reject / 100,
    duplicateReceipts: draft.duplicateReceipts,
    reorderReceipts: draft.reorderReceipts,
  };
}

export function PracticeCard({ sync }: { readonly sync: SyncStatus | undefined }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(calm);
  const start = useCommand('practice.start');
  const stop = useCommand('practice.stop');
  const behave = useCommand('practice.behave');
  // The endpoint stays the practice platform when its process has ended with the last session: it can be started again.
  const isChosen = sync?.practice === true;
  const isOn = isChosen && sync.connection !== 'offline';
  const behaviour = behaviourOf(draft);
  const apply = async (): Promise<void> => {
    if (behaviour === undefined) return;
    const done = await behave.run(behaviour);
    if (done !== undefined) notify(t('practice.applied'));
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void apply() });
  const number = (name: 'latencyMs' | 'dropPercent' | 'rejectPercent', unit: string) => (
    <Field id={`practice-${name}`} label={t(`practice.${name}`)}>
      <NumericInput
        id={`practice-${name}`}
        decimals={0}
        unit={unit}
        value={draft[name]}
        onChange={(value) => setDraft({ ...draft, [name]: value })}
      />
    </Field>
  );
  return (
    <Panel
      isPlain
      title={t('practice.title')}
      extra={
        <ToneTag
          tone={isOn ? 'accepted' : 'draft'}
          label={t(isOn ? 'practice.on' : isChosen ? 'practice.asleep' : 'practice.off')}
        />
      }
    >
      <div className="panel-pad">
        <p className="muted">{t('practice.hint')}</p>
        <ErrorNote error={start.error ?? stop.error ?? behave.error} />
        {isOn ? (
          <form
            className="card-form"
            onKeyDown={onKeyDown}
            onSubmit={(event) => {
              event.preventDefault();
              void apply();
            }}
          >
            <div className="form-grid">
              {number('latencyMs', 'ms')}
              {number('dropPercent', '%')}
              {number('rejectPercent', '%')}
              <div className="field ticks is-low">
                <Checkbox
                  checked={draft.duplicateReceipts}
                  onChange={(event) => setDraft({ ...draft, duplicateReceipts: event.target.checked })}
                >
                  {t('practice.duplicateReceipts')}
                </Checkbox>
                <Checkbox
                  checked={draft.reorderReceipts}
                  onChange={(event) => setDraft({ ...draft, reorderReceipts: event.target.checked })}
                >
                  {t('practice.reorderReceipts')}
                </Checkbox>
              </div>
            </div>
            <div className="card-actions">
              <Button loading={stop.isRunning} onClick={() => void stop.run({})}>
                {t('practice.stop')}
              </Button>
              <Button type="primary" htmlType="submit" loading={behave.isRunning} disabled={behaviour === undefined}>
                {t('practice.apply')}
              </Button>
            </div>
          </form>
        ) : (
          <div className="card-actions">
            <Button loading={start.isRunning} onClick={() => void start.run({})}>
              {t('practice.start')}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}
