/** What papers say beyond the documents: of the buyer and the deal, and of the firm itself. Saved as it is typed. */
import { Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { paperTotalNames } from '../../../shared/papers/details.ts';
import { DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { call, errorOf } from '../../core-client.ts';
import { createAutosaver, type SaveState } from '../../stores/autosaver.ts';
import type { Subject } from './subject.ts';

type Overview = OutputOf<'papers.list'>;
type Details = Overview['details'];
type Firm = Overview['firm'];
type TotalName = (typeof paperTotalNames)[number];
type DetailName = Exclude<keyof Details, 'dangerous' | 'brand' | TotalName>;

const detailNames: readonly DetailName[] = [
  'buyerName',
  'buyerCode',
  'buyerAddress',
  'contractNo',
  'contractDate',
  'contractPlace',
  'invoiceNo',
  'invoiceDate',
  'payment',
  'shipBy',
  'marks',
  'tradeCountry',
  'levyNature',
  'levyMode',
  'sourcePlace',
  'note',
];
const firmNames: readonly (keyof Firm)[] = [
  'nameEn',
  'address',
  'addressEn',
  'phone',
  'signatory',
  'declarantPerson',
  'declarantNo',
];

export function DetailsForm({ overview, subject }: { readonly overview: Overview; readonly subject: Subject }) {
  const { t } = useTranslation();
  const [details, setDetails] = useState(overview.details);
  const [firm, setFirm] = useState(overview.firm);
  const [save, setSave] = useState<SaveState>({ kind: 'idle' });
  const [detailSaver] = useState(() =>
    createAutosaver<Details>({
      save: async (value) => {
        await call('papers.saveDetails', { subject, details: value });
      },
      onState: setSave,
    }),
  );
  const [firmSaver] = useState(() =>
    createAutosaver<Firm>({
      save: async (value) => {
        await call('papers.saveFirm', { firm: value });
      },
      onState: setSave,
    }),
  );
  useEffect(
    () => () => {
      detailSaver.dispose();
      firmSaver.dispose();
    },
    [detailSaver, firmSaver],
  );
  // Answers to questions are given elsewhere on the page; what is typed here must not take them back.
  const { dangerous, brand } = overview.details;
  const change = (name: DetailName | TotalName, value: string): void => {
    const next = { ...details, dangerous, brand, [name]: value };
    setDetails(next);
    detailSaver.change(next);
  };
  const changeFirm = (name: keyof Firm, value: string): void => {
    const next = { ...firm, [name]: value };
    setFirm(next);
    firmSaver.change(next);
  };
  const onKeyDown = useEnterNavigation({});
  const { proposed } = overview;
  const proposals: Partial<Record<DetailName, string>> = {
    contractNo: proposed.contractNo,
    invoiceNo: proposed.invoiceNo,
    contractDate: proposed.date,
    invoiceDate: proposed.date,
    marks: proposed.marks,
    buyerName: overview.parties.consignee.name,
    buyerCode: overview.parties.consignee.code,
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter moves between the fields inside
    <div onKeyDown={onKeyDown}>
      <DetailSection title={t('papers.details')}>
        <div className="paper-form">
          {detailNames.map((name) => (
            <Field
              key={name}
              id={`paper-${name}`}
              label={t(`papers.field.${name}`)}
              {...(name === 'buyerCode' ? { hint: t('papers.hint.buyerCode') } : {})}
            >
              <Input
                id={`paper-${name}`}
                value={details[name]}
                placeholder={proposals[name] ?? ''}
                onChange={(event) => change(name, event.target.value)}
              />
            </Field>
          ))}
        </div>
        <ErrorNote error={save.kind === 'failed' ? errorOf(save.error) : undefined} isInline />
      </DetailSection>
      <DetailSection title={t('papers.compare.title')}>
        <p className="muted">{t('papers.compare.hint')}</p>
        <div className="paper-form">
          {paperTotalNames.map((name) => (
            <Field key={name} id={`paper-${name}`} label={t(`papers.compare.${name}`)}>
              <Input
                id={`paper-${name}`}
                value={details[name]}
                {...(name === 'invoiceCurrency' ? { maxLength: 3 } : { inputMode: 'decimal' as const })}
                // A figure is often copied with its groups.
                onChange={(event) => change(name, event.target.value.replaceAll(/[,\s]/g, '').toUpperCase())}
              />
            </Field>
          ))}
        </div>
      </DetailSection>
      <DetailSection title={t('papers.firm')}>
        <p className="muted">{t('papers.firmHint')}</p>
        <div className="paper-form">
          {firmNames.map((name) => (
            <Field key={name} id={`firm-${name}`} label={t(`papers.firmField.${name}`)}>
              <Input
                id={`firm-${name}`}
                value={firm[name]}
                onChange={(event) => changeFirm(name, event.target.value)}
              />
            </Field>
          ))}
        </div>
      </DetailSection>
    </div>
  );
}
