import { Input } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { invoiceKinds } from '../../../shared/contract/purchasing.ts';
import { percentText } from '../../../shared/stock/index.ts';
import { useKeys } from '../../app/keys.ts';
import { type Choice, ChoiceBox } from '../../components/ChoiceBox.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { call, useCommand, useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { SkuBox, ValueBox } from './choices.tsx';
import { type EntryColumn, EntryGrid } from './EntryGrid.tsx';
import { cellOfPath, withBlankLast } from './entry-rows.ts';
import { type DraftLine, emptyLine, type InvoiceDraft, inputOf, sumsOf } from './invoice-draft.ts';

const columns: readonly { readonly key: keyof DraftLine; readonly isNumber?: boolean; readonly width?: number }[] = [
  { key: 'sku', width: 9 },
  { key: 'name' },
  { key: 'spec', width: 6 },
  { key: 'unit', width: 5 },
  { key: 'qty', isNumber: true, width: 6.4 },
  { key: 'amount', isNumber: true, width: 10.4 },
  { key: 'vatRate', isNumber: true, width: 5.6 },
  { key: 'vat', isNumber: true, width: 9.4 },
];
/** What a supplier's row is called that does not stand in the book yet. */
const newParty = 'new';
const totals = ['amount', 'vat', 'total'] as const;

interface Props {
  readonly id?: number;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}

/** An invoice as its paper has it: head, lines, and the paper's own totals, which the lines must come to. */
export function InvoiceForm(props: Props) {
  const stored = useQuery('invoices.get', props.id === undefined ? null : { id: props.id });
  if (props.id === undefined) return <InvoiceFields {...props} stored={undefined} />;
  return stored.data === undefined ? (
    <ErrorNote error={stored.error} onRetry={stored.reload} />
  ) : (
    <InvoiceFields {...props} stored={stored.data} />
  );
}

interface Draft extends InvoiceDraft {
  readonly supplierName: string;
}

function draftOf(stored: OutputOf<'invoices.get'> | undefined): Draft {
  if (stored === undefined)
    return {
      ...{ number: '', kind: 'special', date: localDate(), supplierId: undefined, supplierName: '' },
      ...{ amount: '', vat: '', total: '', note: '', lines: [emptyLine] },
    };
  const { number, kind, date, supplier, amount, vat, total, note, lineRows } = stored;
  const lines = lineRows.map(
    (line): DraftLine => ({
      name: line.name,
      spec: line.spec,
      unit: line.unit,
      qty: line.qty,
      amount: line.amount,
      vatRate: percentText(line.vatRate),
      vat: line.vat,
      sku: line.sku ?? '',
    }),
  );
  return {
    ...{ number, kind, date, supplierId: supplier.id, supplierName: supplier.name, amount, vat, total, note },
    lines: withBlankLast(lines, emptyLine),
  };
}

function InvoiceFields({
  id,
  stored,
  onSaved,
  onClose,
}: Props & { readonly stored: OutputOf<'invoices.get'> | undefined }) {
  const { t } = useTranslation();
  const form = useFormDraft(`invoice ${id ?? 'new'}`, draftOf(stored), JSON.stringify(stored ?? null));
  const { value: draft, change } = form;
  const made = useRef('');
  const addParty = useCommand('parties.save');
  const save = useCommand('invoices.save');
  const sums = sumsOf(draft.lines);
  const input = inputOf(draft, id);
  const submit = async (): Promise<void> => {
    if (input === undefined) return;
    const saved = await save.run(input);
    if (saved === undefined) return;
    form.done();
    notify(t('purchases.invoice.saved', { number: saved.number }));
    onSaved(saved.id);
  };
  const findSupplier = async (text: string): Promise<readonly Choice[]> => {
    const { rows } = await call('parties.list', { kind: 'supplier', text, limit: 9 });
    const found = rows.map((party): Choice => ({ code: String(party.id), name: party.name }));
    const isKnown = text === '' || rows.some((party) => party.name === text);
    return isKnown
      ? found
      : [...found, { code: `${newParty} ${text}`, name: t('purchases.invoice.addSupplier', { name: text }) }];
  };
  const takeSupplier = async (choice: Choice | undefined): Promise<void> => {
    if (choice === undefined || !choice.code.startsWith(newParty)) {
      change({
        supplierId: choice === undefined ? undefined : Number(choice.code),
        supplierName: choice?.name ?? '',
      });
      return;
    }
    const name = choice.code.slice(newParty.length + 1);
    // Enter takes the row, and leaving the field may take it once more.
    if (made.current === name) return;
    made.current = name;
    change({ supplierName: name });
    const party = await addParty.run({ kind: 'supplier', name, taxNo: null, country: null, note: '', active: true });
    if (party === undefined) made.current = '';
    else change({ supplierId: party.id });
  };
  const fillTotals = (): void => change(sums);
  useKeys([{ key: 'F7', label: t('purchases.invoice.fillTotals'), run: fillTotals }]);
  const gridColumns = columns.map(
    ({ key, isNumber, width }): EntryColumn<keyof DraftLine> => ({
      key,
      title: t(`purchases.line.${key}`),
      ...(isNumber === undefined ? {} : { isNumber }),
      ...(width === undefined ? {} : { width }),
      ...(key === 'sku' ? { field: ({ row, ...cell }) => <SkuBox key={row} isCell {...cell} /> } : {}),
    }),
  );
  return (
    <FormPane
      title={t(id === undefined ? 'purchases.invoice.new' : 'purchases.invoice.edit')}
      error={save.error ?? addParty.error}
      onClearError={save.clear}
      canSave={input !== undefined}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
      foot={<KeyButton label={t('purchases.invoice.fillTotals')} keys="F7" onPress={fillTotals} />}
    >
      <RestoredNote draft={form} />
      <div className="purchase-form">
        <Field id="invoice-number" label={t('purchases.column.number')} isRequired>
          <Input
            id="invoice-number"
            value={draft.number}
            autoFocus
            autoComplete="off"
            onChange={(event) => change({ number: event.target.value })}
          />
        </Field>
        <Field id="invoice-kind" label={t('purchases.column.kind')} isRequired>
          <ValueBox
            id="invoice-kind"
            value={draft.kind}
            values={invoiceKinds}
            textKey="purchases.kind"
            onChange={(kind) => change({ kind })}
          />
        </Field>
        <Field id="invoice-date" label={t('purchases.column.date')} isRequired>
          <DateInput id="invoice-date" value={draft.date} onChange={(date) => change({ date })} />
        </Field>
        <Field id="invoice-supplier" label={t('purchases.column.supplier')} isRequired>
          <ChoiceBox
            id="invoice-supplier"
            hidesCode
            shown={draft.supplierName}
            search={findSupplier}
            onTake={(choice) => void takeSupplier(choice)}
          />
        </Field>
        {totals.map((field) => (
          <Field
            key={field}
            id={`invoice-${field}`}
            label={t(`purchases.column.${field}`)}
            isRequired
            hint={t('purchases.invoice.ofLines', { sum: sums[field] })}
          >
            <NumericInput
              id={`invoice-${field}`}
              decimals={2}
              allowNegative
              value={draft[field]}
              onChange={(value) => change({ [field]: value })}
            />
          </Field>
        ))}
        <Field id="invoice-note" label={t('purchases.column.note')}>
          <Input id="invoice-note" value={draft.note} onChange={(event) => change({ note: event.target.value })} />
        </Field>
      </div>
      <DetailSection title={t('purchases.invoice.lines')}>
        <EntryGrid
          label={t('purchases.invoice.lines')}
          columns={gridColumns}
          rows={draft.lines}
          blank={emptyLine}
          wrong={cellOfPath(save.error?.path, draft.lines, emptyLine)}
          onChange={(lines) => change({ lines })}
        />
      </DetailSection>
    </FormPane>
  );
}
