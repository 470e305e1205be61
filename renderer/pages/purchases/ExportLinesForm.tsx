import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CURRENCY_EXPONENTS } from '../../../shared/money/index.ts';
import { type Choice, ChoiceBox } from '../../components/ChoiceBox.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { call, useCommand } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { SkuBox, ValueBox } from './choices.tsx';
import {
  blankLine,
  type DeclarationDraft,
  type DeclarationLine,
  linesOf,
  typedModes,
  wrongCell,
} from './declaration-draft.ts';
import { type EntryColumn, EntryGrid } from './EntryGrid.tsx';
import { cellOfPath } from './entry-rows.ts';

const columns: readonly {
  readonly key: keyof DeclarationLine;
  readonly isNumber?: boolean;
  readonly width?: number;
}[] = [
  { key: 'sku', width: 9 },
  { key: 'name' },
  { key: 'hsCode', width: 10 },
  { key: 'unit', width: 7 },
  { key: 'qty', isNumber: true, width: 7 },
  { key: 'fob', isNumber: true, width: 9 },
  { key: 'lineNo', isNumber: true, width: 4.6 },
];
const currencies = Object.keys(CURRENCY_EXPONENTS);

/** The goods lines of a declaration (报关单) made elsewhere, as the paper has them. */
export function ExportLinesForm({
  onSaved,
  onClose,
}: {
  readonly onSaved: (ids: readonly number[]) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const form = useFormDraft<DeclarationDraft>('export lines', {
    mode: '9810',
    declarationNo: '',
    exportDate: localDate(),
    currency: 'USD',
    country: '',
    lines: [blankLine],
  });
  const { value: draft, change } = form;
  const save = useCommand('exportLines.saveMany');
  const lines = linesOf(draft);
  const [isTried, setTried] = useState(false);
  const wrong = isTried ? wrongCell(draft.lines) : undefined;
  const submit = async (): Promise<void> => {
    setTried(true);
    if (lines === undefined || wrongCell(draft.lines) !== undefined) return;
    const saved = await save.run({ lines });
    if (saved === undefined) return;
    form.done();
    notify(t('purchases.exports.saved', { no: draft.declarationNo.trim(), ...saved }));
    onSaved(saved.ids);
  };
  /** What the book knows of an article fills the cells that are still blank. */
  const fillFrom = async (at: number, sku: string): Promise<void> => {
    if (sku === '') return;
    const { rows } = await call('products.list', { text: sku, limit: 9 });
    const product = rows.find((row) => row.sku === sku);
    if (product === undefined) return;
    change((before) => ({
      lines: before.lines.map((line, index) =>
        index !== at
          ? line
          : {
              ...line,
              name: line.name === '' ? product.nameCn || product.nameSource : line.name,
              hsCode: line.hsCode === '' ? product.hsCode : line.hsCode,
              unit: line.unit === '' ? product.unit : line.unit,
            },
      ),
    }));
  };
  const gridColumns = columns.map(
    ({ key, isNumber, width }): EntryColumn<keyof DeclarationLine> => ({
      key,
      title: t(`purchases.exportLine.${key}`),
      ...(isNumber === undefined ? {} : { isNumber }),
      ...(width === undefined ? {} : { width }),
      ...(key === 'sku'
        ? {
            field: ({ row, ...cell }) => (
              <SkuBox key={row} isCell {...cell} onSettled={() => void fillFrom(row, cell.value)} />
            ),
          }
        : {}),
      ...(key === 'hsCode' ? { field: ({ row, ...cell }) => <LookupBox key={row} table="hs" isOpen {...cell} /> } : {}),
      ...(key === 'unit' ? { field: ({ row, ...cell }) => <LookupBox key={row} table="unit" {...cell} /> } : {}),
    }),
  );
  return (
    <FormPane
      title={t('purchases.exports.new')}
      error={save.error}
      onClearError={save.clear}
      canSave={lines !== undefined}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
    >
      <RestoredNote draft={form} />
      <div className="purchase-form">
        <Field id="declaration-no" label={t('purchases.exports.declarationNo')} isRequired>
          <Input
            id="declaration-no"
            autoComplete="off"
            value={draft.declarationNo}
            onChange={(event) => change({ declarationNo: event.target.value })}
          />
        </Field>
        <Field id="declaration-mode" label={t('purchases.exports.mode')} isRequired>
          <ValueBox
            id="declaration-mode"
            value={draft.mode}
            values={typedModes}
            textKey="purchases.mode"
            onChange={(mode) => change({ mode })}
          />
        </Field>
        <Field id="declaration-date" label={t('purchases.column.exportDate')} isRequired>
          <DateInput id="declaration-date" value={draft.exportDate} onChange={(exportDate) => change({ exportDate })} />
        </Field>
        <Field id="declaration-currency" label={t('purchases.exports.currency')} isRequired>
          <ChoiceBox
            id="declaration-currency"
            hidesCode
            shown={draft.currency}
            search={(text) =>
              currencies
                .filter((code) => code.startsWith(text.trim().toUpperCase()))
                .slice(0, 9)
                .map((code): Choice => ({ code, name: code }))
            }
            onTake={(choice) => change({ currency: choice?.code ?? '' })}
          />
        </Field>
        <Field id="declaration-country" label={t('purchases.exports.country')}>
          <LookupBox
            id="declaration-country"
            table="country"
            value={draft.country}
            onChange={(country) => change({ country })}
          />
        </Field>
      </div>
      <DetailSection title={t('purchases.exports.lines')}>
        <EntryGrid
          label={t('purchases.exports.lines')}
          columns={gridColumns}
          rows={draft.lines}
          blank={blankLine}
          wrong={wrong ?? cellOfPath(save.error?.path, draft.lines, blankLine)}
          onChange={(next) => change({ lines: next })}
        />
        {wrong === undefined ? (
          <p className="muted">{t('purchases.exports.gridHint')}</p>
        ) : (
          <p className="tone-rejected" role="alert">
            {t('purchases.exports.wrong', {
              row: wrong.row + 1,
              column: t(`purchases.exportLine.${wrong.column}`),
              form: t(`purchases.exports.form.${wrong.column}`),
            })}
          </p>
        )}
      </DetailSection>
    </FormPane>
  );
}
