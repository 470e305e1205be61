/** In the book of a natural person: which message asks for a code that a person does not have, and what can be done instead. */
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Panel } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import type { Tone } from '../../theme/palette.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import './settings.css';

const tones = { no: 'rejected', bank: 'action', ask: 'waiting' } as const satisfies Record<string, Tone>;

type Row = OutputOf<'person.filings'>['rows'][number];

/** Messages of which the same is said, together. */
function groupsOf(rows: readonly Row[]): [Row, ...Row[]][] {
  const groups = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const key = `${row.state} ${row.why.zh} ${row.source}`;
    const before = groups.get(key);
    if (before === undefined) groups.set(key, [row]);
    else before.push(row);
  }
  return [...groups.values()];
}

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
          groupsOf(rows).map(([first, ...rest]) => (
            <section key={first.kind} className="person-filings">
              <ToneTag tone={tones[first.state]} label={t(`settings.person.state.${first.state}`)} />
              <p>{words(first.why)}</p>
              <p className="muted">{first.source}</p>
              <ul className="plain-list">
                {[first, ...rest].map((row) => (
                  <li key={row.kind}>
                    {words(row.title)} <span className="code muted">{row.kind.replace('Message', '')}</span>{' '}
                    <span className="muted">
                      {row.fields.length === 0
                        ? ''
                        : t('settings.person.asks', { fields: row.fields.map(words).join(t('money.comma')) })}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          ))
        )}
      </div>
    </Panel>
  );
}
