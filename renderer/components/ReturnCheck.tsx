/**
 * Whether an export line may come back free of duty: last day, what does not hold, what to repay, papers to get, another customs.
 * Shown where a return is made: `<ReturnCheck exportLineId={…} returnedOn="2026-06-10" reason="returned" />`.
 */
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../shared/contract/contract.ts';
import { useQuery } from '../core-client.ts';
import { formatAmount } from '../i18n/format.ts';
import { useView } from '../stores/view-store.ts';
import { Skeleton } from './EmptyState.tsx';
import { ErrorNote } from './ErrorNote.tsx';
import { Field } from './Field.tsx';
import { Facts } from './Page.tsx';
import { ToneMark, ToneTag } from './StateTag.tsx';

export type ReturnCheckProps = InputOf<'returns.check'>;

const foodAnswers = ['code', 'yes', 'no'] as const;

/** Whether the goods are food: by their commodity code until somebody says. */
export function FoodChoice({
  id,
  value,
  onChange,
}: {
  readonly id: string;
  readonly value: boolean | undefined;
  readonly onChange: (value: boolean | undefined) => void;
}) {
  const { t } = useTranslation();
  return (
    <Field id={id} label={t('returns.flag.food')}>
      <Select
        id={id}
        value={value === undefined ? 'code' : value ? 'yes' : 'no'}
        options={foodAnswers.map((answer) => ({ value: answer, label: t(`returns.foodBy.${answer}`) }))}
        onChange={(answer) => onChange(answer === 'code' ? undefined : answer === 'yes')}
      />
    </Field>
  );
}

const routeTone = { 'six-month': 'accepted', 'one-year': 'accepted', ordinary: 'rejected' } as const;
const crossTone = {
  same: 'accepted',
  allowed: 'accepted',
  pilot: 'action',
  'not-allowed': 'rejected',
  unknown: 'draft',
} as const;

export function ReturnCheck(input: ReturnCheckProps) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const say = (words: { readonly zh: string; readonly en: string }): string =>
    language === 'en' ? words.en : words.zh;
  const checked = useQuery('returns.check', input, { areas: ['tax', 'purchases', 'documents', 'returns'] });
  if (checked.error !== undefined) return <ErrorNote error={checked.error} onRetry={checked.reload} />;
  if (checked.data === undefined) return <Skeleton rows={6} />;
  const { line, route, lastDay, oneYearLastDay, reasons, quantity, refund, papers, crossCustoms } = checked.data;
  const { days, originalState, food } = checked.data;
  const left = days.left < 0 ? t('returns.daysOver', { days: -days.left }) : t('returns.daysLeft', { days: days.left });
  const repay = !refund.refunded
    ? t('returns.notRefunded')
    : refund.isRepaid
      ? t('returns.repaid')
      : refund.repayCny === undefined
        ? t('returns.repayUnknown')
        : t('returns.toRepay', { amount: formatAmount(refund.repayCny, 2) });
  return (
    <div className="return-answer" aria-live="polite">
      <p>
        <ToneTag tone={routeTone[route]} label={t(`returns.route.${route}`)} />
      </p>
      <Facts
        columns={1}
        rows={[
          [t('returns.line'), `${line.label} ${line.name}`],
          [t('returns.exported'), `${line.exportDate} · ${line.mode} · ${t(`returns.form.${line.form}`)}`],
          [t('returns.days'), t('returns.daysSince', { days: days.sinceExport })],
          [t('returns.lastDay'), `${lastDay} · ${left}`],
          ...(oneYearLastDay === undefined ? [] : ([[t('returns.oneYearLastDay'), oneYearLastDay]] as const)),
          [
            t('returns.quantity'),
            <span key="quantity">
              {t('returns.quantityOf', quantity)}{' '}
              {quantity.isTooMuch ? <ToneTag tone="rejected" label={t('returns.tooMuch')} /> : null}
            </span>,
          ],
          [t('returns.condition'), t(originalState ? 'returns.unchanged' : 'returns.changed')],
          [t('returns.flag.food'), t(`returns.foodIs.${food.from}.${food.isFood ? 'yes' : 'no'}`)],
          [t('returns.refund'), repay],
          [
            t('returns.cross'),
            <ToneTag key="cross" tone={crossTone[crossCustoms]} label={t(`returns.crossOf.${crossCustoms}`)} />,
          ],
        ]}
      />
      {reasons.length === 0 ? null : (
        <>
          <h3>{t('returns.reasons')}</h3>
          <ul>
            {reasons.map(({ code, title }) => (
              <li key={code}>
                <ToneMark tone="rejected" /> {say(title)}
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>{t('returns.papers')}</h3>
      <ul>
        {papers.map(({ id, title, isAtHand }) => (
          <li key={id}>
            <ToneMark tone={isAtHand ? 'accepted' : 'action'} />{' '}
            <span className="sr-only">{t(isAtHand ? 'returns.atHand' : 'returns.toGet')}</span> {say(title)}
          </li>
        ))}
      </ul>
      <p className="draft-note">{t('tax.authority')}</p>
    </div>
  );
}
