/** 单证备案: by declaration, what is asked for, what is there, what is missing; the papers sealed in the book, out as one ZIP. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listed } from '../../../shared/i18n/words.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useTicks } from '../../components/ticks.ts';
import { type RowOf, useJob, usePages } from '../../core-client.ts';
import { formatBytes, formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { PapersOf } from './PapersOf.tsx';
import './obligations.css';

type Row = RowOf<'archive.list'>;

export function ArchivePage({ params }: PageProps) {
  const { t, i18n } = useTranslation();
  const [text, setText] = useState(textParam(params, 'no') ?? '');
  const missing = textParam(params, 'missing') !== undefined;
  const pages = usePages('archive.list', { text, missing }, { areas: ['tax', 'purchases', 'imports'] });
  const [selected, setSelected] = useTicks(pages, (row) => row.declarationNo);
  const zip = useJob('archive.export');
  const verify = useJob('archive.verify');
  const chosen = pages.rows.find(({ declarationNo }) => declarationNo === textParam(params, 'at')) ?? pages.rows[0];
  const exportZip = async (): Promise<void> => {
    const file = await chooseSave(
      t('obligations.archive.export'),
      `${t('obligations.archive.fileName')}-${localDate()}.zip`,
      [{ name: 'ZIP', extensions: ['zip'] }],
    );
    if (file === null) return;
    const done = await zip.start({ declarations: [...selected], to: file.token });
    if (done !== undefined)
      notify(
        t('obligations.archive.exported', {
          count: done.papers,
          declarations: done.declarations,
          size: formatBytes(done.bytes),
        }),
      );
  };
  const check = async (): Promise<void> => {
    const done = await verify.start({});
    if (done !== undefined)
      notify(
        done.damaged.length === 0
          ? t('obligations.archive.intact', { count: done.papers })
          : t('obligations.archive.damaged', { count: done.damaged.length, name: done.damaged[0]?.fileName ?? '' }),
      );
  };
  useKeys([
    { key: 'Ctrl+E', label: t('obligations.archive.export'), run: () => void exportZip(), isMain: true },
    { key: 'Enter', label: t('obligations.deadlines.detail'), isMain: true },
    {
      key: 'Esc',
      label: t('obligations.back'),
      run: () => {
        if (!focusList()) navigate('tax');
      },
    },
  ]);
  const columns: readonly Column<Row>[] = [
    { id: 'no', title: t('obligations.declarationNo'), width: 180, render: (row) => <Code>{row.declarationNo}</Code> },
    { id: 'mode', title: t('obligations.archive.mode'), width: 74, render: (row) => <Code>{row.mode}</Code> },
    { id: 'date', title: t('obligations.archive.exportDate'), width: 94, render: (row) => row.exportDate },
    {
      id: 'claimed',
      title: t('obligations.archive.claimed'),
      width: 78,
      render: (row) => row.claimed ?? <span className="muted">–</span>,
    },
    {
      id: 'papers',
      title: t('obligations.archive.papers'),
      width: 62,
      align: 'right',
      render: (row) => formatCount(row.papers),
    },
    {
      id: 'missing',
      title: t('obligations.archive.missing'),
      render: (row) =>
        row.missing.length === 0 ? (
          t('obligations.archive.complete')
        ) : (
          <ToneTag
            tone="action"
            label={listed(
              row.missing.map((code) => t(`obligations.paper.${code}`, { defaultValue: code })),
              i18n.language,
            )}
          />
        ),
    },
    { id: 'keep', title: t('obligations.archive.keepUntil'), width: 94, render: (row) => row.keepUntil ?? '' },
  ];
  return (
    <Page
      title={t('obligations.archive.title')}
      summary={
        pages.first === undefined
          ? undefined
          : t('obligations.archive.summary', {
              count: pages.total,
              shown: formatCount(pages.total),
              incomplete: formatCount(pages.first.incomplete),
            })
      }
      actions={
        <>
          <Button loading={verify.status === 'running'} onClick={() => void check()}>
            {t('obligations.archive.verify')}
          </Button>
          <KeyButton
            kind="primary"
            keys="Ctrl+E"
            label={
              selected.length === 0
                ? t('obligations.archive.exportAll')
                : t('obligations.archive.exportSome', { count: selected.length })
            }
            isBusy={zip.status === 'running'}
            onPress={() => void exportZip()}
          />
        </>
      }
      filters={
        <>
          <Chips
            label={t('obligations.archive.missing')}
            chips={[
              { value: 'all', label: t('obligations.all') },
              { value: 'missing', label: t('obligations.archive.onlyMissing') },
            ]}
            value={missing ? 'missing' : 'all'}
            onChange={(value) => replaceParams(value === 'missing' ? { missing: 1 } : {})}
          />
          <SearchInput
            value={text}
            onChange={setText}
            placeholder={t('obligations.declarationNo')}
            keyLabel={t('obligations.archive.search')}
          />
        </>
      }
      notice={
        zip.status === 'running' ? (
          <ProgressBar title={t('obligations.archive.export')} progress={zip.progress} onCancel={zip.cancel} />
        ) : (
          <ErrorNote error={zip.error ?? verify.error} />
        )
      }
    >
      <Split
        ratio="list"
        list={
          <DataTable
            label={t('obligations.archive.title')}
            pages={pages}
            columns={columns}
            rowKey={(row) => row.declarationNo}
            autoFocus
            activeKey={chosen?.declarationNo}
            onActivate={(row) => replaceParams({ ...(missing ? { missing: 1 } : {}), at: row.declarationNo })}
            onOpen={() => focusDetail()}
            selectedKeys={selected}
            onSelect={setSelected}
            empty={<EmptyState title={t('obligations.archive.empty')} hint={t('obligations.archive.emptyHint')} />}
          />
        }
        detail={
          chosen === undefined ? (
            <DetailPlaceholder text={t('obligations.archive.choose')} />
          ) : (
            <DetailPane title={chosen.declarationNo} isCode>
              <PapersOf
                key={chosen.declarationNo}
                subjectKind="declaration"
                subjectId={chosen.declarationNo}
                missing={chosen.missing}
              />
            </DetailPane>
          )
        }
      />
    </Page>
  );
}
