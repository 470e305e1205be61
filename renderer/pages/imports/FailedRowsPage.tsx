import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { goBack, navigate, numberParam } from '../../app/route-store.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Panel } from '../../components/Page.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { FailureGrid } from './FailureGrid.tsx';
import './imports.css';

/** Rows that an import of the past left out: to be exported, mended in their file and brought back through the wizard. */
export function FailedRowsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const runId = numberParam(params, 'runId');
  const head = useQuery('imports.failures', runId === undefined ? null : { runId, limit: 1 });
  const writeFailed = useCommand('imports.writeFailed');
  const kind = head.data?.kind;
  const openImport = (): void => navigate('import', kind === undefined ? {} : { kind });
  const exportRows = async (): Promise<void> => {
    if (runId === undefined) return;
    const to = await chooseSave(
      t('imports.failures.export'),
      t('imports.failures.fileName', { name: kind === undefined ? '' : t(`imports.kind.${kind}`) }),
      [{ name: 'Excel', extensions: ['xlsx'] }],
    );
    if (to === null) return;
    const answer = await writeFailed.run({ runId, to: to.token });
    if (answer !== undefined) notify(t('imports.failures.exported', { n: formatCount(answer.rows) }));
  };
  useKeys([{ key: 'Esc', label: t('imports.key.leave'), run: goBack, isMain: true }]);
  return (
    <Page
      title={t('imports.leftOut.title')}
      summary={head.data === undefined ? undefined : t('imports.leftOut.subtitle', { n: formatCount(head.data.total) })}
      actions={
        <>
          <Button
            onClick={() => void exportRows()}
            loading={writeFailed.isRunning}
            disabled={head.data === undefined || head.data.total === 0}
          >
            {t('imports.failures.export')}
          </Button>
          <KeyButton kind="primary" label={t('imports.leftOut.bringBack')} keys="Ctrl+I" bind onPress={openImport} />
        </>
      }
      notice={
        <>
          <ErrorNote error={head.error} onRetry={head.reload} />
          <ErrorNote error={writeFailed.error} onClose={writeFailed.clear} />
        </>
      }
    >
      {runId === undefined || head.data?.total === 0 ? <EmptyState title={t('imports.leftOut.none')} /> : null}
      {runId === undefined || kind === undefined || head.data === undefined || head.data.total === 0 ? null : (
        <Panel>
          <FailureGrid kind={kind} runId={runId} isReadOnly onMended={() => undefined} />
        </Panel>
      )}
    </Page>
  );
}
