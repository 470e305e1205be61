import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { MoneyRecordView } from '../../../shared/contract/money.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { Facts } from '../../components/Page.tsx';
import { ToneMark } from '../../components/StateTag.tsx';
import { useView } from '../../stores/view-store.ts';

type Preview = OutputOf<'moneyRecords.preview'>;

/** What deserves a look, each with what to do. */
export function RecordFindings({ findings }: { readonly findings: MoneyRecordView['findings'] }) {
  const { t } = useTranslation();
  if (findings.length === 0) return null;
  return (
    <ul className="money-findings" data-testid="record-findings">
      {findings.map(({ code, level, params }) => (
        <li key={code}>
          <ToneMark tone={level === 'doubt' ? 'action' : 'draft'} /> {t(`money.finding.${code}`, params)}
        </li>
      ))}
    </ul>
  );
}

/** A voucher as it would be posted, or as it was. */
export function VoucherLines({ lines }: { readonly lines: Preview['voucher'] }) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  return (
    <table className="money-lines">
      <thead>
        <tr>
          <th>{t('money.column.ledgerAccount')}</th>
          <th>{t('money.column.order')}</th>
          <th className="is-number">{t('money.column.debit')}</th>
          <th className="is-number">{t('money.column.credit')}</th>
          <th className="is-number">{t('money.column.cny')}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a voucher are known by their place
          <tr key={at}>
            <td className="is-text">
              <Code>{line.account}</Code> {language === 'en' ? line.nameEn : line.nameZh}
            </td>
            <td>{line.orderNo ?? ''}</td>
            <td className="is-number">
              {line.debit === '' ? '' : <Amount value={line.debit} currency={line.currency} />}
            </td>
            <td className="is-number">
              {line.credit === '' ? '' : <Amount value={line.credit} currency={line.currency} />}
            </td>
            <td className="is-number">
              <Amount value={line.debitCny === '' ? line.creditCny : line.debitCny} currency="CNY" bare />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the record in the form would come to: value, rate, difference, last day of declaring, proposed codes, voucher. */
export function RecordPreview({ preview }: { readonly preview: Preview }) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const { usd, rate, rateInForce, gain, declareBy, codes, findings, voucher } = preview;
  const facts: (readonly [string, string])[] = [
    ...(usd === undefined ? [] : [[t('money.fact.usd'), `USD ${usd}`] as const]),
    ...(rate === undefined ? [] : [[t('money.fact.rate'), rate] as const]),
    ...(rateInForce === undefined || rate === undefined ? [] : [[t('money.fact.rateInForce'), rateInForce] as const]),
    ...(gain === undefined ? [] : [[t('money.fact.gain'), `CNY ${gain}`] as const]),
    ...(declareBy === undefined ? [] : [[t('money.fact.declareBy'), declareBy] as const]),
    ...codes.map(
      ({ code, nameZh, nameEn, amount, remark, mode }) =>
        [
          t('money.fact.proposed'),
          `${code} ${language === 'en' ? nameEn : nameZh} · ${amount}${remark === '' ? '' : ` · ${remark}`} · ${t('money.fact.byMode', { mode })}`,
        ] as const,
    ),
  ];
  return (
    <DetailSection title={t('money.preview')}>
      {facts.length === 0 ? null : <Facts rows={facts} />}
      <RecordFindings findings={findings} />
      {voucher.length === 0 ? null : <VoucherLines lines={voucher} />}
    </DetailSection>
  );
}
