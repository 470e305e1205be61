import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { useCodeNames } from '../../components/code-names.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts } from '../../components/Page.tsx';
import { type RowOf, useCommand } from '../../core-client.ts';
import { formatAmount, formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

type Row = RowOf<'exportLines.list'>;
type Patch = InputOf<'exportLines.setFacts'>['patch'];
const facts = ['receivedOn', 'deemedReceived', 'contractReceiptDate'] as const;

/** Receipt facts (收汇) of one line, or the same for many: of many only what was filled in is changed. */
export function ExportFacts({ rows, onClose }: { readonly rows: readonly Row[]; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [row, ...more] = rows;
  const single = more.length === 0 ? row : undefined;
  const stored = {
    receivedOn: single?.receivedOn ?? '',
    deemedReceived: single?.deemedReceived ?? '',
    contractReceiptDate: single?.contractReceiptDate ?? '',
  };
  const form = useFormDraft(
    single === undefined ? 'export facts of many' : `export facts ${single.id}`,
    stored,
    single === undefined ? rows.map(({ id }) => id).join(' ') : JSON.stringify(stored),
  );
  const { value: draft, change } = form;
  const save = useCommand('exportLines.setFacts');
  const changed = facts.filter((name) => draft[name].trim() !== stored[name]);
  const { documentId, orderId } = single ?? {};
  const unitName = useCodeNames('unit', row === undefined ? [] : [row.unit]);
  useKeys([
    ...(documentId === undefined
      ? []
      : [
          { key: 'F3', label: t('purchases.exports.document'), run: () => navigate('declaration', { id: documentId }) },
        ]),
    ...(orderId === undefined
      ? []
      : [{ key: 'F4', label: t('purchases.exports.order'), run: () => navigate('order', { id: orderId }) }]),
  ]);
  if (row === undefined) return null;
  const submit = async (): Promise<void> => {
    const patch: Patch = Object.fromEntries(
      changed.map((name) => [name, draft[name].trim() === '' ? null : draft[name].trim()]),
    );
    const answer = await save.run({ ids: rows.map(({ id }) => id), patch });
    if (answer === undefined) return;
    form.done();
    notify(t('purchases.exports.factsSaved', { n: formatCount(answer.changed) }));
  };
  return (
    <FormPane
      title={
        single === undefined
          ? t('purchases.exports.many', { n: formatCount(rows.length) })
          : `${row.declarationNo}-${row.lineNo}`
      }
      isCode={single !== undefined}
      error={save.error}
      onClearError={save.clear}
      canSave
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
      foot={
        <>
          {documentId === undefined ? null : (
            <KeyButton
              label={t('purchases.exports.document')}
              keys="F3"
              onPress={() => navigate('declaration', { id: documentId })}
            />
          )}
          {orderId === undefined ? null : (
            <KeyButton
              label={t('purchases.exports.order')}
              keys="F4"
              onPress={() => navigate('order', { id: orderId })}
            />
          )}
        </>
      }
    >
      {single === undefined ? (
        <p className="muted">{t('purchases.exports.manyHint')}</p>
      ) : (
        <Facts
          rows={[
            [t('purchases.column.goods'), row.name],
            [t('purchases.column.hsCode'), <Code key="hs">{row.hsCode}</Code>],
            [t('purchases.column.qty'), `${formatAmount(row.qty)} ${unitName(row.unit) ?? row.unit}`],
            [
              t('purchases.column.fobCny'),
              row.fobCny === undefined ? (
                <span key="rate" className="tone-action">
                  {t('purchases.exports.noRate')}
                </span>
              ) : (
                <Amount key="cny" value={row.fobCny} currency="CNY" />
              ),
            ],
            [t('purchases.exports.matched'), formatAmount(row.matchedQty)],
            [
              t('purchases.exports.short'),
              row.shortQty === '0' ? (
                '0'
              ) : (
                <span key="short" className="tone-action">
                  {row.shortQty}
                </span>
              ),
            ],
            [t('purchases.exports.claimed'), [row.claimedPeriod, row.claimBatch].filter(Boolean).join(' · ') || '–'],
          ]}
        />
      )}
      <DetailSection title={t('purchases.exports.receipt')}>
        <RestoredNote draft={form} />
        <div className="purchase-form">
          <Field id="export-receivedOn" label={t('purchases.exports.receivedOn')}>
            <DateInput
              id="export-receivedOn"
              value={draft.receivedOn}
              onChange={(receivedOn) => change({ receivedOn })}
            />
          </Field>
          <Field id="export-contractDate" label={t('purchases.exports.contractDate')}>
            <DateInput
              id="export-contractDate"
              value={draft.contractReceiptDate}
              onChange={(contractReceiptDate) => change({ contractReceiptDate })}
            />
          </Field>
          <Field
            id="export-deemed"
            label={t('purchases.exports.deemed')}
            hint={t('purchases.exports.deemedHint')}
            isWide
          >
            <Input
              id="export-deemed"
              maxLength={40}
              autoComplete="off"
              value={draft.deemedReceived}
              onChange={(event) => change({ deemedReceived: event.target.value })}
            />
          </Field>
        </div>
      </DetailSection>
    </FormPane>
  );
}
