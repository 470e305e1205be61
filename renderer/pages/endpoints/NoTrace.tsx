import { useTranslation } from 'react-i18next';
import { Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { useCommand, usePages } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';

/** Messages that were handed to an import client and have left no trace: only a person can say that one was never sent. */
export function NoTrace() {
  const { t } = useTranslation();
  const pages = usePages('outbox.list', { state: 'unknown' }, { areas: ['sync', 'documents'] });
  const say = useCommand('outbox.neverSent');
  const lost = pages.rows.filter(({ lastError }) => lastError === 'HANDOVER_NO_TRACE');
  if (lost.length === 0) return <ErrorNote error={pages.error} onRetry={pages.reload} />;
  return (
    <section className="endpoint-test">
      <h3>{t('endpoints.noTrace.title')}</h3>
      <p className="muted">{t('endpoints.noTrace.hint')}</p>
      <ErrorNote error={say.error} onClose={say.clear} />
      <ul className="endpoint-steps">
        {lost.map(({ guid, seq }) => (
          <li key={guid} className="is-wide">
            <span>
              {t('outbox.messageNo', { seq })} <Code>{guid}</Code>
            </span>
            <ConfirmInline
              label={t('endpoints.noTrace.neverSent')}
              question={t('endpoints.noTrace.ask')}
              confirmLabel={t('endpoints.noTrace.neverSent')}
              isSmall
              onConfirm={async () => {
                const done = await say.run({ guid });
                if (done !== undefined) notify(t('endpoints.noTrace.done', { seq }));
              }}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
