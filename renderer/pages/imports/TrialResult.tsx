import { CheckOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { ImportCounts, ImportFinding } from '../../../shared/contract/imports.ts';
import { textOfReason } from '../../../shared/import/reasons.ts';
import { ToneMark } from '../../components/StateTag.tsx';
import { formatCount } from '../../i18n/format.ts';
import { useView } from '../../stores/view-store.ts';
import { countTerms } from './import-counts.ts';

const tones = {
  taken: 'accepted',
  updated: 'accepted',
  mended: 'accepted',
  cancellations: 'ready',
  alreadyThere: 'draft',
  failed: 'rejected',
} as const;

/** What became of the lines, as a sum that visibly adds up to the lines of the file. */
export function TrialResult({
  counts,
  mended,
  isDone,
  findings = [],
}: {
  readonly counts: ImportCounts;
  readonly mended: number;
  readonly isDone: boolean;
  /** What the whole of the file says: balances that prove, or do not. */
  readonly findings?: readonly ImportFinding[];
}) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const { terms, updatedInside, adds } = countTerms(counts, mended);
  const notes = [
    counts.documents === undefined ? undefined : t('imports.count.documents', { n: formatCount(counts.documents) }),
    counts.orders > 0 ? t('imports.count.orders', { n: formatCount(counts.orders) }) : undefined,
    counts.products > 0 ? t('imports.count.products', { n: formatCount(counts.products) }) : undefined,
    updatedInside > 0 ? t('imports.count.updatedOf', { n: formatCount(updatedInside) }) : undefined,
    counts.cancellationsUnknown > 0
      ? t('imports.count.cancellationsUnknown', { n: formatCount(counts.cancellationsUnknown) })
      : undefined,
  ].filter((note) => note !== undefined);
  return (
    <div className="import-counts">
      <dl className="count-equation">
        <div className="count-term">
          <dt>{t('imports.count.lines')}</dt>
          <dd data-testid="count-lines">{formatCount(counts.lines)}</dd>
        </div>
        {terms.map(({ id, lines }, index) => (
          <div key={id} className="count-term">
            <span className="count-sign" aria-hidden="true">
              {index === 0 ? '=' : '+'}
            </span>
            <dt>
              <ToneMark tone={id === 'failed' && lines === 0 ? 'draft' : tones[id]} />{' '}
              {t(id === 'taken' && isDone ? 'imports.count.takenDone' : `imports.count.${id}`)}
            </dt>
            <dd data-testid={`count-${id}`} className={id === 'failed' && lines > 0 ? 'tone-rejected' : undefined}>
              {formatCount(lines)}
            </dd>
          </div>
        ))}
      </dl>
      <p className="muted count-notes">
        {adds ? (
          <span>
            <CheckOutlined aria-hidden /> {t('imports.count.equation')}
          </span>
        ) : null}
        {notes.map((note) => (
          <span key={note}>{note}</span>
        ))}
      </p>
      {findings.length === 0 ? null : (
        <ul className="import-findings" data-testid="import-findings">
          {findings.map(({ code, level, params }) => {
            const { what, remedy } = textOfReason({ code, params }, language);
            return (
              <li key={`${code} ${what}`}>
                <ToneMark tone={level === 'doubt' ? 'action' : 'accepted'} /> {what}
                {remedy === '' ? null : <span className="muted"> {remedy}</span>}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
