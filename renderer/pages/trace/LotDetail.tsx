/** One lot: what it was made of and became, its cartons, reports and label. */
import { Button, Input, Select } from 'antd';
import encodeQR from 'qr';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { lotEventKinds } from '../../../shared/contract/trace.ts';
import { rangeText, readCartons } from '../../../shared/lots/cartons.ts';
import { gramsOf } from '../../../shared/lots/mass.ts';
import { navigate } from '../../app/route-store.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { Inspections } from './Inspections.tsx';
import {
  CertificateRows,
  chinaTime,
  InTwoLanguages,
  instantOf,
  kg,
  useFindingWords,
  useTraceFile,
  WithdrawRow,
} from './parts.tsx';

type Lot = OutputOf<'lots.get'>;
/** Labels of a lot printed at once when nobody says otherwise, and at most. */
const LABELS = 4;
const MOST_LABELS = 200;
/** Runs of cartons listed at once. */
const SHOWN_RANGES = 200;

export function LotDetail({ id, onGo }: { readonly id: number; readonly onGo: (id: number | undefined) => void }) {
  const { t, i18n } = useTranslation();
  const lot = useQuery('lots.get', { id, language: i18n.language === 'en' ? 'en' : 'zh' }, { areas: ['lots', 'tax'] });
  const labels = useTraceFile('trace.labels');
  const [copies, setCopies] = useState(String(LABELS));
  const labelCount = /^[1-9]\d{0,2}$/.test(copies) && Number(copies) <= MOST_LABELS ? Number(copies) : undefined;
  const page = useTraceFile('trace.print');
  const remove = useCommand('lots.remove');
  const wordsOf = useFindingWords();
  if (lot.data === undefined)
    return lot.error === undefined ? null : <ErrorNote error={lot.error} onRetry={lot.reload} />;
  const {
    lot: row,
    step,
    from,
    into,
    reports,
    inspections,
    reasons,
    label,
    isRemovable,
    events,
    eventsTotal,
  } = lot.data;
  const links = (lots: Lot['from']): ReactNode =>
    lots.length === 0
      ? t('trace.none')
      : lots.map((one) => (
          <span key={one.id}>
            <button type="button" className="link code" onClick={() => onGo(one.id)}>
              {one.code}
            </button>{' '}
            {kg(one.massG)}{' '}
          </span>
        ));
  return (
    <DetailPane
      title={row.code}
      isCode
      tags={
        <>
          {row.isHeld ? <ToneTag tone="rejected" label={t('trace.lot.held')} /> : null}
          {inspections.some(({ isFailure }) => isFailure) ? (
            <ToneTag tone="rejected" label={t('trace.inspection.failed')} />
          ) : null}
        </>
      }
      foot={
        <>
          <Button onClick={() => navigate('trace', { tab: 'query', text: row.code })}>{t('trace.query.go')}</Button>
          <span className="spacer" />
          {isRemovable ? (
            <ConfirmInline
              label={t('trace.lot.remove')}
              question={t('trace.lot.removeAsk')}
              confirmLabel={t('trace.lot.remove')}
              onConfirm={async () => {
                if ((await remove.run({ id })) !== undefined) onGo(undefined);
              }}
            />
          ) : null}
        </>
      }
    >
      <ErrorNote error={remove.error} onClose={remove.clear} />
      {labels.notice}
      {page.notice}
      <div className="panel-pad">
        <Facts
          rows={[
            [t('trace.product.title'), [row.product, row.variety, row.grade].filter((one) => one !== '').join(' ')],
            [t('trace.lot.mass'), `${kg(row.massG)} kg`],
            [t('trace.lot.madeOn'), `${row.madeOn} ${t(`trace.lot.mades.${row.made}`)}`],
            [t('trace.lot.free'), `${kg(row.freeG)} kg`],
            [t('trace.lot.where'), row.site],
            [
              t('trace.lot.yield'),
              step === undefined ? '' : `${step.yield} % (${kg(step.inputG)} → ${kg(step.outputG)})`,
            ],
            [t('trace.lot.from'), step === undefined ? t('trace.lot.mades.harvest') : links(from)],
            [t('trace.lot.into'), links(into)],
          ]}
        />
      </div>
      <DetailSection
        title={t('trace.lot.label')}
        extra={
          <>
            <span className="trace-copies">
              <NumericInput
                id="label-copies"
                label={t('trace.lot.copies')}
                value={copies}
                decimals={0}
                unit={t('trace.lot.sheets')}
                onChange={setCopies}
              />
            </span>{' '}
            <InTwoLanguages
              label={t('trace.lot.labels')}
              isBusy={labels.isRunning}
              onPress={(language) => {
                if (labelCount === undefined) notify(t('trace.lot.copiesWrong', { most: MOST_LABELS }));
                else void labels.write(`${t('trace.lot.label')} ${row.code}`, { id, language, copies: labelCount });
              }}
            />{' '}
            <InTwoLanguages
              label={t('trace.query.sheet')}
              isBusy={page.isRunning}
              onPress={(language) =>
                void page.write(`${t('trace.query.sheet')} ${row.code}`, { text: row.code, language })
              }
            />
          </>
        }
      >
        <div className="trace-label">
          <QrCode text={label} />
          <pre>{label}</pre>
        </div>
      </DetailSection>
      <Cartons lot={lot.data} />
      <Inspections lotId={id} code={row.code} inspections={inspections} />
      <Reports lotId={id} reports={reports} />
      {lot.data.certificates.length === 0 ? null : (
        <DetailSection title={t('trace.certificates')}>
          <ul className="trace-list">
            <CertificateRows rows={lot.data.certificates} />
          </ul>
        </DetailSection>
      )}
      <Events lotId={id} events={events} total={eventsTotal} />
      <Hold lot={lot.data} />
      {reasons.length === 0 ? null : (
        <DetailSection title={t('trace.reasons')}>
          <ul className="trace-list">
            {reasons.map((one) => (
              <li key={`${one.at} ${one.code}`}>
                <span>{wordsOf(one, 'what')}</span>
                <strong>{one.reason}</strong>
                <span className="muted">
                  {[one.dispatch ?? '', one.who, formatInstant(one.at)].filter((part) => part !== '').join(' · ')}
                </span>
              </li>
            ))}
          </ul>
        </DetailSection>
      )}
    </DetailPane>
  );
}

/** The same code as on paper, as one path. */
function QrCode({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const rows = useMemo(() => encodeQR(text, 'raw', { ecc: 'medium', encoding: 'byte', border: 4 }), [text]);
  const path = rows
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .filter((one) => one !== '')
    .join('');
  return (
    <svg
      role="img"
      aria-label={t('trace.lot.qr')}
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      shapeRendering="crispEdges"
    >
      <path d={path} fill="#000" />
    </svg>
  );
}

function Cartons({ lot }: { readonly lot: Lot }) {
  const { t } = useTranslation();
  const add = useCommand('cartons.add');
  const remove = useCommand('cartons.remove');
  const form = useFormDraft(`lot cartons ${lot.lot.id}`, { text: '', net: '' });
  const { text, net } = form.value;
  const { change } = form;
  const ranges = readCartons(text);
  const netG = gramsOf(net);
  const submit = async (): Promise<void> => {
    if (ranges === undefined || netG === undefined) return;
    const done = await add.run({ lotId: lot.lot.id, ranges, netG });
    if (done === undefined) return;
    notify(t('trace.carton.added', { n: formatCount(done.count) }));
    change({ text: '' });
    form.done();
  };
  return (
    <DetailSection title={t('trace.carton.title')}>
      <ul className="trace-list">
        {lot.cartons.slice(0, SHOWN_RANGES).map((one) => (
          <li key={one.id}>
            <span className="code">{rangeText(one)}</span>
            <span>{t('trace.carton.count', { n: formatCount(one.count), net: kg(one.netG) })}</span>
            <span className="spacer" />
            {one.dispatchId === undefined ? (
              <ConfirmInline
                isSmall
                isLink
                label={t('common.delete')}
                name={t('trace.carton.removeOf', { cartons: rangeText(one) })}
                question={t('trace.carton.removeAsk', { n: formatCount(one.count) })}
                confirmLabel={t('common.delete')}
                onConfirm={async () => void (await remove.run({ id: one.id }))}
              />
            ) : (
              <button
                type="button"
                className="link"
                onClick={() => navigate('trace', { tab: 'dispatches', at: one.dispatchId ?? 0 })}
              >
                {one.dispatch}
              </button>
            )}
          </li>
        ))}
      </ul>
      {lot.cartons.length > SHOWN_RANGES ? (
        <p className="muted">{t('trace.more', { n: formatCount(lot.cartons.length - SHOWN_RANGES) })}</p>
      ) : null}
      {lot.lot.isHeld ? null : (
        <div className="trace-row">
          <Input
            className="code"
            aria-label={t('trace.carton.numbers')}
            placeholder={t('trace.carton.numbersHint')}
            status={text !== '' && ranges === undefined ? 'error' : ''}
            value={text}
            onChange={(event) => change({ text: event.target.value })}
          />
          <NumericInput
            id="carton-net"
            label={t('trace.carton.net')}
            placeholder={t('trace.carton.net')}
            value={net}
            decimals={3}
            unit={t('trace.kg')}
            onChange={(value) => change({ net: value })}
          />
          <Button
            disabled={ranges === undefined || netG === undefined}
            loading={add.isRunning}
            onClick={() => void submit()}
          >
            {t('trace.carton.add')}
          </Button>
        </div>
      )}
      <RestoredNote draft={form} />
      <ErrorNote error={add.error ?? remove.error} isInline />
    </DetailSection>
  );
}

interface ResultDraft {
  readonly key: number;
  readonly substance: string;
  readonly value: string;
  readonly isNotFound?: boolean;
}

/** A line nobody wrote into. */
const isEmpty = ({ substance, value, isNotFound }: ResultDraft): boolean =>
  substance.trim() === '' && value.trim() === '' && isNotFound !== true;
/** What a line lacks: its substance, or a value where it does not say 未检出. */
const wrongIn = ({ substance, value, isNotFound }: ResultDraft): 'substance' | 'value' | undefined =>
  substance.trim() === ''
    ? 'substance'
    : isNotFound !== true && millionthsOf(value) === undefined
      ? 'value'
      : undefined;

/** `0.05` mg/kg in millionths; undefined for nothing and for what is no number. */
export function millionthsOf(text: string): number | undefined {
  const found = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(text.trim());
  return found === null ? undefined : Number(found[1]) * 1_000_000 + Number((found[2] ?? '').padEnd(6, '0'));
}
export const milligrams = (e6: number): string => String(e6 / 1_000_000);

function Reports({ lotId, reports }: { readonly lotId: number; readonly reports: Lot['reports'] }) {
  const { t } = useTranslation();
  const save = useCommand('labReports.save');
  const withdraw = useCommand('labReports.withdraw');
  const [shown, setShown] = useState<number>();
  const form = useFormDraft(`lot report ${lotId}`, {
    number: '',
    laboratory: '',
    issuedOn: localDate(),
    result: 'pass' as 'pass' | 'fail' | 'open',
    rows: [] as readonly ResultDraft[],
  });
  const { value: draft, change } = form;
  const { result, rows } = draft;
  const [isOpen, setOpen] = useState(form.isRestored);
  const [isTried, setTried] = useState(false);
  const submit = async (): Promise<void> => {
    setTried(true);
    const filled = rows.filter((row) => !isEmpty(row));
    if (draft.number.trim() === '' || draft.issuedOn === '' || filled.some((row) => wrongIn(row) !== undefined)) return;
    const results = filled.map(({ substance, value, isNotFound = false }) => {
      const valueE6 = isNotFound ? undefined : millionthsOf(value);
      return { substance: substance.trim(), isNotFound, ...(valueE6 === undefined ? {} : { valueE6 }) };
    });
    if ((await save.run({ lotId, ...draft, result, results })) === undefined) return;
    form.reset();
    setTried(false);
    setOpen(false);
  };
  const changeRow = (key: number, patch: Partial<ResultDraft>): void =>
    change({ rows: rows.map((row) => (row.key === key ? { ...row, ...patch } : row)) });
  return (
    <DetailSection
      title={t('trace.report.title')}
      extra={
        <Button size="small" onClick={() => setOpen(true)}>
          {t('trace.report.add')}
        </Button>
      }
    >
      {reports.length === 0 ? <p className="muted">{t('trace.report.none')}</p> : null}
      <ul className="trace-list">
        {reports.map((one) => (
          <li key={one.id}>
            {one.withdrawnReason === '' ? (
              <ToneTag
                tone={one.result === 'pass' ? 'accepted' : one.result === 'fail' ? 'rejected' : 'draft'}
                label={t(`trace.report.results.${one.result}`)}
              />
            ) : (
              <ToneTag tone="draft" label={t('trace.inspection.withdrawn', { reason: one.withdrawnReason })} />
            )}
            {one.withdrawnReason === '' ? (
              <button
                type="button"
                className="link code"
                aria-expanded={shown === one.id}
                onClick={() => setShown((now) => (now === one.id ? undefined : one.id))}
              >
                {one.number}
              </button>
            ) : (
              <span className="code">{one.number}</span>
            )}
            <span>{[one.laboratory, one.issuedOn].filter((part) => part !== '').join(' · ')}</span>
            <span className="muted">
              {one.results
                .map(
                  ({ substance, valueE6 }) =>
                    `${substance} ${valueE6 === undefined ? t('trace.report.notFound') : milligrams(valueE6)}`,
                )
                .join(t('money.semicolon'))}
            </span>
          </li>
        ))}
      </ul>
      {shown === undefined ? null : (
        <WithdrawRow
          key={shown}
          form={`withdraw lab report ${shown}`}
          isBusy={withdraw.isRunning}
          onWithdraw={async (reason) => {
            if ((await withdraw.run({ id: shown, reason })) === undefined) return false;
            setShown(undefined);
            return true;
          }}
        />
      )}
      {isOpen ? (
        <div className="form-grid card-form">
          <RestoredNote draft={form} />
          <Field
            id="report-number"
            label={t('trace.report.number')}
            isRequired
            error={isTried && draft.number.trim() === '' ? t('trace.needed') : undefined}
          >
            <Input
              id="report-number"
              autoFocus
              value={draft.number}
              maxLength={60}
              onChange={(event) => change({ number: event.target.value })}
            />
          </Field>
          <Field id="report-laboratory" label={t('trace.report.laboratory')}>
            <Input
              id="report-laboratory"
              value={draft.laboratory}
              maxLength={100}
              onChange={(event) => change({ laboratory: event.target.value })}
            />
          </Field>
          <Field
            id="report-on"
            label={t('trace.report.issuedOn')}
            isRequired
            error={isTried && draft.issuedOn === '' ? t('trace.needed') : undefined}
          >
            <DateInput id="report-on" value={draft.issuedOn} onChange={(issuedOn) => change({ issuedOn })} />
          </Field>
          <Field id="report-result" label={t('trace.report.result')}>
            <Select
              id="report-result"
              value={result}
              onChange={(value) => change({ result: value })}
              options={(['pass', 'fail', 'open'] as const).map((one) => ({
                value: one,
                label: t(`trace.report.results.${one}`),
              }))}
            />
          </Field>
          <div className="is-wide trace-rows">
            {rows.map((one) => (
              <div key={one.key}>
                <div className="trace-row has-result">
                  <Input
                    aria-label={t('trace.report.substance')}
                    placeholder={t('trace.report.substance')}
                    value={one.substance}
                    maxLength={60}
                    onChange={(event) => changeRow(one.key, { substance: event.target.value })}
                  />
                  <Select
                    aria-label={t('trace.report.resultOf', { substance: one.substance })}
                    value={one.isNotFound === true ? 'notFound' : 'found'}
                    onChange={(value) => changeRow(one.key, { isNotFound: value === 'notFound' })}
                    options={(['found', 'notFound'] as const).map((value) => ({
                      value,
                      label: t(`trace.report.${value}`),
                    }))}
                  />
                  {one.isNotFound === true ? (
                    <span />
                  ) : (
                    <NumericInput
                      label={t('trace.report.value')}
                      placeholder={t('trace.report.value')}
                      value={one.value}
                      decimals={6}
                      unit="mg/kg"
                      onChange={(value) => changeRow(one.key, { value })}
                    />
                  )}
                  <Button
                    size="small"
                    type="text"
                    onClick={() => change({ rows: rows.filter(({ key }) => key !== one.key) })}
                  >
                    {t('common.delete')}
                  </Button>
                </div>
                {isTried && !isEmpty(one) && wrongIn(one) !== undefined ? (
                  <p className="field-error" role="alert">
                    {t(`trace.report.wrong.${wrongIn(one) ?? 'value'}`)}
                  </p>
                ) : null}
              </div>
            ))}
            <Button
              size="small"
              onClick={() =>
                change({
                  rows: [...rows, { key: 1 + Math.max(0, ...rows.map(({ key }) => key)), substance: '', value: '' }],
                })
              }
            >
              {t('trace.report.addResult')}
            </Button>
          </div>
          <div className="card-actions is-wide">
            <Button onClick={() => setOpen(false)}>{t('common.cancel')}</Button>
            <Button type="primary" loading={save.isRunning} onClick={() => void submit()}>
              {t('common.save')}
            </Button>
          </div>
        </div>
      ) : null}
      <ErrorNote error={save.error ?? withdraw.error} isInline />
    </DetailSection>
  );
}

function Events({
  lotId,
  events,
  total,
}: {
  readonly lotId: number;
  readonly events: Lot['events'];
  readonly total: number;
}) {
  const { t } = useTranslation();
  const add = useCommand('lots.addEvent');
  const form = useFormDraft(`lot event ${lotId}`, {
    at: chinaTime(new Date().toISOString()),
    place: '',
    text: '',
    kind: 'precooled' as (typeof lotEventKinds)[number],
    mass: '',
  });
  const { value: draft, change } = form;
  const { kind } = draft;
  const [isOpen, setOpen] = useState(form.isRestored);
  const [isTried, setTried] = useState(false);
  const at = instantOf(draft.at);
  const isDestroyed = kind === 'destroyed';
  const massG = isDestroyed ? gramsOf(draft.mass) : undefined;
  const submit = async (): Promise<void> => {
    setTried(true);
    if (at === undefined || (isDestroyed && massG === undefined)) return;
    const { place, text } = draft;
    const done = await add.run({ id: lotId, at, kind, place, text, ...(massG === undefined ? {} : { massG }) });
    if (done === undefined) return;
    setTried(false);
    form.reset();
    setOpen(false);
  };
  return (
    <DetailSection
      title={t('trace.event.title')}
      extra={
        <Button size="small" onClick={() => setOpen(true)}>
          {t('trace.event.add')}
        </Button>
      }
    >
      {events.length === 0 ? <p className="muted">{t('trace.event.none')}</p> : null}
      <ul className="trace-list">
        {events.map((one) => (
          <li key={one.id}>
            <span className="code">{chinaTime(one.at)}</span>
            <strong>{t(`trace.event.kinds.${one.kind}`)}</strong>
            <span>
              {[one.massG === undefined ? '' : `${kg(one.massG)} kg`, one.place, one.text]
                .filter((part) => part !== '')
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
      {total > events.length ? (
        <p className="muted">{t('trace.more', { n: formatCount(total - events.length) })}</p>
      ) : null}
      {isOpen ? (
        <div className="form-grid card-form">
          <RestoredNote draft={form} />
          <Field id="event-kind" label={t('trace.event.kind')}>
            <Select
              id="event-kind"
              value={kind}
              onChange={(value) => change({ kind: value })}
              options={lotEventKinds.map((one) => ({ value: one, label: t(`trace.event.kinds.${one}`) }))}
            />
          </Field>
          <Field id="event-at" label={t('trace.event.at')} error={at === undefined ? t('trace.timeWrong') : undefined}>
            <Input
              id="event-at"
              className="code"
              value={draft.at}
              onChange={(event) => change({ at: event.target.value })}
            />
          </Field>
          {isDestroyed ? (
            <Field
              id="event-mass"
              label={t('trace.event.mass')}
              hint={t('trace.event.massHint')}
              isRequired
              error={isTried && massG === undefined ? t('trace.needed') : undefined}
            >
              <NumericInput
                id="event-mass"
                value={draft.mass}
                decimals={3}
                unit={t('trace.kg')}
                onChange={(mass) => change({ mass })}
              />
            </Field>
          ) : null}
          <Field id="event-place" label={t('trace.site.place')}>
            <Input
              id="event-place"
              value={draft.place}
              maxLength={100}
              onChange={(event) => change({ place: event.target.value })}
            />
          </Field>
          <Field id="event-text" label={t('trace.lot.note')}>
            <Input
              id="event-text"
              value={draft.text}
              maxLength={500}
              onChange={(event) => change({ text: event.target.value })}
            />
          </Field>
          <div className="card-actions is-wide">
            <Button onClick={() => setOpen(false)}>{t('common.cancel')}</Button>
            <Button type="primary" loading={add.isRunning} onClick={() => void submit()}>
              {t('common.save')}
            </Button>
          </div>
        </div>
      ) : null}
      <ErrorNote error={add.error} isInline />
    </DetailSection>
  );
}

/** What holds the lot, putting a hold on it, and lifting one that was put on it. */
function Hold({ lot: { lot, holds } }: { readonly lot: Lot }) {
  const { t } = useTranslation();
  const hold = useCommand('lots.hold');
  const release = useCommand('lots.release');
  const form = useFormDraft(`lot hold ${lot.id}`, { reason: '' });
  const { reason } = form.value;
  const isOwn = holds.some(({ lotId }) => lotId === lot.id);
  const run = async (): Promise<void> => {
    const input = { id: lot.id, reason };
    const done = isOwn ? await release.run(input) : await hold.run(input);
    if (done === undefined) return;
    notify(
      isOwn
        ? done.lots === 0
          ? t('trace.lot.releasedNone')
          : t('trace.lot.releasedDone', { n: done.lots })
        : t('trace.lot.heldDone', { n: done.lots }),
    );
    form.reset();
  };
  return (
    <DetailSection title={t(isOwn ? 'trace.lot.release' : 'trace.lot.hold')}>
      {holds.length === 0 ? <p className="muted">{t('trace.lot.holdHint')}</p> : null}
      {holds.map((one) => (
        <p key={`${one.at} ${one.lotId} ${one.reason}`}>
          {one.lotId === lot.id
            ? t('trace.lot.heldWhy', { reason: one.reason })
            : t('trace.lot.heldBy', { lot: one.lot, reason: one.reason })}{' '}
          <span className="muted">{[one.who, formatInstant(one.at)].filter((part) => part !== '').join(' · ')}</span>
        </p>
      ))}
      <RestoredNote draft={form} />
      <div className="trace-row">
        <Input
          aria-label={t('trace.reason')}
          placeholder={t('trace.reason')}
          value={reason}
          maxLength={500}
          onChange={(event) => form.change({ reason: event.target.value })}
        />
        <Button
          danger={!isOwn}
          disabled={reason.trim() === ''}
          loading={hold.isRunning || release.isRunning}
          onClick={() => void run()}
        >
          {t(isOwn ? 'trace.lot.release' : 'trace.lot.hold')}
        </Button>
      </div>
      <ErrorNote error={hold.error ?? release.error} isInline />
    </DetailSection>
  );
}
