/** Lists, declarations and what the platform has of a month, with every difference between them by its documents. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { navigate, openTarget } from '../../app/route-store.ts';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Panel } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, formatRecent } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { figureAreas } from './FiguresView.tsx';

type GapCode = OutputOf<'statistics.sources'>['gaps'][number]['code'];

/** Where the amount over against a document's own comes from. */
const against: Partial<Record<GapCode, 'lines' | 'platformAmount'>> = {
  linesDiffer: 'lines',
  platformAmount: 'platformAmount',
  platformOnly: 'platformAmount',
};

/** The documents, lines or orders of a difference; what this book has is opened from its row. */
function GapRows({ period, code }: { readonly period: string; readonly code: GapCode }) {
  const { t } = useTranslation();
  const [after, setAfter] = useState<readonly string[]>([]);
  const cursor = after.at(-1);
  const gap = useQuery(
    'statistics.gap',
    { period, code, ...(cursor === undefined ? {} : { after: cursor }) },
    { areas: [...figureAreas, 'sync'] },
  );
  const { rows = [], total = 0, nextCursor } = gap.data ?? {};
  const other = against[code];
  const hasAmount = code !== 'noPlatform';
  return (
    <div className="statistics-gap">
      <ErrorNote error={gap.error} onRetry={gap.reload} />
      <table className="statistics-table">
        <thead>
          <tr>
            <th>{t('statistics.column.number')}</th>
            {hasAmount ? <th className="is-number">{t('statistics.column.here')}</th> : null}
            {other === undefined ? null : (
              <th className="is-number">{t(`statistics.column.${other === 'lines' ? 'ofLines' : 'there'}`)}</th>
            )}
            {other === 'platformAmount' ? <th>{t('statistics.column.stateThere')}</th> : null}
            <th />
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, number, ours, theirs, currency, state, target }) => (
            <tr key={key}>
              <td>{number}</td>
              {hasAmount ? <td className="is-number">{ours === null ? '–' : `${currency} ${ours}`.trim()}</td> : null}
              {other === undefined ? null : (
                <td className="is-number">{theirs === null ? '–' : `${currency} ${theirs}`.trim()}</td>
              )}
              {other === 'platformAmount' ? (
                <td>{state === null ? '–' : t(`statistics.platformState.${state}`)}</td>
              ) : null}
              <td>
                {target === null ? (
                  <span className="muted">{t('statistics.notHere')}</span>
                ) : (
                  <Button size="small" onClick={() => openTarget(target)}>
                    {t('statistics.look')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {after.length === 0 && nextCursor === undefined ? null : (
        <p>
          <span className="muted">{t('statistics.gapTotal', { n: formatCount(total) })}</span>{' '}
          <Button size="small" disabled={after.length === 0} onClick={() => setAfter(after.slice(0, -1))}>
            {t('statistics.pageBefore')}
          </Button>{' '}
          <Button
            size="small"
            disabled={nextCursor === undefined}
            onClick={() => nextCursor !== undefined && setAfter([...after, nextCursor])}
          >
            {t('statistics.pageAfter')}
          </Button>
        </p>
      )}
    </div>
  );
}

export function SourcesView({ period }: { readonly period: string }) {
  const { t } = useTranslation();
  const sources = useQuery('statistics.sources', { period }, { areas: [...figureAreas, 'sync'] });
  const ask = useCommand('statistics.ask');
  const [open, setOpen] = useState<GapCode>();
  const { origins = [], kinds = [], asked, gaps = [] } = sources.data ?? {};
  const question = async (): Promise<void> => {
    const done = await ask.run({ period });
    if (done === undefined) return;
    notify(t('statistics.answered', { n: done.kinds }));
    sources.reload();
  };
  const unread = sources.error === undefined ? <Skeleton rows={3} /> : null;
  return (
    <div className="statistics-scroll">
      <ErrorNote error={sources.error ?? ask.error} onRetry={sources.reload} />
      <Panel isPlain title={t('statistics.gaps')}>
        {sources.data === undefined ? (
          unread
        ) : gaps.length === 0 ? (
          <p className="panel-pad">
            <ToneTag tone="accepted" label={t('statistics.noGaps')} />
          </p>
        ) : (
          <ul className="plain-list statistics-gaps">
            {gaps.map(({ code, count, example }) => (
              <li key={code}>
                <ToneTag tone="action" label={t(`statistics.gap.${code}`, { n: formatCount(count), example })} />{' '}
                <Button
                  id={`statistics-gap-${code}`}
                  size="small"
                  aria-expanded={code === open}
                  onClick={() => setOpen(code === open ? undefined : code)}
                >
                  {t(code === open ? 'statistics.fold' : 'statistics.unfold')}
                </Button>
                {code === open ? <GapRows period={period} code={code} /> : null}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel isPlain title={t('statistics.origins')}>
        {sources.data === undefined ? (
          unread
        ) : origins.length === 0 ? (
          <p className="panel-pad muted">{t('statistics.empty')}</p>
        ) : (
          <table className="statistics-table">
            <thead>
              <tr>
                <th>{t('statistics.column.origin')}</th>
                <th className="is-number">{t('statistics.column.documents')}</th>
                <th className="is-number">{t('statistics.column.lines')}</th>
                <th className="is-number">{t('statistics.column.cny')}</th>
              </tr>
            </thead>
            <tbody>
              {origins.map((row) => (
                <tr key={row.origin}>
                  <td>
                    <button
                      type="button"
                      className="link"
                      onClick={() => navigate('statistics', { period, view: 'figures', origin: row.origin })}
                    >
                      {t(`statistics.origin.${row.origin}`)}
                    </button>
                  </td>
                  <td className="is-number">{formatCount(row.documents)}</td>
                  <td className="is-number">{formatCount(row.lines)}</td>
                  <td className="is-number">{formatAmount(row.amountCny, 2)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Panel>
      <Panel
        isPlain
        title={t('statistics.counts')}
        extra={
          <>
            <span className="muted">
              {sources.data === undefined
                ? ''
                : asked === undefined || asked === null
                  ? t('statistics.notAsked')
                  : t('statistics.asked', { at: formatRecent(asked.at), endpoint: asked.endpoint })}
            </span>{' '}
            <Button id="statistics-ask" size="small" loading={ask.isRunning} onClick={() => void question()}>
              {t('statistics.ask')}
            </Button>
          </>
        }
      >
        {asked !== undefined && asked !== null && asked.named.length === 0 && kinds.length > 0 ? (
          <p className="panel-pad muted">{t('statistics.countsOnly')}</p>
        ) : null}
        {sources.data === undefined ? (
          unread
        ) : kinds.length === 0 ? (
          <p className="panel-pad muted">{t('statistics.noKinds')}</p>
        ) : (
          <table className="statistics-table">
            <thead>
              <tr>
                <th>{t('statistics.column.kind')}</th>
                <th className="is-number">{t('statistics.column.ours')}</th>
                <th className="is-number">{t('statistics.column.platformCount')}</th>
              </tr>
            </thead>
            <tbody>
              {kinds.map((row) => (
                <tr key={row.kind}>
                  <td>
                    {row.ours === 0 ? (
                      t(`messageKind.${row.kind}`, { defaultValue: row.kind })
                    ) : (
                      <button
                        type="button"
                        className="link"
                        onClick={() => navigate('declarations', { kind: row.kind, sentIn: period })}
                      >
                        {t(`messageKind.${row.kind}`, { defaultValue: row.kind })}
                      </button>
                    )}
                  </td>
                  <td className="is-number">{formatCount(row.ours)}</td>
                  <td className="is-number">
                    {row.platform === null ? '–' : formatCount(row.platform)}{' '}
                    {row.platform === null || row.platform === row.ours ? null : (
                      <ToneTag tone="action" label={t('statistics.countDiffers')} />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Panel>
    </div>
  );
}
