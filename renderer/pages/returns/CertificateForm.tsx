/** 已补税/未退税证明: the form of a request, drafted from a return or an export line, with its repayment. */
import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { useCodeNames } from '../../components/code-names.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand } from '../../core-client.ts';
import { formatAmount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useView } from '../../stores/view-store.ts';
import { moneyAccounts, searchAccounts, useAccountName, useAccounts } from '../ledger/lookups.ts';
import { useFieldErrors } from '../money/field-errors.ts';
import { PapersOf } from '../obligations/PapersOf.tsx';
import { useFile } from '../risk/use-file.tsx';
import { CertificateCourse, certificateTones } from './CertificateCourse.tsx';
import '../purchases/purchases.css';

type Known = OutputOf<'returnCertificates.get'>;
type Start = OutputOf<'returnCertificates.start'>;
const reasons = ['returned', 'unsold', 'other'] as const;

/** A request: what it asks for, its repayment, its figures. */
export function CertificateForm({
  known,
  start,
  onSaved,
  onClose,
}: {
  readonly known?: Known;
  readonly start?: Start;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const begin = {
    qty: known?.qty ?? start?.qty ?? '',
    reason: known?.reason ?? start?.reason ?? reasons[0],
    returnedOn: known?.returnedOn ?? start?.returnedOn ?? '',
    repayWay: known?.repayWay ?? ('payment' as const),
    repaidOn: known?.repaidOn ?? '',
    repaidCny: known?.repaidCny ?? '',
    repayPaper: known?.repayPaper ?? '',
    repayAccount: known?.repayAccount ?? '1002',
    importDeclarationNo: known?.importDeclarationNo ?? '',
    note: known?.note ?? '',
  };
  const exportLineId = known?.exportLineId ?? start?.exportLineId ?? 0;
  const returnId = known?.returnId ?? start?.returnId;
  const form = useFormDraft(
    known === undefined ? `certificate of ${exportLineId} ${returnId ?? ''}` : `certificate ${known.id}`,
    begin,
    known === undefined ? '' : JSON.stringify(begin),
  );
  const { value: draft, change } = form;
  const chart = useAccounts();
  const accountName = useAccountName(chart);
  const save = useCommand('returnCertificates.save');
  const refused = useFieldErrors(save.error);
  const file = useFile('returnCertificates.print');
  const figures = known?.figures ?? start?.figures;
  const isOpen = known === undefined || known.state === 'draft';
  const isReady = /^(?=.*[1-9])\d{1,10}(\.\d{1,5})?$/.test(draft.qty);
  const print = (): void => {
    if (known !== undefined)
      void file.write(`${t('goodsReturns.certificate.title')} ${known.number}`, { id: known.id });
  };
  useKeys([{ key: 'F9', label: t('goodsReturns.certificate.print'), run: print, isEnabled: known !== undefined }]);
  const store = async () => {
    const { returnedOn, repaidOn, repaidCny, ...of } = draft;
    const done = await save.run({
      ...of,
      exportLineId,
      ...(returnId === undefined ? {} : { returnId }),
      ...(known === undefined ? {} : { id: known.id }),
      returnedOn: returnedOn === '' ? null : returnedOn,
      repaidOn: repaidOn === '' ? null : repaidOn,
      repaidCny: repaidCny === '' ? null : repaidCny,
    });
    if (done !== undefined) form.done();
    return done;
  };
  const submit = async (): Promise<void> => {
    const done = await store();
    if (done === undefined) return;
    notify(t('goodsReturns.certificate.saved', { number: done.number }));
    onSaved(done.id);
  };
  /** What is handed in is what stands in the form: saved first where it differs. */
  const isDirty = JSON.stringify(draft) !== JSON.stringify(begin);
  const beforeHandIn = async (): Promise<boolean> => !isOpen || !isDirty || (await store()) !== undefined;
  const text = (name: 'repayPaper' | 'importDeclarationNo' | 'note', length: number, isWide = false) => (
    <Field
      id={`certificate-${name}`}
      label={t(`goodsReturns.certificate.${name}`)}
      isWide={isWide}
      error={refused(name)}
    >
      <Input
        id={`certificate-${name}`}
        autoComplete="off"
        value={draft[name]}
        disabled={!isOpen}
        maxLength={length}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  const day = (name: 'returnedOn' | 'repaidOn', hint?: string) => (
    <Field
      id={`certificate-${name}`}
      label={t(`goodsReturns.certificate.${name}`)}
      error={refused(name)}
      {...(hint === undefined ? {} : { hint })}
    >
      <DateInput
        id={`certificate-${name}`}
        value={draft[name]}
        isDisabled={!isOpen}
        onChange={(value) => change({ [name]: value })}
      />
    </Field>
  );
  return (
    <FormPane
      title={known?.number ?? t('goodsReturns.certificate.add')}
      isCode={known !== undefined}
      tags={
        known === undefined ? undefined : (
          <ToneTag tone={certificateTones[known.state]} label={t(`goodsReturns.certificate.states.${known.state}`)} />
        )
      }
      error={save.error}
      onClearError={save.clear}
      canSave={isOpen && isReady}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
      foot={
        known === undefined ? undefined : (
          <KeyButton label={t('goodsReturns.certificate.print')} keys="F9" isBusy={file.isRunning} onPress={print} />
        )
      }
    >
      <RestoredNote draft={form} />
      {file.notice}
      <Facts
        columns={1}
        rows={[
          [
            t('goodsReturns.certificate.line'),
            known === undefined ? (start?.label ?? '') : `${known.declarationNo}-${known.lineNo} ${known.name}`,
          ],
        ]}
      />
      {known === undefined ? null : (
        <CertificateCourse key={`course ${known.state}`} known={known} beforeHandIn={beforeHandIn} onMoved={onSaved} />
      )}
      <div className="purchase-form">
        <Field
          id="certificate-qty"
          label={t('goodsReturns.certificate.qty')}
          isRequired
          error={refused('qty')}
          {...(start === undefined
            ? {}
            : { hint: t('goodsReturns.certificate.leftOf', { out: start.out, left: start.left }) })}
        >
          <NumericInput
            id="certificate-qty"
            value={draft.qty}
            isDisabled={!isOpen}
            onChange={(qty) => change({ qty })}
          />
        </Field>
        <Field id="certificate-reason" label={t('goodsReturns.certificate.reason')}>
          <Select
            id="certificate-reason"
            value={draft.reason}
            disabled={!isOpen}
            options={reasons.map((value) => ({ value, label: t(`returns.reasonOf.${value}`) }))}
            onChange={(reason) => change({ reason })}
          />
        </Field>
        {day('returnedOn', t('goodsReturns.certificate.returnedHint'))}
        {text('importDeclarationNo', 30)}
      </div>
      {figures?.isRefunded === true ? (
        <DetailSection title={t('goodsReturns.certificate.repay')}>
          <p className="panel-pad muted">
            {figures.toRepayCny === undefined
              ? t('goodsReturns.certificate.toRepayUnknown')
              : t('goodsReturns.certificate.toRepay', { amount: formatAmount(figures.toRepayCny, 2) })}
          </p>
          <div className="purchase-form">
            <Field id="certificate-repayWay" label={t('goodsReturns.certificate.repayWay')}>
              <Select
                id="certificate-repayWay"
                value={draft.repayWay}
                disabled={!isOpen}
                options={(['payment', 'offset'] as const).map((value) => ({
                  value,
                  label: t(`goodsReturns.certificate.ways.${value}`),
                }))}
                onChange={(repayWay) => change({ repayWay })}
              />
            </Field>
            {day('repaidOn')}
            <Field
              id="certificate-repaidCny"
              label={t('goodsReturns.certificate.repaidCny')}
              error={refused('repaidCny')}
            >
              <NumericInput
                id="certificate-repaidCny"
                decimals={2}
                value={draft.repaidCny}
                isDisabled={!isOpen}
                onChange={(repaidCny) => change({ repaidCny })}
              />
            </Field>
            {text('repayPaper', 60)}
            {draft.repayWay === 'payment' ? (
              <Field
                id="certificate-repayAccount"
                label={t('goodsReturns.certificate.repayAccount')}
                error={refused('repayAccount')}
              >
                <ChoiceBox
                  id="certificate-repayAccount"
                  shown={accountName(draft.repayAccount)}
                  isDisabled={!isOpen}
                  search={(typed) => searchAccounts(chart, typed, moneyAccounts)}
                  onTake={(choice) => change({ repayAccount: choice?.code ?? '' })}
                />
              </Field>
            ) : null}
          </div>
        </DetailSection>
      ) : null}
      <div className="purchase-form">{text('note', 500, true)}</div>
      {figures === undefined ? null : <FormFigures figures={figures} known={known} />}
      {known === undefined ? null : <PapersOf subjectKind="return-certificate" subjectId={known.number} />}
    </FormPane>
  );
}

/** What the book says for the form, and what is not known of the form. */
function FormFigures({ figures, known }: { readonly figures: Start['figures']; readonly known: Known | undefined }) {
  const { t } = useTranslation();
  const isChinese = useView((view) => view.language) !== 'en';
  const unitName = useCodeNames('unit', known === undefined ? [] : [known.unit]);
  const yuan = (text: string | undefined): string => (text === undefined ? '–' : formatAmount(text, 2));
  return (
    <DetailSection title={t('goodsReturns.certificate.figures')}>
      <Facts
        columns={1}
        rows={[
          ...(known === undefined
            ? []
            : ([
                [
                  t('goodsReturns.certificate.goods'),
                  `${known.hsCode} · ${known.exportDate} · ${known.mode} · ${t('goodsReturns.ofOut', {
                    qty: known.qty,
                    out: known.out,
                    unit: unitName(known.unit) ?? known.unit,
                  })}`,
                ],
              ] as const)),
          [t('goodsReturns.certificate.base'), yuan(figures.baseCny)],
          [t('goodsReturns.certificate.backBase'), yuan(figures.backBaseCny)],
          [t('goodsReturns.certificate.rates'), figures.rates.join(' · ') || '–'],
          [t('goodsReturns.certificate.invoices'), figures.invoices.join(' · ') || '–'],
          ...(figures.isRefunded
            ? ([
                [t('goodsReturns.certificate.claim'), `${figures.claimedPeriod ?? ''} / ${figures.claimBatch ?? ''}`],
                [t('goodsReturns.certificate.refund'), yuan(figures.refundCny)],
                [t('goodsReturns.certificate.toRepayCny'), yuan(figures.toRepayCny)],
              ] as const)
            : ([[t('goodsReturns.certificate.refund'), t('goodsReturns.certificate.notRefunded')]] as const)),
          ...(figures.lastDay === undefined
            ? []
            : ([[t('goodsReturns.certificate.lastDay'), figures.lastDay]] as const)),
        ]}
      />
      {figures.isRefunded ? null : <p className="draft-note">{t('goodsReturns.certificate.claimLess')}</p>}
      {known === undefined ? null : (
        <p className="draft-note">
          {[
            t('goodsReturns.certificate.form', { form: isChinese ? known.form.zh : known.form.en }),
            ...(known.form.isElectronic === true ? [t('goodsReturns.certificate.electronic')] : []),
            isChinese ? known.form.unknownZh : known.form.unknownEn,
            t('goodsReturns.certificate.source', { source: known.form.source }),
          ].join(' · ')}
        </p>
      )}
    </DetailSection>
  );
}
