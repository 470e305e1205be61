/** In the book of a natural person: which message asks for a code that a person does not have, and what can be done instead. */
import { useTranslation } from 'react-i18next';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Panel } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import type { Tone } from '../../theme/palette.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import './settings.css';

const tones = { no: 'rejected', bank: 'action', ask: 'waiting' } as const satisfies Record<string, Tone>;

export function PersonFilings() {
  const { t } = useTranslation();
  const words = useBilingual();
  const list = useQuery('person.filings', {});
  const rows = list.data?.rows;
  return (
    <Panel isPlain title={t('settings.person.title')}>
      <div className="panel-pad">
        <p className="muted">{t('settings.person.summary')}</p>
        <ErrorNote error={list.error} onRetry={list.reload} />
        {rows === undefined ? (
          <Skeleton rows={4} />
        ) : rows.length === 0 ? (
          <EmptyState title={t('settings.person.none')} />
        ) : (
          <table className="person-filings">
            <thead>
              <tr>
                <th>{t('settings.person.message')}</th>
                <th>{t('settings.person.asks')}</th>
                <th>{t('settings.person.can')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.kind}>
                  <td>
                    {words(row.title)}
                    <span className="code muted">{row.kind.replace('Message', '')}</span>
                  </td>
                  <td>{row.fields.map(words).join(t('money.comma')) || '–'}</td>
                  <td>
                    <ToneTag tone={tones[row.state]} label={t(`settings.person.state.${row.state}`)} />
                    <p>{words(row.why)}</p>
                    <p className="muted">{row.source}</p>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}
