import { Input } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { percentText, ratioOfPercent } from '../../../shared/stock/index.ts';
import { useKeys } from '../../app/keys.ts';
import { Code } from '../../components/Amount.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { Split } from '../../components/Page.tsx';
import { type RowOf, useCommand, usePages } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { ListPane } from './ListPane.tsx';
import type { TabProps } from './tabs.ts';

type Row = RowOf<'tariff.list'>;
const rates = [
  'vatRate',
  'refundRate',
  'exportDutyRate',
  'exportProvisionalRate',
  'mfnRate',
  'generalRate',
  'provisionalRate',
  'consumptionRate',
] as const;
const texts = ['unit1', 'unit2', 'conditions', 'inspection', 'source'] as const;

const blank: Row = { hsCode: '', inForceFrom: '', conditions: '', inspection: '', source: '' };
const keyOf = (row: Row): string => `${row.hsCode} ${row.inForceFrom}`;

/** The firm's tariff: commodity codes with their rates, since when, and where they are from. */
export function TariffTab({ text }: TabProps) {
  const { t } = useTranslation();
  const pages = usePages('tariff.list', text === '' ? {} : { text }, { areas: ['purchases', 'tax'] });
  const [row, setRow] = useState<Row>();
  const [at, setAt] = useState<string>();
  const marked = pages.rows.find((one) => keyOf(one) === at);
  const open = (next: Row): void => {
    setRow(next);
    focusDetail('input');
  };
  const add = (): void => open({ ...blank, inForceFrom: localDate() });
  /** Another day's rates of the same code: what is in force now stays as it was. */
  const copy = (): void => {
    if (marked !== undefined) open({ ...marked, inForceFrom: localDate(), source: '' });
  };
  useKeys([
    { key: 'F2', label: t('purchases.tariff.new'), run: add, isMain: true },
    { key: 'F3', label: t('purchases.tariff.newDay'), run: copy, isEnabled: marked !== undefined },
  ]);
  const columns = useMemo((): Column<Row>[] => {
    const head: Column<Row>[] = [
      { id: 'code', title: t('purchases.column.hsCode'), width: 100, render: (one) => <Code>{one.hsCode}</Code> },
      { id: 'from', title: t('purchases.tariff.from'), width: 92, render: (one) => one.inForceFrom },
    ];
    const figures = rates.map(
      (name): Column<Row> => ({
        id: name,
        title: t(`purchases.tariff.${name}`),
        width: 96,
        align: 'right',
        render: (one) => percentText(one[name]),
      }),
    );
    const tail: Column<Row>[] = [
      {
        id: 'conditions',
        title: t('purchases.tariff.conditionsShort'),
        width: 90,
        render: (one) => [one.conditions, one.inspection].filter(Boolean).join(' · '),
      },
      { id: 'source', title: t('purchases.tariff.source'), render: (one) => one.source },
    ];
    // Beside the form there is room for what the firm looks at most.
    return row === undefined ? [...head, ...figures, ...tail] : [...head, ...figures.slice(0, 3), ...tail.slice(1)];
  }, [t, row]);
  return (
    <Split
      list={
        <ListPane
          head={
            <>
              <span className="muted">{t('purchases.tariff.hint')}</span>
              <span className="spacer" />
              <KeyButton
                label={t('purchases.tariff.newDay')}
                keys="F3"
                isDisabled={marked === undefined}
                onPress={copy}
              />
              <KeyButton label={t('purchases.tariff.new')} keys="F2" onPress={add} />
            </>
          }
        >
          <DataTable
            label={t('purchases.tab.tariff')}
            pages={pages}
            rowKey={keyOf}
            columns={columns}
            autoFocus
            activeKey={at}
            onActivate={(one) => {
              setAt(keyOf(one));
              setRow((before) => (before === undefined ? undefined : one));
            }}
            onOpen={(one) => {
              setAt(keyOf(one));
              open(one);
            }}
            empty={
              <EmptyState
                title={t('purchases.tariff.empty')}
                hint={t('purchases.tariff.emptyHint')}
                actions={<KeyButton label={t('purchases.tariff.new')} keys="F2" onPress={add} />}
              />
            }
          />
        </ListPane>
      }
      detail={
        row === undefined ? undefined : <TariffForm key={keyOf(row)} row={row} onClose={() => setRow(undefined)} />
      }
    />
  );
}

type Rates = Readonly<Record<(typeof rates)[number], string>>;

function TariffForm({ row, onClose }: { readonly row: Row; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const form = useFormDraft(
    `tariff ${keyOf(row)}`,
    {
      ...row,
      typed: Object.fromEntries(rates.map((name) => [name, percentText(row[name])])) as Rates,
    },
    JSON.stringify(row),
  );
  const { value: draft, change } = form;
  const { typed } = draft;
  const save = useCommand('tariff.save');
  const wrong = rates.filter((name) => ratioOfPercent(typed[name]) === null);
  const canSave = /^\d{8,10}$/.test(draft.hsCode) && draft.inForceFrom !== '' && wrong.length === 0;
  const submit = async (): Promise<void> => {
    const ratios = Object.fromEntries(
      rates.flatMap((name) => {
        const ratio = ratioOfPercent(typed[name]);
        return ratio === undefined || ratio === null ? [] : [[name, ratio]];
      }),
    );
    const { hsCode, inForceFrom, unit1, unit2, conditions, inspection, source } = draft;
    const units = { ...(unit1 ? { unit1 } : {}), ...(unit2 ? { unit2 } : {}) };
    const answer = await save.run({
      rows: [{ hsCode, inForceFrom, conditions, inspection, source, ...units, ...ratios }],
    });
    if (answer === undefined) return;
    form.done();
    notify(t(answer.changed === 0 ? 'purchases.tariff.same' : 'purchases.tariff.saved', { code: hsCode }));
    onClose();
  };
  return (
    <FormPane
      title={row.hsCode === '' ? t('purchases.tariff.new') : row.hsCode}
      isCode={row.hsCode !== ''}
      error={save.error}
      onClearError={save.clear}
      canSave={canSave}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
    >
      <RestoredNote draft={form} />
      <div className="purchase-form">
        <Field id="tariff-hsCode" label={t('purchases.column.hsCode')} isRequired>
          <LookupBox
            id="tariff-hsCode"
            table="hs"
            isOpen
            value={draft.hsCode}
            onChange={(hsCode) => change({ hsCode: hsCode.replace(/[\s.]/g, '') })}
          />
        </Field>
        <Field
          id="tariff-from"
          label={t('purchases.tariff.inForceFrom')}
          hint={t('purchases.tariff.fromHint')}
          isRequired
        >
          <DateInput id="tariff-from" value={draft.inForceFrom} onChange={(inForceFrom) => change({ inForceFrom })} />
        </Field>
        {rates.map((name) => (
          <Field
            key={name}
            id={`tariff-${name}`}
            label={t(`purchases.tariff.${name}Long`)}
            {...(wrong.includes(name) ? { error: t('purchases.tariff.notPercent') } : {})}
          >
            <Input
              id={`tariff-${name}`}
              autoComplete="off"
              inputMode="decimal"
              placeholder={t('purchases.tariff.unknown')}
              status={wrong.includes(name) ? 'error' : ''}
              value={typed[name]}
              onChange={(event) => change({ typed: { ...typed, [name]: event.target.value } })}
            />
          </Field>
        ))}
        {texts.map((name) => (
          <Field
            key={name}
            id={`tariff-${name}`}
            label={t(`purchases.tariff.${name}`)}
            {...(name === 'source' ? { isWide: true, hint: t('purchases.tariff.sourceHint') } : {})}
          >
            <Input
              id={`tariff-${name}`}
              autoComplete="off"
              value={draft[name] ?? ''}
              onChange={(event) => change({ [name]: event.target.value })}
            />
          </Field>
        ))}
      </div>
    </FormPane>
  );
}
