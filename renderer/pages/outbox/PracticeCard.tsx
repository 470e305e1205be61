/** 演练平台: the platform's side on this computer, and the troubles it can be told to make. */
import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SyncStatus } from '../../../shared/contract/filing.ts';
import { type Behaviour, behaviour, type MisbehaviourName, misbehaviours } from '../../../shared/sync/protocol.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Panel } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { behaviourOf, misbehaviourNames, type PracticeDraft, practiceDraft } from './practice-behaviour.ts';

export function PracticeCard({ sync }: { readonly sync: SyncStatus | undefined }) {
  const { t } = useTranslation();
  const start = useCommand('practice.start');
  const stop = useCommand('practice.stop');
  // The endpoint stays the practice platform when its process has ended with the last session: it can be started again.
  const isChosen = sync?.practice === true;
  const isOn = isChosen && sync.connection !== 'offline';
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
        <ErrorNote error={start.error ?? stop.error} />
        {/* One that cuts every connection looks as if it were not there, and still can be told to behave. */}
        {isChosen ? <Troubles key={String(isOn)} /> : null}
        <div className="card-actions">
          {isChosen ? (
            <Button loading={stop.isRunning} onClick={() => void stop.run({})}>
              {t('practice.stop')}
            </Button>
          ) : null}
          {isOn ? null : (
            <Button loading={start.isRunning} onClick={() => void start.run({})}>
              {t('practice.start')}
            </Button>
          )}
        </div>
      </div>
    </Panel>
  );
}

/** What it does at the moment, to be changed; nothing while it is not running. */
function Troubles() {
  const now = useQuery('practice.behaviour', {});
  const [begun, setBegun] = useState<PracticeDraft>();
  if (now.data === undefined) return null;
  return (
    <TroublesForm draft={begun ?? practiceDraft(now.data, Date.now())} onDraft={setBegun} onTold={() => now.reload()} />
  );
}

function TroublesForm({
  draft,
  onDraft,
  onTold,
}: {
  readonly draft: PracticeDraft;
  readonly onDraft: (draft: PracticeDraft | undefined) => void;
  readonly onTold: () => void;
}) {
  const { t } = useTranslation();
  const behave = useCommand('practice.behave');
  const told = behaviourOf(draft, Date.now());
  const tell = async (what: Behaviour | undefined, notice: string): Promise<void> => {
    if (what === undefined || (await behave.run(what)) === undefined) return;
    notify(notice);
    onDraft(undefined);
    onTold();
  };
  const apply = () => tell(behaviourOf(draft, Date.now()), t('practice.applied'));
  const onKeyDown = useEnterNavigation({ onSubmit: () => void apply() });
  const field = (name: MisbehaviourName) => {
    const label = t(`practice.of.${name}`);
    const set = (value: string) => onDraft({ ...draft, [name]: value });
    if (misbehaviours[name].told === 'switch')
      return (
        <div key={name} className="field ticks is-low">
          <Checkbox checked={draft[name] !== ''} onChange={(event) => set(event.target.checked ? '1' : '')}>
            {label}
          </Checkbox>
        </div>
      );
    return (
      <Field key={name} id={`practice-${name}`} label={label}>
        <NumericInput
          id={`practice-${name}`}
          decimals={0}
          unit={t(`practice.unit.${misbehaviours[name].told}`)}
          value={draft[name]}
          onChange={set}
        />
      </Field>
    );
  };
  return (
    <form
      className="card-form"
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        void apply();
      }}
    >
      <ErrorNote error={behave.error} />
      {(['door', 'receipts'] as const).map((group) => (
        <fieldset key={group} className="practice-group">
          <legend>{t(`practice.group.${group}`)}</legend>
          <div className="form-grid">
            {misbehaviourNames.filter((name) => misbehaviours[name].of === group).map(field)}
          </div>
        </fieldset>
      ))}
      <div className="card-actions">
        <Button loading={behave.isRunning} onClick={() => void tell(behaviour.parse({}), t('practice.calmed'))}>
          {t('practice.calm')}
        </Button>
        <Button type="primary" htmlType="submit" loading={behave.isRunning} disabled={told === undefined}>
          {t('practice.apply')}
        </Button>
      </div>
    </form>
  );
}
