/** The ways out: each endpoint's circuit in words, and the hours in which the queue sends by itself. */
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { Panel } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand } from '../../core-client.ts';
import { formatCount, formatRecent } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import type { Tone } from '../../theme/palette.ts';
import { troubleText } from './why.ts';

type Status = OutputOf<'sync.status'>;
type Lane = Status['lanes'][number];

const tones: Readonly<Record<Lane['circuit']['state'] | 'halted' | 'retired' | 'new', Tone>> = {
  halted: 'action',
  retired: 'draft',
  new: 'draft',
  closed: 'accepted',
  open: 'action',
  'half-open': 'waiting',
};

function LaneRow({ lane }: { readonly lane: Lane }) {
  const { t } = useTranslation();
  const { circuit } = lane;
  // Nothing speaks against a way that was never tried, and nothing for it.
  const isNew = circuit.state === 'closed' && circuit.lastSuccessAt === undefined;
  const state = lane.isRetired ? 'retired' : lane.halted !== undefined ? 'halted' : isNew ? 'new' : circuit.state;
  const sentence = (): string => {
    if (lane.isRetired)
      return t('outbox.circuit.retired', {
        success: circuit.lastSuccessAt === undefined ? t('connection.never') : formatRecent(circuit.lastSuccessAt),
      });
    if (lane.halted !== undefined) return t('outbox.circuit.halted', { trouble: troubleText(t, lane.halted) });
    const trouble = circuit.code === '' ? '' : troubleText(t, circuit.code);
    if (isNew) return trouble === '' ? t('outbox.circuit.new') : t('outbox.circuit.newFailed', { trouble });
    return t(`outbox.circuit.${circuit.state}`, {
      trouble,
      failures: circuit.failures,
      since: formatRecent(circuit.since),
      until: formatRecent(circuit.until),
      success: circuit.lastSuccessAt === undefined ? t('connection.never') : formatRecent(circuit.lastSuccessAt),
    });
  };
  return (
    <li>
      <div className="outbox-lane-head">
        <strong>{lane.name}</strong>
        <ToneTag tone={tones[state]} label={t(`outbox.circuitState.${state}`)} />
        <span className="muted">{t('outbox.laneQueued', { count: lane.queued, shown: formatCount(lane.queued) })}</span>
      </div>
      <p>{sentence()}</p>
    </li>
  );
}

function HoursForm({ hours, onDone }: { readonly hours: Status['hours']; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [draft, setDraft] = useState(hours ?? { from: '08:00', to: '22:00' });
  const set = useCommand('outbox.setHours');
  const save = async (next: Status['hours']): Promise<void> => {
    if ((await set.run(next === undefined ? {} : { hours: next })) === undefined) return;
    notify(t('outbox.hoursSaved'));
    onDone();
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void save(draft) });
  return (
    <form
      className="card-form"
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        void save(draft);
      }}
    >
      <Field id={`${id}-from`} label={t('outbox.hoursFrom')} hint={t('outbox.hoursHint')}>
        <Input
          id={`${id}-from`}
          autoFocus
          value={draft.from}
          placeholder="08:00"
          onChange={(event) => setDraft({ ...draft, from: event.target.value.trim() })}
        />
      </Field>
      <Field id={`${id}-to`} label={t('outbox.hoursTo')}>
        <Input
          id={`${id}-to`}
          value={draft.to}
          placeholder="22:00"
          onChange={(event) => setDraft({ ...draft, to: event.target.value.trim() })}
        />
      </Field>
      <ErrorNote error={set.error} isInline />
      <div className="card-actions">
        <Button onClick={onDone}>{t('common.cancel')}</Button>
        {hours === undefined ? null : <Button onClick={() => void save(undefined)}>{t('outbox.hoursAllDay')}</Button>}
        <Button type="primary" htmlType="submit" loading={set.isRunning}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}

export function LanesCard({ status }: { readonly status: Status | undefined }) {
  const { t } = useTranslation();
  const [isEditing, setEditing] = useState(false);
  if (status === undefined) return null;
  return (
    <Panel isPlain title={t('outbox.lanes')}>
      <div className="panel-pad">
        {status.lanes.length === 0 ? (
          <p className="muted">{t('outbox.noLanes')}</p>
        ) : (
          <ul className="outbox-lanes">
            {status.lanes.map((lane) => (
              <LaneRow key={lane.id} lane={lane} />
            ))}
          </ul>
        )}
        {isEditing ? (
          <HoursForm hours={status.hours} onDone={() => setEditing(false)} />
        ) : (
          <div className="card-actions">
            <span className="muted">
              {status.hours === undefined ? t('outbox.hoursNone') : t('outbox.hoursAre', status.hours)}
            </span>
            <Button size="small" onClick={() => setEditing(true)}>
              {t('outbox.setHours')}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}
