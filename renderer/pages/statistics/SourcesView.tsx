/** Lists, declarations and the platform's counts of a month, with the gaps between them. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { openTarget } from '../../app/route-store.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Panel } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, formatRecent } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { figureAreas } from './FiguresView.tsx';

export function SourcesView({ period }: { readonly period: string }) {
  const { t } = useTranslation();
  const sources = useQuery('statistics.sources', { period }, { areas: [...figureAreas, 'sync'] });
  const ask = useCommand('statistics.ask');
  const { origins = [], kinds = [], asked, gaps = [] } = sources.data ?? {};
  const question = async (): Promise<void> => {
    const done = await ask.run({ period });
    if (done === undefined) return;
    notify(t('statistics.answered', { n: done.kinds }));
    sources.reload();
  };
  return (
    <div className="statistics-scroll">
      <ErrorNote error={sources.error ?? ask.error} onRetry={sources.reload} />
      <Panel isPlain title={t('statistics.gaps')}>
        {sources.data === undefined ? null : gaps.length === 0 ? (
          <p className="panel-pad">
            <ToneTag tone="accepted" label={t('statistics.noGaps')} />
          </p>
        ) : (
          <ul className="plain-list statistics-gaps">
            {gaps.map(({ code, count, example, target }) => (
              <li key={code}>
                <ToneTag tone="action" label={t(`statistics.gap.${code}`, { n: formatCount(count), example })} />{' '}
                <Button size="small" onClick={() => openTarget(target)}>
                  {t('statistics.look')}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel isPlain title={t('statistics.origins')}>
        {origins.length === 0 ? (
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
                  <td>{t(`statistics.origin.${row.origin}`)}</td>
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
              {asked === undefined || asked === null
                ? t('statistics.notAsked')
                : t('statistics.asked', { at: formatRecent(asked.at), endpoint: asked.endpoint })}
            </span>{' '}
            <Button id="statistics-ask" size="small" loading={ask.isRunning} onClick={() => void question()}>
              {t('statistics.ask')}
            </Button>
          </>
        }
      >
        {kinds.length === 0 ? (
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
                  <td>{t(`messageKind.${row.kind}`, { defaultValue: row.kind })}</td>
                  <td className="is-number">{formatCount(row.ours)}</td>
                  <td className="is-number">{row.platform === null ? '–' : formatCount(row.platform)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Panel>
    </div>
  );
}
