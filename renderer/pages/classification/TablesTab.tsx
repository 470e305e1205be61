/** 代码表: every table with its age and source, its rows, and the editions the user imported. */
import { Button, Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GrantedFile } from '../../../shared/contract/bridge.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { chooseOpen, chooseSave } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts, Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useView } from '../../stores/view-store.ts';
import { CodeChangeList } from './CodeChangeList.tsx';

type Table = OutputOf<'codeTables.list'>['rows'][number];
const workbooks = [{ name: 'Excel', extensions: ['xlsx', 'csv'] }];

/** Whole months since `yyyy`, `yyyy-mm` or `yyyy-mm-dd`; undefined for a range of years. */
function monthsOld(asOf: string): number | undefined {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-\d{2})?$/.exec(asOf);
  if (match === null) return undefined;
  const [year = 0, month = 0] = localDate().split('-').map(Number);
  return Math.max(0, (year - Number(match[1])) * 12 + month - Number(match[2] ?? '12'));
}

export function TablesTab({ tabs, params }: { readonly tabs: ReactNode; readonly params: RouteParams }) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const list = useQuery('codeTables.list', {}, { areas: ['documents'] });
  const [text, setText] = useState('');
  const chosen = textParam(params, 'table');
  const titleOf = (row: Table): string => (language === 'en' ? row.titleEn : row.titleZh);
  const wanted = text.trim().toLowerCase();
  const rows = list.data?.rows.filter(
    (row) => wanted === '' || `${row.id} ${row.titleZh} ${row.titleEn}`.toLowerCase().includes(wanted),
  );
  const active = list.data?.rows.find(({ id }) => id === chosen);
  const show = (id: string): void => replaceParams({ tab: 'tables', table: id });
  const columns: readonly Column<Table>[] = [
    { id: 'title', title: t('classification.table.title'), render: titleOf },
    {
      id: 'rows',
      title: t('classification.table.rows'),
      width: 76,
      align: 'right',
      render: (row) => formatCount(row.rows),
    },
    { id: 'asOf', title: t('classification.table.asOf'), width: 84, render: (row) => row.asOf },
    {
      id: 'age',
      title: t('classification.table.age'),
      width: 100,
      render: (row) => {
        const age = monthsOld(row.asOf);
        return age === undefined ? '–' : t('classification.table.months', { count: age });
      },
    },
    {
      id: 'own',
      title: t('classification.table.edition'),
      width: 116,
      render: (row) =>
        row.shipped === undefined ? (
          <ToneTag tone="draft" label={t('classification.table.shipped')} />
        ) : (
          <ToneTag tone="ready" label={t('classification.table.own')} />
        ),
    },
  ];
  useKeys([{ key: 'Enter', label: t('classification.open'), isMain: true }]);
  return (
    <Page
      title={t('classification.title')}
      summary={
        list.data === undefined
          ? undefined
          : t('classification.table.summary', { n: formatCount(list.data.rows.length), version: list.data.version })
      }
      filters={
        <>
          {tabs}
          <SearchInput
            value={text}
            onChange={setText}
            placeholder={t('classification.table.search')}
            keyLabel={t('classification.searchKey')}
          />
        </>
      }
    >
      <Split
        ratio="even"
        list={
          <DataTable<Table>
            label={t('classification.tab.tables')}
            autoFocus
            pages={plainPages(rows, list.error, list.reload)}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={active?.id}
            onActivate={({ id }) => show(id)}
            onOpen={({ id }) => {
              show(id);
              focusDetail();
            }}
            empty={<EmptyState title={t('classification.table.none')} />}
          />
        }
        detail={
          active === undefined ? (
            <DetailPlaceholder text={t('classification.table.choose')} />
          ) : (
            <TablePane key={active.id} table={active} title={titleOf(active)} />
          )
        }
      />
    </Page>
  );
}

function TablePane({ table, title }: { readonly table: Table; readonly title: string }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [file, setFile] = useState<GrantedFile>();
  const rows = useQuery('codeTables.rows', { table: table.id, text, limit: 100 }, { areas: ['documents'] });
  const editions = useQuery('codeTables.editions', { table: table.id }, { areas: ['documents'] });
  const write = useCommand('codeTables.writeTemplate');
  const restore = useCommand('codeTables.restore');
  const close = (): void => {
    focusList();
    replaceParams({ tab: 'tables' });
  };
  const toImport = async (): Promise<void> => {
    const chosen = await chooseOpen(t('classification.table.import'), workbooks);
    if (chosen !== null) setFile(chosen);
  };
  const toWrite = async (): Promise<void> => {
    const to = await chooseSave(t('classification.table.write'), `${table.titleZh}.xlsx`, workbooks);
    if (to === null) return;
    const done = await write.run({ table: table.id, to: to.token });
    if (done !== undefined) notify(t('classification.table.written', { n: formatCount(done.rows) }));
  };
  useKeys([
    {
      key: 'Ctrl+Enter',
      label: t('classification.table.import'),
      run: () => void toImport(),
      isEnabled: file === undefined,
      isMain: true,
    },
    { key: 'Esc', label: t('common.close'), run: () => (file === undefined ? close() : setFile(undefined)) },
  ]);
  return (
    <DetailPane
      title={title}
      extra={
        <Button size="small" type="text" onClick={close}>
          {t('common.close')}
        </Button>
      }
      foot={
        <>
          <Button loading={write.isRunning} onClick={() => void toWrite()}>
            {t('classification.table.write')}
          </Button>
          <span className="spacer" />
          <KeyButton
            label={t('classification.table.import')}
            keys="Ctrl+Enter"
            isDisabled={file !== undefined}
            onPress={() => void toImport()}
          />
        </>
      }
    >
      <ErrorNote error={write.error ?? restore.error} onClose={write.error ? write.clear : restore.clear} />
      <div className="decision-facts">
        <Facts
          columns={1}
          rows={[
            [t('classification.table.source'), table.source],
            [
              t('classification.table.asOf'),
              `${table.asOf} · ${t('classification.table.count', { n: formatCount(table.rows) })}`,
            ],
            ...(table.shipped === undefined
              ? []
              : [[t('classification.table.shipped'), `${table.shipped.source} · ${table.shipped.asOf}`] as const]),
          ]}
        />
      </div>
      {file === undefined ? null : (
        <TableImport
          key={file.token}
          table={table}
          file={file}
          onDone={() => {
            setFile(undefined);
            editions.reload();
          }}
          onCancel={() => setFile(undefined)}
        />
      )}
      {(editions.data?.rows.length ?? 0) === 0 ? null : (
        <DetailSection title={t('classification.table.editions')}>
          <ul className="decision-list">
            {editions.data?.rows.map((edition) => (
              <li key={edition.id}>
                <span>
                  {edition.asOf} · {edition.source}
                </span>
                <span className="muted" title={edition.fileName}>
                  {formatInstant(edition.importedAt)}
                </span>
                {edition.inForce ? (
                  <ToneTag tone="accepted" label={t('classification.table.inForce')} />
                ) : (
                  <Restore table={table.id} editionId={edition.id} run={restore.run} />
                )}
              </li>
            ))}
            <li>
              <span>{t('classification.table.shipped')}</span>
              <span className="muted">{(table.shipped ?? table).asOf}</span>
              {table.shipped === undefined ? (
                <ToneTag tone="accepted" label={t('classification.table.inForce')} />
              ) : (
                <Restore table={table.id} editionId={null} run={restore.run} />
              )}
            </li>
          </ul>
        </DetailSection>
      )}
      <DetailSection title={t('classification.table.codes')}>
        <div className="code-rows-box">
          <Input
            allowClear
            value={text}
            placeholder={t('classification.table.lookup')}
            onChange={(event) => setText(event.target.value)}
          />
          <ErrorNote error={rows.error} onRetry={rows.reload} />
          <table className="code-rows">
            <tbody>
              {rows.data?.rows.map((row) => (
                <tr key={row.code}>
                  <td>
                    <Code>{row.code}</Code>
                  </td>
                  <td>{row.name}</td>
                  <td className="muted">{row.nameEn === row.name ? '' : row.nameEn}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {rows.data !== undefined && rows.data.rows.length < rows.data.total ? (
            <p className="muted">
              {t('classification.table.first', {
                n: formatCount(rows.data.rows.length),
                total: formatCount(rows.data.total),
              })}
            </p>
          ) : null}
        </div>
      </DetailSection>
    </DetailPane>
  );
}

function Restore({
  table,
  editionId,
  run,
}: {
  readonly table: string;
  readonly editionId: number | null;
  readonly run: (input: { table: string; editionId: number | null; reason: string }) => Promise<unknown>;
}) {
  const { t } = useTranslation();
  return (
    <ConfirmInline
      isSmall
      isDanger={false}
      label={t('classification.table.restore')}
      question={t('classification.table.restoreQuestion')}
      confirmLabel={t('classification.table.restore')}
      onConfirm={async () => {
        const done = await run({ table, editionId, reason: t('classification.table.restoreReason') });
        if (done !== undefined) notify(t('classification.table.restored'));
      }}
    />
  );
}

/** What a workbook would change, before it does; nothing is stored until the last button. */
function TableImport({
  table,
  file,
  onDone,
  onCancel,
}: {
  readonly table: Table;
  readonly file: GrantedFile;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}) {
  const { t } = useTranslation();
  const [mode, setMode] = useState<'replace' | 'add'>('add');
  const [mapping, setMapping] = useState<Readonly<Record<string, number>>>();
  const [asOf, setAsOf] = useState(localDate().slice(0, 7));
  const [source, setSource] = useState('');
  const choice = { table: table.id, file: file.token, mode, ...(mapping === undefined ? {} : { mapping }) };
  const dry = useQuery('codeTables.inspect', choice);
  const take = useCommand('codeTables.import');
  const { data } = dry;
  const isDated = /^\d{4}(-\d{2}(-\d{2})?)?$/.test(asOf);
  const canTake = data !== undefined && source.trim() !== '' && isDated && !take.isRunning;
  const submit = async (): Promise<void> => {
    if (!canTake) return;
    const done = await take.run({ ...choice, asOf, source });
    if (done === undefined) return;
    notify(t('classification.table.imported', { version: done.version }));
    onDone();
  };
  return (
    <DetailSection title={t('classification.table.dryRun', { name: file.name })}>
      <div className="code-rows-box">
        <ErrorNote error={dry.error ?? take.error} onClose={take.clear} />
        <div className="purchase-form is-inline">
          <Field id="table-mode" label={t('classification.table.mode')}>
            <Select
              id="table-mode"
              value={mode}
              onChange={setMode}
              options={(['add', 'replace'] as const).map((value) => ({
                value,
                label: t(`classification.table.modes.${value}`),
              }))}
            />
          </Field>
          <Field
            id="table-asOf"
            label={t('classification.table.asOf')}
            error={isDated ? undefined : t('classification.table.asOfHint')}
          >
            <Input id="table-asOf" value={asOf} onChange={(event) => setAsOf(event.target.value.trim())} />
          </Field>
          <Field id="table-source" label={t('classification.table.source')} isRequired isWide>
            <Input
              id="table-source"
              autoFocus
              maxLength={300}
              placeholder={t('classification.table.sourceHint')}
              value={source}
              onChange={(event) => setSource(event.target.value)}
              onPressEnter={() => void submit()}
            />
          </Field>
          {data?.columns.map(({ id, header }) => (
            <Field key={id} id={`table-column-${id}`} label={header}>
              <Select
                id={`table-column-${id}`}
                value={data.mapping[id] ?? -1}
                options={[
                  { value: -1, label: t('classification.table.noColumn') },
                  ...data.headers.map((label, value) => ({ value, label: label === '' ? `${value + 1}` : label })),
                ]}
                onChange={(at) => {
                  const { [id]: _before, ...others } = { ...data.mapping };
                  setMapping(at < 0 ? others : { ...others, [id]: at });
                }}
              />
            </Field>
          ))}
        </div>
        {data === undefined ? null : (
          <>
            <p>
              {t('classification.table.counts', {
                rows: formatCount(data.rows),
                added: formatCount(data.added),
                renamed: formatCount(data.renamed),
                gone: formatCount(data.gone),
                elements: formatCount(data.elementsChanged),
                same: formatCount(data.same),
              })}
            </p>
            {data.failed === 0 ? null : (
              <p className="field-error">
                {t('classification.table.failed', { n: formatCount(data.failed) })}{' '}
                {data.failures
                  .slice(0, 5)
                  .map(({ row, code, value }) => t(`classification.table.failure.${code}`, { row, value }))
                  .join('；')}
              </p>
            )}
            <CodeChangeList changes={data.changes} />
          </>
        )}
        <div className="table-import-foot">
          <Button onClick={onCancel}>{t('common.cancel')}</Button>
          <Button type="primary" disabled={!canTake} loading={take.isRunning} onClick={() => void submit()}>
            {t('classification.table.take')}
          </Button>
        </div>
      </div>
    </DetailSection>
  );
}
