/** 受影响的单证: drafts checked with other code tables, whose codes are gone or named otherwise since. */
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { type QueryState, useJob } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { CodeChangeList } from './CodeChangeList.tsx';

type Affected = OutputOf<'tables.affected'>;
type Draft = Affected['drafts'][number];

export function ChangesTab({
  tabs,
  affected,
}: {
  readonly tabs: ReactNode;
  readonly affected: QueryState<Affected> & { readonly reload: () => void };
}) {
  const { t } = useTranslation();
  const recheck = useJob('tables.recheck');
  const [chosen, setChosen] = useState<number>();
  const { data } = affected;
  const active = data?.drafts.find(({ documentId }) => documentId === chosen);
  const others = data === undefined ? 0 : data.untouched + data.unknown + data.drafts.length;
  const run = async (): Promise<void> => {
    const done = await recheck.start({});
    if (done === undefined) return;
    notify(t('classification.changes.checked', { n: formatCount(done.checked), reject: formatCount(done.reject) }));
    affected.reload();
  };
  useKeys([
    {
      key: 'F7',
      label: t('classification.changes.recheck'),
      run: () => void run(),
      isEnabled: others > 0,
      isMain: true,
    },
  ]);
  const columns: readonly Column<Draft>[] = [
    {
      id: 'kind',
      title: t('classification.changes.kind'),
      width: 132,
      render: (row) => t(`messageKind.${row.kind}`, { defaultValue: row.kind }),
    },
    { id: 'key', title: t('classification.changes.document'), render: (row) => <Code>{row.businessKey}</Code> },
    {
      id: 'codes',
      title: t('classification.changes.codes'),
      width: 76,
      align: 'right',
      render: (row) => formatCount(row.changes.length),
    },
    {
      id: 'version',
      title: t('classification.tablesVersion'),
      width: 150,
      render: (row) => <Code>{row.tablesVersion}</Code>,
    },
  ];
  return (
    <Page
      title={t('classification.title')}
      summary={
        data === undefined
          ? undefined
          : t('classification.changes.summary', {
              n: formatCount(data.drafts.length),
              untouched: formatCount(data.untouched),
              unknown: formatCount(data.unknown),
              version: data.version,
            })
      }
      filters={tabs}
      notice={
        recheck.status === 'running' ? (
          <ProgressBar
            title={t('classification.changes.recheck')}
            progress={recheck.progress}
            onCancel={recheck.cancel}
          />
        ) : (
          <ErrorNote error={recheck.error} />
        )
      }
      actions={
        <KeyButton
          kind="primary"
          label={t('classification.changes.recheck')}
          keys="F7"
          isDisabled={others === 0 || recheck.status === 'running'}
          onPress={() => void run()}
        />
      }
    >
      <Split
        ratio="even"
        list={
          <DataTable<Draft>
            label={t('classification.tab.changes')}
            autoFocus
            pages={plainPages(data?.drafts, affected.error, affected.reload)}
            columns={columns}
            rowKey={(row) => row.documentId}
            activeKey={active?.documentId}
            onActivate={({ documentId }) => setChosen(documentId)}
            onOpen={({ documentId }) => navigate('declaration', { id: documentId })}
            empty={<EmptyState title={t('classification.changes.none')} hint={t('classification.changes.noneHint')} />}
          />
        }
        detail={
          active === undefined ? (
            <DetailPlaceholder text={t('classification.changes.choose')} />
          ) : (
            <DetailPane
              title={active.businessKey}
              isCode
              foot={
                <>
                  <span className="spacer" />
                  <KeyButton
                    label={t('classification.changes.open')}
                    keys="Enter"
                    onPress={() => {
                      focusList();
                      navigate('declaration', { id: active.documentId });
                    }}
                  />
                </>
              }
            >
              <div className="decision-facts">
                <CodeChangeList changes={active.changes} />
              </div>
            </DetailPane>
          )
        }
      />
    </Page>
  );
}
