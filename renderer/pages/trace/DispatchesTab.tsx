/** 发运: what goes to whom, what quarantine asks for, what is there, and why somebody went on without it. */
import { Button, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { rangeText, readCartons } from '../../../shared/lots/cartons.ts';
import { declaredGap } from '../../../shared/lots/mass.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { call, type RowOf, useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { searchShipments } from '../ledger/lookups.ts';
import { CountryBox, useCountryName } from '../money/boxes.tsx';
import {
  chinaTime,
  type Finding,
  Findings,
  instantOf,
  kg,
  type Named,
  type NamedParty,
  PartyBox,
  ReasonPanel,
  TraceTabs,
  useFindingWords,
  useParty,
  useTraceFile,
} from './parts.tsx';

type Row = RowOf<'dispatches.list'>;
type Detail = OutputOf<'dispatches.get'>;

export function DispatchesTab({ params }: PageProps) {
  const { t } = useTranslation();
  const countryName = useCountryName();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<number | 'new' | undefined>(numberParam(params, 'at'));
  const pages = usePages('dispatches.list', { text }, { areas: ['lots'] });
  const add = (): void => {
    setChosen('new');
    focusDetail('#dispatch-number');
  };
  useKeys([
    { key: 'Ctrl+N', label: t('trace.dispatch.add'), run: add, isMain: true },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || setChosen(undefined) },
  ]);
  const columns: readonly Column<Row>[] = [
    { id: 'number', title: t('trace.dispatch.number'), width: 116, render: (row) => <Code>{row.number}</Code> },
    { id: 'on', title: t('trace.dispatch.on'), width: 96, render: (row) => row.on },
    { id: 'buyer', title: t('trace.dispatch.buyer'), render: (row) => row.buyer },
    { id: 'country', title: t('trace.dispatch.country'), width: 104, render: (row) => countryName(row.country) },
    {
      id: 'cartons',
      title: t('trace.carton.title'),
      width: 72,
      align: 'right',
      render: (row) => formatCount(row.cartons),
    },
    {
      id: 'state',
      title: t('trace.state'),
      width: 96,
      render: (row) =>
        row.held > 0 ? (
          <ToneTag tone="rejected" label={t('trace.lot.held')} />
        ) : row.reasons > 0 ? (
          <ToneTag tone="action" label={t('trace.dispatch.withReason')} />
        ) : null,
    },
  ];
  return (
    <Page
      title={t('trace.tab.dispatches')}
      summary={t('trace.dispatch.summary', { count: pages.total })}
      filters={
        <>
          <TraceTabs active="dispatches" />
          <SearchInput
            value={text}
            onChange={setText}
            placeholder={t('trace.dispatch.search')}
            keyLabel={t('trace.search')}
          />
        </>
      }
      actions={<KeyButton kind="primary" label={t('trace.dispatch.add')} keys="Ctrl+N" onPress={add} />}
    >
      <Split
        list={
          <DataTable
            label={t('trace.tab.dispatches')}
            autoFocus
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={typeof chosen === 'number' ? chosen : undefined}
            onActivate={({ id }) => setChosen(id)}
            onOpen={({ id }) => {
              setChosen(id);
              focusDetail();
            }}
            empty={
              <EmptyState
                title={t('trace.dispatch.empty')}
                hint={t('trace.dispatch.emptyHint')}
                actions={<Button onClick={add}>{t('trace.dispatch.add')}</Button>}
              />
            }
          />
        }
        detail={
          chosen === undefined ? (
            <DetailPlaceholder text={t('trace.dispatch.choose')} />
          ) : chosen === 'new' ? (
            <DispatchForm key="new" onSaved={setChosen} />
          ) : (
            <DispatchDetail key={chosen} id={chosen} onGone={() => setChosen(undefined)} />
          )
        }
      />
    </Page>
  );
}

/** What a line of readiness says; the request and the temperatures are nobody's demand on record, only there or not. */
function readyWord({
  code,
  isAsked,
  isThere,
}: Pick<Detail['readiness'][number], 'code' | 'isThere'> & { readonly isAsked: boolean | undefined }) {
  if (isThere) return 'there';
  if (isAsked !== undefined) return isAsked ? 'lacking' : 'notAsked';
  return code === 'inspection' || code === 'coldLog' || code === 'siteCertificate' ? 'absent' : 'unknown';
}

function DispatchDetail({ id, onGone }: { readonly id: number; readonly onGone: () => void }) {
  const { t } = useTranslation();
  const detail = useQuery('dispatches.get', { id, date: localDate() }, { areas: ['lots'] });
  const file = useTraceFile('dispatches.inspectionData');
  const remove = useCommand('dispatches.remove');
  const wordsOf = useFindingWords();
  const [isEditing, setEditing] = useState(false);
  if (detail.data === undefined)
    return detail.error === undefined ? null : <ErrorNote error={detail.error} onRetry={detail.reload} />;
  const { dispatch, findings, readiness, reasons, coldLogs, declared } = detail.data;
  if (isEditing)
    return (
      <DispatchForm
        dispatch={dispatch}
        onSaved={() => {
          setEditing(false);
          detail.reload();
        }}
      />
    );
  return (
    <DetailPane
      title={dispatch.number}
      isCode
      tags={dispatch.held > 0 ? <ToneTag tone="rejected" label={t('trace.lot.held')} /> : null}
      extra={
        <Button size="small" onClick={() => setEditing(true)}>
          {t('common.edit')}
        </Button>
      }
      foot={
        <>
          <Button onClick={() => navigate('trace', { tab: 'query', text: dispatch.number })}>
            {t('trace.query.go')}
          </Button>
          <Button
            loading={file.isRunning}
            onClick={() => void file.write(`${t('trace.dispatch.inspectionData')} ${dispatch.number}`, { id })}
          >
            {t('trace.dispatch.inspectionData')}
          </Button>
          {dispatch.cartons === 0 ? null : (
            <Button onClick={() => navigate('jointShipment', { source: dispatch.number })}>
              {t('trace.dispatch.joint')}
            </Button>
          )}
          <span className="spacer" />
          {dispatch.cartons > 0 ? null : (
            <ConfirmInline
              label={t('common.delete')}
              question={t('trace.dispatch.removeAsk')}
              confirmLabel={t('common.delete')}
              onConfirm={async () => {
                if ((await remove.run({ id })) !== undefined) onGone();
              }}
            />
          )}
        </>
      }
    >
      <ErrorNote error={remove.error} onClose={remove.clear} />
      {file.notice}
      <DetailSection title={t('trace.dispatch.readiness')}>
        <ul className="trace-list">
          {readiness.map(({ code, isAsked, isThere }) => (
            <li key={code}>
              <ToneTag
                tone={isThere ? 'accepted' : isAsked === true ? 'action' : 'draft'}
                label={t(`trace.ready.${readyWord({ code, isAsked, isThere })}`)}
              />
              <span>{t(`trace.ready.${code}`)}</span>
            </li>
          ))}
        </ul>
        {findings.length === 0 ? null : <Findings findings={findings} />}
      </DetailSection>
      <Load detail={detail.data} />
      {reasons.length === 0 ? null : (
        <DetailSection title={t('trace.reasons')}>
          <ul className="trace-list">
            {reasons.map((one) => (
              <li key={`${one.at} ${one.lot} ${one.code}`}>
                <span className="code">{one.lot}</span>
                <span>{wordsOf(one, 'what')}</span>
                <strong>{one.reason}</strong>
                <span className="muted">{`${one.who} · ${formatInstant(one.at)}`}</span>
              </li>
            ))}
          </ul>
        </DetailSection>
      )}
      <DetailSection title={t('trace.dispatch.declared')}>
        {declared.length === 0 ? (
          <p className="muted">
            {dispatch.declarationNo === ''
              ? t('trace.dispatch.notDeclared')
              : t('trace.dispatch.declaredUnknown', { number: dispatch.declarationNo })}
          </p>
        ) : (
          <ul className="trace-list">
            {declared.map((one) => (
              <li key={one.declarationNo}>
                <span className="code">{one.declarationNo}</span>
                <span>{t('trace.dispatch.declaredLines', { n: one.lines, date: one.exportDate })}</span>
              </li>
            ))}
          </ul>
        )}
      </DetailSection>
      <DeclaredMass of={detail.data.declaredMass} />
      <DetailSection title={t('trace.tab.cold')}>
        {coldLogs.length === 0 ? <p className="muted">{t('trace.cold.none')}</p> : null}
        <ul className="trace-list">
          {coldLogs.map((one) => (
            <li key={one.id}>
              <button type="button" className="link" onClick={() => navigate('trace', { tab: 'cold', at: one.id })}>
                {one.logger === '' ? one.fileName : one.logger}
              </button>
              <span>{one.product}</span>
            </li>
          ))}
        </ul>
      </DetailSection>
    </DetailPane>
  );
}

/** What the declaration says beside what is loaded; nothing where it says nothing or nothing is loaded. */
function DeclaredMass({ of }: { readonly of: Detail['declaredMass'] }) {
  const { t } = useTranslation();
  if (of === undefined || of.loadedCartons === 0) return null;
  const gap = declaredGap({ massG: of.loadedG, cartons: of.loadedCartons }, { massG: of.massG, cartons: of.cartons });
  return (
    <DetailSection title={t('trace.dispatch.balance')}>
      <ul className="trace-list">
        {of.massG === undefined ? null : (
          <li>
            <ToneTag
              tone={gap.massG === undefined ? 'accepted' : 'action'}
              label={t(gap.massG === undefined ? 'trace.dispatch.same' : 'trace.dispatch.differs')}
            />
            <span>
              {t('trace.dispatch.massBalance', { number: of.number, declared: kg(of.massG), loaded: kg(of.loadedG) })}
            </span>
          </li>
        )}
        {of.cartons === undefined ? null : (
          <li>
            <ToneTag
              tone={gap.cartons === undefined ? 'accepted' : 'action'}
              label={t(gap.cartons === undefined ? 'trace.dispatch.same' : 'trace.dispatch.differs')}
            />
            <span>
              {t('trace.dispatch.cartonBalance', {
                number: of.number,
                declared: formatCount(of.cartons),
                loaded: formatCount(of.loadedCartons),
              })}
            </span>
          </li>
        )}
      </ul>
    </DetailSection>
  );
}

function Load({ detail: { dispatch, cartons, cartonsTotal } }: { readonly detail: Detail }) {
  const { t } = useTranslation();
  const load = useCommand('dispatches.load');
  const unload = useCommand('dispatches.unload');
  const form = useFormDraft(`dispatch load ${dispatch.id}`, {
    text: '',
    lot: undefined as Named | undefined,
    reason: '',
  });
  const { text, lot, reason } = form.value;
  const { change } = form;
  const [findings, setFindings] = useState<readonly Finding[]>([]);
  const ranges = readCartons(text);
  const isReady = lot !== undefined || ranges !== undefined;
  const searchLots = async (typed: string) => {
    const { rows } = await call('lots.list', { text: typed, limit: 30 });
    return rows
      .filter((row) => row.cartons > row.dispatched)
      .slice(0, 9)
      .map((row) => ({
        code: String(row.id),
        name: `${row.code} ${row.product} ${formatCount(row.cartons - row.dispatched)}`,
      }));
  };
  const submit = async (): Promise<void> => {
    if (!isReady) return;
    const done = await load.run({
      id: dispatch.id,
      ...(ranges === undefined ? {} : { cartons: ranges }),
      ...(lot === undefined ? {} : { lotIds: [lot.id] }),
      reason,
    });
    if (done === undefined) return;
    if (!done.isSaved) {
      setFindings(done.findings);
      return;
    }
    notify(t('trace.dispatch.loaded', { n: formatCount(done.cartons), mass: kg(done.massG) }));
    setFindings([]);
    form.reset();
  };
  const byLot = [...new Map(cartons.map((one) => [one.lotId, one.lot]))];
  return (
    <DetailSection title={t('trace.dispatch.load')}>
      <p className="muted">
        {t('trace.dispatch.onIt', {
          cartons: formatCount(dispatch.cartons),
          mass: kg(dispatch.massG),
          lots: dispatch.lots,
        })}
      </p>
      <ul className="trace-list">
        {byLot.map(([lotId, code]) => {
          const own = cartons.filter((one) => one.lotId === lotId);
          return (
            <li key={lotId}>
              <button type="button" className="link code" onClick={() => navigate('trace', { tab: 'lots', at: lotId })}>
                {code}
              </button>
              <span>
                {own
                  .slice(0, 6)
                  .map((one) => rangeText(one))
                  .join(t('money.comma'))}
                {own.length > 6 ? ` +${own.length - 6}` : ''}
              </span>
              <span className="spacer" />
              <Button
                size="small"
                type="text"
                loading={unload.isRunning}
                onClick={() => void unload.run({ id: dispatch.id, lotId })}
              >
                {t('trace.dispatch.unload')}
              </Button>
            </li>
          );
        })}
      </ul>
      {cartonsTotal > cartons.length ? (
        <p className="muted">{t('trace.more', { n: formatCount(cartonsTotal - cartons.length) })}</p>
      ) : null}
      <div className="trace-row has-four">
        <Input
          className="code"
          aria-label={t('trace.carton.numbers')}
          placeholder={t('trace.carton.numbersHint')}
          status={text !== '' && ranges === undefined ? 'error' : ''}
          value={text}
          onChange={(event) => change({ text: event.target.value })}
        />
        <ChoiceBox
          id="load-lot"
          label={t('trace.dispatch.wholeLot')}
          placeholder={t('trace.dispatch.wholeLot')}
          hidesCode
          shown={lot?.name ?? ''}
          search={searchLots}
          onTake={(choice) =>
            change({ lot: choice === undefined ? undefined : { id: Number(choice.code), name: choice.name } })
          }
        />
        <Button type="primary" disabled={!isReady} loading={load.isRunning} onClick={() => void submit()}>
          {t('trace.dispatch.loadNow')}
        </Button>
        <span />
      </div>
      <RestoredNote draft={form} />
      <ErrorNote error={load.error ?? unload.error} isInline />
      <ReasonPanel findings={findings} reason={reason} onReason={(next) => change({ reason: next })} />
    </DetailSection>
  );
}

const plain = [
  'transport',
  'containerNo',
  'sealNo',
  'declarationNo',
  'inspectionNo',
  'inspectionPlace',
  'certificateNo',
] as const;
const long = ['additionalDeclaration', 'coldTreatment', 'note'] as const;

function DispatchForm({
  dispatch,
  onSaved,
}: {
  readonly dispatch?: Detail['dispatch'];
  readonly onSaved: (id: number) => void;
}) {
  const { t } = useTranslation();
  const save = useCommand('dispatches.save');
  const party = useParty('customer');
  const form = useFormDraft(
    `dispatch ${dispatch?.id ?? 'new'}`,
    {
      number: dispatch?.number ?? '',
      on: dispatch?.on ?? localDate(),
      transport: dispatch?.transport ?? '',
      containerNo: dispatch?.containerNo ?? '',
      sealNo: dispatch?.sealNo ?? '',
      declarationNo: dispatch?.declarationNo ?? '',
      inspectionNo: dispatch?.inspectionNo ?? '',
      inspectionPlace: dispatch?.inspectionPlace ?? '',
      inspectionOn: dispatch?.inspectionOn ?? '',
      certificateNo: dispatch?.certificateNo ?? '',
      certificateOn: dispatch?.certificateOn ?? '',
      additionalDeclaration: dispatch?.additionalDeclaration ?? '',
      coldTreatment: dispatch?.coldTreatment ?? '',
      loadedAt: dispatch?.loadedAt === undefined ? '' : chinaTime(dispatch.loadedAt),
      arrivedAt: dispatch?.arrivedAt === undefined ? '' : chinaTime(dispatch.arrivedAt),
      note: dispatch?.note ?? '',
      buyer: (dispatch?.partyId === undefined ? undefined : { id: dispatch.partyId, name: dispatch.buyer }) as
        | NamedParty
        | undefined,
      country: dispatch?.country ?? '',
      shipmentNo: dispatch?.shipmentNo ?? '',
      // Why its lots stay on it though it goes elsewhere or otherwise now.
      reason: '',
    },
    JSON.stringify(dispatch ?? null),
  );
  const { value: draft, change } = form;
  const { buyer, country, shipmentNo } = draft;
  const [isTried, setTried] = useState(false);
  const [findings, setFindings] = useState<readonly Finding[]>([]);
  const times = { loadedAt: instantOf(draft.loadedAt), arrivedAt: instantOf(draft.arrivedAt) };
  const isTimeWrong = (name: 'loadedAt' | 'arrivedAt'): boolean => draft[name] !== '' && times[name] === undefined;
  const submit = async (): Promise<void> => {
    setTried(true);
    if (
      draft.number.trim() === '' ||
      country === '' ||
      draft.on === '' ||
      isTimeWrong('loadedAt') ||
      isTimeWrong('arrivedAt')
    )
      return;
    const settled = await party.settle(buyer);
    if (settled === undefined) return;
    const { inspectionOn, certificateOn, loadedAt: _loaded, arrivedAt: _arrived, ...rest } = draft;
    const done = await save.run({
      ...(dispatch === undefined ? {} : { id: dispatch.id }),
      ...rest,
      country,
      shipmentNo,
      ...settled,
      ...(inspectionOn === '' ? {} : { inspectionOn }),
      ...(certificateOn === '' ? {} : { certificateOn }),
      ...(times.loadedAt === undefined ? {} : { loadedAt: times.loadedAt }),
      ...(times.arrivedAt === undefined ? {} : { arrivedAt: times.arrivedAt }),
    });
    if (done === undefined) return;
    setFindings(done.findings);
    if (!done.isSaved) return;
    form.done();
    notify(t('trace.saved', { what: draft.number }));
    onSaved(done.id);
  };
  const put = (name: keyof typeof draft, value: string): void => change({ [name]: value });
  const text = (name: (typeof plain)[number] | (typeof long)[number] | 'number', isWide = false): ReactNode => (
    <Field
      key={name}
      id={`dispatch-${name}`}
      label={t(`trace.dispatch.${name}`)}
      isWide={isWide}
      isRequired={name === 'number'}
      error={isTried && name === 'number' && draft.number.trim() === '' ? t('trace.needed') : undefined}
    >
      <Input
        id={`dispatch-${name}`}
        value={draft[name]}
        maxLength={
          name === 'additionalDeclaration'
            ? 2000
            : isWide
              ? 500
              : name === 'declarationNo'
                ? 30
                : name === 'number'
                  ? 40
                  : 100
        }
        onChange={(event) => put(name, event.target.value)}
      />
    </Field>
  );
  const day = (name: 'on' | 'inspectionOn' | 'certificateOn'): ReactNode => (
    <Field id={`dispatch-${name}`} label={t(`trace.dispatch.${name}`)} isRequired={name === 'on'}>
      <DateInput id={`dispatch-${name}`} value={draft[name]} onChange={(value) => put(name, value)} />
    </Field>
  );
  const time = (name: 'loadedAt' | 'arrivedAt'): ReactNode => (
    <Field
      id={`dispatch-${name}`}
      label={t(`trace.dispatch.${name}`)}
      hint={t('trace.timeHint')}
      error={isTimeWrong(name) ? t('trace.timeWrong') : undefined}
    >
      <Input
        id={`dispatch-${name}`}
        className="code"
        value={draft[name]}
        onChange={(event) => put(name, event.target.value)}
      />
    </Field>
  );
  return (
    <FormPane
      title={dispatch?.number ?? t('trace.dispatch.add')}
      isCode={dispatch !== undefined}
      error={party.error ?? save.error}
      onClearError={() => {
        party.clear();
        save.clear();
      }}
      canSave
      isBusy={save.isRunning}
      onSave={submit}
      below={<ReasonPanel findings={findings} reason={draft.reason} onReason={(reason) => change({ reason })} />}
    >
      <RestoredNote draft={form} />
      <div className="panel-pad">
        <div className="form-grid">
          {text('number')}
          {day('on')}
          <Field
            id="dispatch-country"
            label={t('trace.dispatch.country')}
            isRequired
            error={isTried && country === '' ? t('trace.needed') : undefined}
          >
            <CountryBox id="dispatch-country" value={country} onChange={(value) => change({ country: value })} />
          </Field>
          <Field id="dispatch-buyer" label={t('trace.dispatch.buyer')}>
            <PartyBox id="dispatch-buyer" value={buyer} onChange={(value) => change({ buyer: value })} />
          </Field>
          <Field id="dispatch-shipment" label={t('trace.dispatch.shipmentNo')}>
            <ChoiceBox
              id="dispatch-shipment"
              shown={shipmentNo}
              search={searchShipments}
              onTake={(choice) => change({ shipmentNo: choice?.code ?? '' })}
            />
          </Field>
          {plain.map((name) => text(name))}
          {day('inspectionOn')}
          {day('certificateOn')}
          {time('loadedAt')}
          {time('arrivedAt')}
          {long.map((name) => text(name, true))}
        </div>
      </div>
    </FormPane>
  );
}
