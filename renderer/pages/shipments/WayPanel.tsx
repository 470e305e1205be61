/** 物流: where the goods of a shipment are, what was heard of them, what must be met and checked. */
import { Button, Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { CutOffKind, MilestoneKind } from '../../../shared/logistics/pack.ts';
import { navigate } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { ToneMark, ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import type { Tone } from '../../theme/palette.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { AskedPlatforms } from './AskedPlatforms.tsx';
import { SmallForm } from './SmallForm.tsx';
import { StageHeads, StagePapers } from './StagePapers.tsx';
import { useAge } from './way-text.tsx';
import { typedInstant } from './way-time.ts';

type Way = OutputOf<'way.get'>;
type Kinds = OutputOf<'way.kinds'>;

const cutOffTone: Readonly<Record<Way['cutOffs'][number]['state'], Tone>> = {
  open: 'waiting',
  over: 'rejected',
  late: 'rejected',
  met: 'accepted',
  done: 'accepted',
};

/** `yyyy-mm-dd hh:mm`, or the day alone where no more is known. */
const shownTime = (at: string, isDay = false): string => formatInstant(at).slice(0, isDay ? 10 : 16);

export function WayPanel({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const view = useQuery('way.get', { shipmentId: id }, { areas: ['shipments', 'documents', 'imports', 'tax'] });
  const kinds = useQuery('way.kinds', {});
  if (view.error !== undefined) return <ErrorNote error={view.error} onRetry={view.reload} />;
  if (kinds.error !== undefined) return <ErrorNote error={kinds.error} onRetry={kinds.reload} />;
  if (view.data === undefined || kinds.data === undefined) return <Skeleton rows={8} />;
  const { data } = view;
  return (
    <DetailPane
      title={t('way.title')}
      tags={<Last way={data} />}
      extra={
        <Button size="small" onClick={() => navigate('import', { kind: 'tracking' })}>
          {t('way.import')}
        </Button>
      }
      foot={<span className="muted">{t('way.source', { from: data.inForceFrom })}</span>}
    >
      <DetailSection title={t('way.steps')}>
        <Steps way={data} />
        <Findings way={data} />
      </DetailSection>
      <DetailSection title={t('way.record')}>
        <RecordForm id={id} kinds={kinds.data} />
      </DetailSection>
      <DetailSection title={t('way.cutOffs')}>
        <CutOffs id={id} way={data} kinds={kinds.data} />
      </DetailSection>
      <Papers key={id} id={id} stages={data.stages} />
      <DetailSection title={t('way.events', { n: formatCount(data.eventsTotal) })}>
        <p className="panel-pad way-asked" role="status">
          <AskedPlatforms none={t('way.asked.none')} />
        </p>
        <Events way={data} />
      </DetailSection>
      <DetailSection title={t('way.containers')}>
        <Containers key={data.containers.join(' ')} id={id} numbers={data.containers} />
      </DetailSection>
      <DetailSection title={t('way.seals')}>
        <Seals id={id} way={data} />
      </DetailSection>
      {data.checkLists.map((list) => (
        <CheckList key={list.code} id={id} list={list} />
      ))}
    </DetailPane>
  );
}

/** The stages of customs; their papers are read once they are asked for. */
function Papers({ id, stages }: { readonly id: number; readonly stages: Way['stages'] }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <DetailSection
      title={t('way.papers.title')}
      extra={
        isOpen ? undefined : (
          <Button size="small" onClick={() => setIsOpen(true)}>
            {t('way.papers.show')}
          </Button>
        )
      }
    >
      {isOpen ? <StagePapers id={id} heads={stages} /> : <StageHeads stages={stages} />}
    </DetailSection>
  );
}

function Last({ way: { last } }: { readonly way: Way }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const age = useAge();
  if (last === undefined) return <ToneTag tone="draft" label={t('way.nothing')} />;
  const tone = last.kind === 'exception' ? 'rejected' : last.kind === 'delivered' ? 'accepted' : 'waiting';
  return <ToneTag tone={tone} label={t('way.last', { what: say(last.title), age: age(last.at) })} />;
}

/** The line of time: every step in its order, with its first and last time. */
function Steps({ way: { steps, parcels } }: { readonly way: Way }) {
  const { t } = useTranslation();
  const say = useBilingual();
  return (
    <ol className="way-steps" aria-label={t('way.steps')}>
      {steps.map(({ kind, title, first, last, scopes }) => (
        <li key={kind} className={first === undefined ? 'is-open' : 'is-done'}>
          <span className="way-step-name">
            <ToneMark tone={first === undefined ? 'draft' : 'accepted'} /> {say(title)}
          </span>
          <span>
            <span className="way-step-time">{first === undefined ? '–' : shownTime(first)}</span>
            {last === undefined || last === first ? null : (
              <>
                {' … '}
                <span className="way-step-time">{shownTime(last)}</span>
              </>
            )}
          </span>
          <span className="muted">
            {scopes === 0
              ? ''
              : parcels === 0
                ? t('way.scopes', { n: formatCount(scopes) })
                : t('way.scopesOf', { n: formatCount(scopes), all: formatCount(parcels) })}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Findings({ way: { findings, findingsTotal } }: { readonly way: Way }) {
  const { t } = useTranslation();
  const say = useBilingual();
  if (findingsTotal === 0) return null;
  return (
    <ul className="detail-list way-findings" role="status">
      {findings.map(({ code, title, at, scope, former, formerAt }) => (
        <li key={`${code} ${scope} ${at} ${title.en}`}>
          <ToneTag
            tone="action"
            label={t(`way.finding.${code}`, {
              step: say(title),
              at: shownTime(at),
              former: former === undefined ? '' : say(former),
              formerAt: formerAt === undefined ? '' : shownTime(formerAt),
            })}
          />
          {scope === '' ? null : <Code>{scope}</Code>}
        </li>
      ))}
      {findingsTotal > findings.length ? (
        <li className="muted">{t('way.more', { n: formatCount(findingsTotal - findings.length) })}</li>
      ) : null}
    </ul>
  );
}

/** A time typed as text; what is none is said under the field. */
function TimeField({
  id,
  label,
  value,
  onChange,
}: {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  const isWrong = value.trim() !== '' && typedInstant(value, localDate()) === undefined;
  return (
    <Field id={id} label={label} error={isWrong ? t('way.timeWrong') : undefined} hint={t('way.timeHint')} isRequired>
      <Input
        id={id}
        autoComplete="off"
        value={value}
        status={isWrong ? 'error' : ''}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

function RecordForm({ id, kinds }: { readonly id: number; readonly kinds: Kinds }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const record = useCommand('way.record');
  const form = useFormDraft(`way record ${id}`, { kind: 'picked' as MilestoneKind, time: '', place: '', text: '' });
  const { kind, time, place, text } = form.value;
  const { change } = form;
  const at = typedInstant(time, localDate());
  const save = async (): Promise<void> => {
    if (at === undefined) return;
    const done = await record.run({ shipmentId: id, kind, at, place, text });
    if (done === undefined) return;
    notify(t(done.isNew ? 'way.recorded' : 'way.recordedBefore'));
    change({ time: '' });
    change({ text: '' });
    // Last: what stands in the form from now on is not a draft.
    form.done();
  };
  return (
    <SmallForm onSubmit={() => void save()}>
      <Field id="way-kind" label={t('way.kind')}>
        <Select<MilestoneKind>
          id="way-kind"
          value={kind}
          onChange={(value) => change({ kind: value })}
          showSearch
          optionFilterProp="label"
          options={kinds.milestones.map(({ code, title }) => ({ value: code, label: say(title) }))}
        />
      </Field>
      <TimeField id="way-time" label={t('way.time')} value={time} onChange={(value) => change({ time: value })} />
      <Field id="way-place" label={t('way.place')}>
        <Input
          id="way-place"
          maxLength={100}
          value={place}
          onChange={(event) => change({ place: event.target.value })}
        />
      </Field>
      <Field id="way-text" label={t('way.text')}>
        <Input id="way-text" maxLength={300} value={text} onChange={(event) => change({ text: event.target.value })} />
      </Field>
      <RestoredNote draft={form} />
      <ErrorNote error={record.error} isInline />
      <div className="card-actions">
        <Button htmlType="submit" disabled={at === undefined} loading={record.isRunning}>
          {t('way.save')}
        </Button>
      </div>
    </SmallForm>
  );
}

function CutOffs({ id, way, kinds }: { readonly id: number; readonly way: Way; readonly kinds: Kinds }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const age = useAge();
  const save = useCommand('way.saveCutOff');
  const remove = useCommand('way.removeCutOff');
  const form = useFormDraft(`cut-off ${id}`, { kind: 'documents' as CutOffKind, time: '', note: '' });
  const { kind, time, note } = form.value;
  const { change } = form;
  const at = typedInstant(time, localDate());
  const add = async (): Promise<void> => {
    if (at === undefined) return;
    if ((await save.run({ shipmentId: id, kind, at, note })) === undefined) return;
    notify(t('way.cutOffSaved'));
    change({ time: '' });
    change({ note: '' });
    // Last: what stands in the form from now on is not a draft.
    form.done();
  };
  return (
    <>
      {way.cutOffs.length === 0 ? <p className="panel-pad muted">{t('way.noCutOffs')}</p> : null}
      <ul className="detail-list">
        {way.cutOffs.map((one) => (
          <li key={one.id}>
            <ToneTag
              tone={cutOffTone[one.state]}
              label={t(`way.cutOffState.${one.state}`, { what: say(one.title), age: age(one.at) })}
            />
            <span className="way-step-time">{shownTime(one.at)}</span>
            <span className="muted">{one.note}</span>
            {one.state === 'met' || one.state === 'late' ? null : (
              <Checkbox
                checked={one.state === 'done'}
                onChange={(event) =>
                  void save.run({
                    ...{ id: one.id, shipmentId: id, kind: one.kind, at: one.at, note: one.note },
                    isDone: event.target.checked,
                  })
                }
              >
                {t('way.cutOffDone')}
              </Checkbox>
            )}
            <Button size="small" type="text" onClick={() => void remove.run({ id: one.id })}>
              {t('way.remove')}
            </Button>
          </li>
        ))}
      </ul>
      <SmallForm onSubmit={() => void add()}>
        <Field id="cut-off-kind" label={t('way.cutOff')}>
          <Select<CutOffKind>
            id="cut-off-kind"
            value={kind}
            onChange={(value) => change({ kind: value })}
            options={kinds.cutOffs.map(({ code, title }) => ({ value: code, label: say(title) }))}
          />
        </Field>
        <TimeField
          id="cut-off-time"
          label={t('way.cutOffTime')}
          value={time}
          onChange={(value) => change({ time: value })}
        />
        <Field id="cut-off-note" label={t('way.note')} hint={kind === 'declareBy' ? t('way.declareByHint') : undefined}>
          <Input
            id="cut-off-note"
            maxLength={300}
            value={note}
            onChange={(event) => change({ note: event.target.value })}
          />
        </Field>
        <RestoredNote draft={form} />
        <ErrorNote error={save.error ?? remove.error} isInline />
        <div className="card-actions">
          <Button htmlType="submit" disabled={at === undefined} loading={save.isRunning}>
            {t('way.addCutOff')}
          </Button>
        </div>
      </SmallForm>
    </>
  );
}

function Events({ way: { events, eventsTotal } }: { readonly way: Way }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const age = useAge();
  const withdraw = useCommand('way.withdraw');
  const [asked, setAsked] = useState<number>();
  const [reason, setReason] = useState('');
  if (eventsTotal === 0) return <p className="panel-pad muted">{t('way.noEvents')}</p>;
  const take = async (id: number): Promise<void> => {
    if ((await withdraw.run({ id, reason })) === undefined) return;
    setAsked(undefined);
    setReason('');
    notify(t('way.withdrawn'));
  };
  return (
    <>
      <ErrorNote error={withdraw.error} isInline />
      <ul className="detail-list way-events">
        {events.map((one) => (
          <li key={one.id}>
            <span className="way-step-time">{shownTime(one.at, one.isDay)}</span>
            <strong>{say(one.title)}</strong>
            <span className="muted">{age(one.at)}</span>
            {one.scope === '' ? null : <Code>{one.scope}</Code>}
            <span>{[one.place, one.text].filter((text) => text !== '').join(' · ')}</span>
            {one.endpoint === undefined ? null : (
              <span className="muted">{t('way.saidBy', { name: one.endpoint })}</span>
            )}
            <Button size="small" type="text" onClick={() => setAsked(one.id)}>
              {t('way.withdraw')}
            </Button>
            {asked === one.id ? (
              <span className="way-withdraw">
                <Input
                  id="way-reason"
                  autoFocus
                  aria-label={t('way.reason')}
                  placeholder={t('way.reason')}
                  maxLength={300}
                  value={reason}
                  onChange={(event) => setReason(event.target.value)}
                />
                <Button
                  danger
                  disabled={reason.trim().length < 2}
                  loading={withdraw.isRunning}
                  onClick={() => void take(one.id)}
                >
                  {t('way.withdraw')}
                </Button>
                <Button onClick={() => setAsked(undefined)}>{t('common.cancel')}</Button>
              </span>
            ) : null}
          </li>
        ))}
      </ul>
      {eventsTotal > events.length ? (
        <p className="panel-pad muted">{t('way.more', { n: formatCount(eventsTotal - events.length) })}</p>
      ) : null}
    </>
  );
}

function Containers({ id, numbers }: { readonly id: number; readonly numbers: readonly string[] }) {
  const { t } = useTranslation();
  const set = useCommand('way.setContainers');
  const [text, setText] = useState(numbers.join(' '));
  const typed = text.split(/[\s,，、;；]+/).filter((one) => one !== '');
  const save = async (): Promise<void> => {
    if ((await set.run({ shipmentId: id, numbers: typed })) !== undefined) notify(t('way.containersSaved'));
  };
  return (
    <SmallForm onSubmit={() => void save()}>
      <Field id="way-containers" label={t('way.containerNumbers')} hint={t('way.containersHint')} isWide>
        <Input id="way-containers" value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
      <ErrorNote error={set.error} isInline />
      <div className="card-actions">
        <Button htmlType="submit" loading={set.isRunning} disabled={typed.join(' ') === numbers.join(' ')}>
          {t('way.save')}
        </Button>
      </div>
    </SmallForm>
  );
}

function Seals({ id, way: { seals } }: { readonly id: number; readonly way: Way }) {
  const { t } = useTranslation();
  const add = useCommand('way.addSeal');
  const remove = useCommand('way.removeSeal');
  const form = useFormDraft(`seal ${id}`, { number: '', vehicle: '' });
  const { number, vehicle } = form.value;
  const { change } = form;
  const save = async (): Promise<void> => {
    if (number.trim().length < 2) return;
    if ((await add.run({ shipmentId: id, number, vehicle })) === undefined) return;
    change({ number: '' });
    change({ vehicle: '' });
    // Last: what stands in the form from now on is not a draft.
    form.done();
  };
  return (
    <>
      <ul className="detail-list">
        {seals.map((seal) => (
          <li key={seal.id}>
            <Code>{seal.number}</Code>
            <span className="muted">{seal.vehicle}</span>
            {seal.alsoOn === undefined ? null : (
              <ToneTag tone="action" label={t('way.sealTwice', { shipment: seal.alsoOn })} />
            )}
            <Button size="small" type="text" onClick={() => void remove.run({ id: seal.id })}>
              {t('way.remove')}
            </Button>
          </li>
        ))}
      </ul>
      <SmallForm onSubmit={() => void save()}>
        <Field id="seal-number" label={t('way.sealNumber')}>
          <Input
            id="seal-number"
            maxLength={40}
            value={number}
            onChange={(event) => change({ number: event.target.value })}
          />
        </Field>
        <Field id="seal-vehicle" label={t('way.vehicle')}>
          <Input
            id="seal-vehicle"
            maxLength={60}
            value={vehicle}
            onChange={(event) => change({ vehicle: event.target.value })}
          />
        </Field>
        <RestoredNote draft={form} />
        <ErrorNote error={add.error ?? remove.error} isInline />
        <div className="card-actions">
          <Button htmlType="submit" disabled={number.trim().length < 2} loading={add.isRunning}>
            {t('way.addSeal')}
          </Button>
        </div>
      </SmallForm>
    </>
  );
}

function CheckList({ id, list }: { readonly id: number; readonly list: Way['checkLists'][number] }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const check = useCommand('way.check');
  const done = list.items.filter(({ checkedAt }) => checkedAt !== undefined).length;
  return (
    <DetailSection title={t('way.checkList', { title: say(list.title), done, all: list.items.length })}>
      <ul className="detail-list">
        {list.items.map((item) => (
          <li key={item.code}>
            <Checkbox
              checked={item.checkedAt !== undefined}
              onChange={(event) =>
                void check.run({ shipmentId: id, list: list.code, item: item.code, isDone: event.target.checked })
              }
            >
              {say(item.title)}
            </Checkbox>
            {item.checkedAt === undefined ? null : <span className="muted">{shownTime(item.checkedAt)}</span>}
          </li>
        ))}
      </ul>
      <ErrorNote error={check.error} isInline />
      <p className="panel-pad muted">{t('way.checkListNote')}</p>
    </DetailSection>
  );
}
