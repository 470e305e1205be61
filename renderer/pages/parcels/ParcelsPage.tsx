/** 快件、邮件、个人物品: a register for statistics, by hand or by import; nothing of it is filed. */
import { Button, Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parcelDirections, parcelKinds } from '../../../shared/contract/parcels.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate, numberParam, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { type RowOf, useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { CurrencyBox } from '../money/boxes.tsx';
import { focusFirst, useFieldErrors } from '../money/field-errors.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import '../purchases/purchases.css';
import { PeriodInput } from '../reports/PeriodInput.tsx';
import { useFile } from '../risk/use-file.tsx';
import './parcels.css';

type Parcel = RowOf<'parcels.list'>;
const areas = ['shipments', 'documents', 'ledger', 'imports'] as const;
const ALL = 'all';
const chips = [ALL, ...parcelKinds, 'used'] as const;

export function ParcelsPage({ params }: { readonly params: RouteParams }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const chip = chips.find((one) => one === textParam(params, 'kind')) ?? ALL;
  const text = textParam(params, 'text') ?? '';
  const shipmentId = numberParam(params, 'shipment');
  // Of a shipment every parcel is shown; else those of a month, for what is counted is a month.
  const asked = textParam(params, 'period');
  const period = asked ?? localDate().slice(0, 7);
  const isMonth = shipmentId === undefined || asked !== undefined;
  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const pages = usePages(
    'parcels.list',
    {
      ...(chip === ALL || chip === 'used' ? {} : { kind: chip }),
      ...(isMonth ? { period } : {}),
      ...(shipmentId === undefined ? {} : { shipmentId }),
      ...(text === '' ? {} : { text }),
      used: chip === 'used',
    },
    { areas: [...areas] },
  );
  const [shipmentNo, setShipmentNo] = useState('');
  const file = useFile('parcels.export');
  const [chosen, setChosen] = useState<Parcel | 'new'>();
  const title = t('parcels.title');
  const add = (): void => {
    setChosen('new');
    focusDetail('#parcel-waybillNo');
  };
  const write = (): void => void file.write(`${title} ${period}`, { period });
  useKeys([
    { key: 'Ctrl+N', label: t('parcels.add'), run: add, isMain: true },
    { key: 'Enter', label: t('parcels.look'), isMain: true },
    { key: 'Ctrl+E', label: t('parcels.export'), run: write },
  ]);
  const columns: readonly Column<Parcel>[] = [
    {
      id: 'waybillNo',
      title: t('parcels.waybillNo'),
      width: 150,
      render: (row) => (
        <>
          <Code>{row.waybillNo}</Code>
          {row.lineNo === 1 ? null : <span className="muted"> · {row.lineNo}</span>}
        </>
      ),
    },
    { id: 'movedOn', title: t('parcels.movedOn'), width: 96, render: (row) => row.movedOn },
    {
      id: 'kind',
      title: t('parcels.kind'),
      width: 96,
      // What is not counted matters more than what kind it is.
      render: (row) =>
        row.usedBy === null ? t(`parcels.kinds.${row.kind}`) : <ToneTag tone="action" label={t('parcels.usedTag')} />,
    },
    {
      id: 'country',
      title: t('parcels.country'),
      width: 96,
      render: (row) => (row.country === '' ? <Code>{undefined}</Code> : words(row.countryName)),
    },
    { id: 'name', title: t('parcels.name'), render: (row) => <span title={row.name}>{row.name}</span> },
    {
      id: 'value',
      title: t('parcels.value'),
      width: 120,
      align: 'right',
      render: (row) => <Amount value={row.value} currency={row.currency} />,
    },
  ];
  const counts = pages.first?.counts;
  return (
    <Page
      title={title}
      summary={
        counts === undefined
          ? undefined
          : [
              t('parcels.summary', { n: formatCount(counts.parcels) }),
              ...(counts.used === 0 ? [] : [t('parcels.used', { n: formatCount(counts.used) })]),
            ].join(' · ')
      }
      filters={
        <>
          {isMonth ? (
            <PeriodInput value={period} label={t('parcels.period')} onChange={(value) => set({ period: value })} />
          ) : null}
          {shipmentId === undefined ? null : (
            <OfShipment id={shipmentId} onKnown={setShipmentNo} onLeave={() => set({ shipment: '' })} />
          )}
          <Chips
            label={t('parcels.kindLabel')}
            value={chip}
            onChange={(value) => set({ kind: value === ALL ? '' : value })}
            chips={chips.map((value) => ({
              value,
              label:
                value === ALL
                  ? t('parcels.all')
                  : value === 'used'
                    ? t('parcels.usedOnly')
                    : t(`parcels.kinds.${value}`),
            }))}
          />
          <SearchInput
            value={text}
            onChange={(value) => set({ text: value })}
            placeholder={t('parcels.search')}
            keyLabel={t('parcels.search')}
          />
        </>
      }
      actions={
        <>
          <Button onClick={() => navigate('import', { kind: 'parcels' })}>{t('parcels.import')}</Button>
          <KeyButton label={t('parcels.export')} keys="Ctrl+E" isBusy={file.isRunning} onPress={write} />
          <KeyButton kind="primary" label={t('parcels.add')} keys="Ctrl+N" onPress={add} />
        </>
      }
    >
      {file.notice}
      <Split
        ratio="list"
        list={
          <DataTable
            label={title}
            autoFocus
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={chosen === 'new' ? undefined : chosen?.id}
            rowTone={(row) => (row.usedBy === null ? undefined : 'action')}
            onActivate={(row) => setChosen(row)}
            onOpen={(row) => {
              setChosen(row);
              focusDetail('#parcel-waybillNo');
            }}
            empty={
              text !== '' || chip !== ALL ? (
                <EmptyState title={t('parcels.noMatch')} hint={t('parcels.noMatchHint')} />
              ) : (
                <EmptyState
                  title={t('parcels.empty')}
                  hint={t('parcels.emptyHint')}
                  actions={<Button onClick={add}>{t('parcels.add')}</Button>}
                />
              )
            }
          />
        }
        detail={
          chosen === undefined ? (
            <Month period={period} />
          ) : (
            <ParcelForm
              key={chosen === 'new' ? 'new' : chosen.id}
              parcel={chosen === 'new' ? undefined : chosen}
              shipmentNo={shipmentNo}
              onDone={() => setChosen(undefined)}
            />
          )
        }
      />
    </Page>
  );
}

/** The shipment whose parcels are shown alone, and the way back to all. */
function OfShipment({
  id,
  onKnown,
  onLeave,
}: {
  readonly id: number;
  readonly onKnown: (shipmentNo: string) => void;
  readonly onLeave: () => void;
}) {
  const { t } = useTranslation();
  const number = useQuery('shipments.get', { id }).data?.shipmentNo ?? '';
  useEffect(() => onKnown(number), [number, onKnown]);
  return (
    <Button size="small" title={t('parcels.everyShipment')} onClick={onLeave}>
      {t('parcels.filterShipment', { no: number })} ×
    </Button>
  );
}

/** The month by kind, country and chapter, as the workbook has it. */
function Month({ period }: { readonly period: string }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const { data, error, reload } = useQuery('parcels.month', { period }, { areas: [...areas] });
  const unrated = data === undefined ? 0 : data.total.out.unrated + data.total.in.unrated;
  return (
    <DetailPane title={t('parcels.month.title')}>
      <div className="parcel-month">
        <ErrorNote error={error} onRetry={reload} isInline />
        {data === undefined ? null : (
          <>
            {data.excluded.parcels === 0 ? null : (
              <p>
                <ToneTag tone="action" label={t('parcels.month.excluded', { n: formatCount(data.excluded.parcels) })} />
              </p>
            )}
            {unrated === 0 ? null : (
              <p>
                <ToneTag tone="action" label={t('parcels.month.unrated', { n: formatCount(unrated) })} />
              </p>
            )}
            {data.rows.length === 0 ? (
              <p className="muted">{t('parcels.month.none')}</p>
            ) : (
              <table>
                <thead>
                  <tr>
                    <th>{t('parcels.direction')}</th>
                    <th>{t('parcels.kind')}</th>
                    <th>{t('parcels.country')}</th>
                    <th>{t('parcels.month.hs2')}</th>
                    <th className="is-number">{t('parcels.month.parcels')}</th>
                    <th className="is-number">{t('parcels.month.cny')}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.rows.map((row) => (
                    <tr key={[row.direction, row.kind, row.country, row.hs2].join(' ')}>
                      <td>{t(`parcels.directions.${row.direction}`)}</td>
                      <td>{row.kind === '' ? '' : t(`parcels.kinds.${row.kind}`)}</td>
                      <td>{row.country === '' ? '–' : words(row.countryName)}</td>
                      <td title={row.hs2 === '' ? undefined : words(row.hs2Name)}>{row.hs2 === '' ? '–' : row.hs2}</td>
                      <td className="is-number">{formatCount(row.parcels)}</td>
                      <td className="is-number">{formatAmount(row.amountCny, 2)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
            <p className="muted">{t('parcels.choose')}</p>
          </>
        )}
      </div>
    </DetailPane>
  );
}

const needed = ['waybillNo', 'movedOn', 'name', 'currency', 'value'] as const;

function ParcelForm({
  parcel,
  shipmentNo,
  onDone,
}: {
  readonly parcel: Parcel | undefined;
  /** Of the shipment whose parcels are shown. */
  readonly shipmentNo: string;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const start = {
    waybillNo: parcel?.waybillNo ?? '',
    lineNo: String(parcel?.lineNo ?? 1),
    kind: parcel?.kind ?? parcelKinds[0],
    direction: parcel?.direction ?? parcelDirections[0],
    movedOn: parcel?.movedOn ?? localDate(),
    country: parcel?.country ?? '',
    hsCode: parcel?.hsCode ?? '',
    name: parcel?.name ?? '',
    carrier: parcel?.carrier ?? '',
    weight: parcel?.weight ?? '',
    currency: parcel?.currency ?? 'CNY',
    value: parcel?.value ?? '',
    shipmentNo: parcel?.shipmentNo ?? shipmentNo,
  };
  const form = useFormDraft(
    parcel === undefined ? 'parcel new' : `parcel ${parcel.id}`,
    start,
    parcel === undefined ? '' : JSON.stringify(start),
  );
  const { value: draft, change } = form;
  const [isTried, setTried] = useState(false);
  const save = useCommand('parcels.save');
  const remove = useCommand('parcels.remove');
  const refused = useFieldErrors(save.error);
  type Name = keyof typeof draft;
  const problemOf = (field: Name): string | undefined => {
    if (needed.some((one) => one === field) && draft[field].trim() === '')
      return t('money.rule.missing', { field: t(`parcels.${field}`) });
    if (field === 'hsCode' && !/^(\d{2,10})?$/.test(draft.hsCode)) return t('parcels.rule.hsCode');
    if (field === 'lineNo' && !/^[1-9]\d{0,2}$/.test(draft.lineNo)) return t('parcels.rule.lineNo');
    return undefined;
  };
  const errorOf = (field: Name): string | undefined => refused(field) ?? (isTried ? problemOf(field) : undefined);
  const submit = async (): Promise<void> => {
    const open = (Object.keys(start) as Name[]).filter((field) => problemOf(field) !== undefined);
    if (open.length > 0) {
      setTried(true);
      focusFirst(open.map((field) => `parcel-${field}`));
      return;
    }
    const done = await save.run({
      ...draft,
      lineNo: Number(draft.lineNo),
      weight: draft.weight === '' ? null : draft.weight,
      ...(parcel === undefined ? {} : { id: parcel.id }),
    });
    if (done === undefined) return;
    form.done();
    notify(t('parcels.saved', { no: draft.waybillNo }));
    onDone();
  };
  const text = (name: 'waybillNo' | 'lineNo' | 'name' | 'carrier' | 'shipmentNo', hint?: string, isWide = false) => (
    <Field
      id={`parcel-${name}`}
      label={t(`parcels.${name}`)}
      isRequired={needed.some((one) => one === name)}
      isWide={isWide}
      error={errorOf(name)}
      {...(hint === undefined ? {} : { hint })}
    >
      <Input
        id={`parcel-${name}`}
        autoComplete="off"
        value={draft[name]}
        maxLength={name === 'name' ? 250 : name === 'carrier' ? 100 : 60}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <FormPane
      title={parcel?.waybillNo ?? t('parcels.add')}
      isCode={parcel !== undefined}
      error={save.error ?? remove.error}
      onClearError={() => {
        save.clear();
        remove.clear();
      }}
      canSave
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onDone}
      foot={
        parcel === undefined ? undefined : (
          <ConfirmInline
            label={t('parcels.remove')}
            question={t('parcels.removeAsk')}
            confirmLabel={t('parcels.remove')}
            onConfirm={async () => {
              if ((await remove.run({ id: parcel.id })) === undefined) return;
              form.done();
              notify(t('parcels.removed', { no: parcel.waybillNo }));
              onDone();
            }}
          />
        )
      }
    >
      <RestoredNote draft={form} />
      {parcel === undefined || parcel.usedBy === null ? null : <UsedBy usedBy={parcel.usedBy} />}
      <div className="purchase-form">
        {text('waybillNo')}
        {text('lineNo', t('parcels.lineHint'))}
        <Field id="parcel-kind" label={t('parcels.kind')}>
          <Select
            id="parcel-kind"
            value={draft.kind}
            options={parcelKinds.map((value) => ({ value, label: t(`parcels.kinds.${value}`) }))}
            onChange={(kind) => change({ kind })}
          />
        </Field>
        <Field id="parcel-direction" label={t('parcels.direction')}>
          <Select
            id="parcel-direction"
            value={draft.direction}
            options={parcelDirections.map((value) => ({ value, label: t(`parcels.directions.${value}`) }))}
            onChange={(direction) => change({ direction })}
          />
        </Field>
        <Field id="parcel-movedOn" label={t('parcels.movedOn')} isRequired error={errorOf('movedOn')}>
          <DateInput id="parcel-movedOn" value={draft.movedOn} onChange={(movedOn) => change({ movedOn })} />
        </Field>
        <Field
          id="parcel-country"
          label={t('parcels.country')}
          hint={t('parcels.countryHint')}
          error={errorOf('country')}
        >
          <LookupBox
            id="parcel-country"
            table="country"
            value={draft.country}
            onChange={(country) => change({ country })}
          />
        </Field>
        {text('name', undefined, true)}
        <Field id="parcel-hsCode" label={t('parcels.hsCode')} hint={t('parcels.hsHint')} error={errorOf('hsCode')}>
          <LookupBox
            id="parcel-hsCode"
            table="hs"
            isOpen
            value={draft.hsCode}
            onChange={(hsCode) => change({ hsCode })}
          />
        </Field>
        <Field id="parcel-currency" label={t('parcels.currency')} isRequired error={errorOf('currency')}>
          <CurrencyBox id="parcel-currency" value={draft.currency} onChange={(currency) => change({ currency })} />
        </Field>
        <Field id="parcel-value" label={t('parcels.value')} isRequired error={errorOf('value')}>
          <NumericInput id="parcel-value" value={draft.value} decimals={4} onChange={(value) => change({ value })} />
        </Field>
        <Field id="parcel-weight" label={t('parcels.weight')} error={errorOf('weight')}>
          <NumericInput
            id="parcel-weight"
            value={draft.weight}
            decimals={5}
            onChange={(weight) => change({ weight })}
          />
        </Field>
        {text('carrier')}
        {text('shipmentNo', t('parcels.shipmentHint'))}
      </div>
    </FormPane>
  );
}

/** The document that counts the goods of a parcel. */
function UsedBy({ usedBy }: { readonly usedBy: NonNullable<Parcel['usedBy']> }) {
  const { t } = useTranslation();
  const { documentId, kind, number } = usedBy;
  return (
    <div className="purchase-note" role="note">
      <ToneTag tone="action" label={t('parcels.usedBy', { number })} />{' '}
      <Button size="small" onClick={() => navigate('document', { id: documentId, kind })}>
        {t('parcels.openDocument')}
      </Button>
    </div>
  );
}
