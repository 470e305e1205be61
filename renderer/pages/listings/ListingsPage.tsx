/** 产品资源库: what the firm shows of its products on the provincial platform; each from a product of the book or a template. */
import { Button, Input } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { numberParam, replaceParams } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { ListingEditor } from './ListingEditor.tsx';
import { ListingState } from './ListingState.tsx';
import './listings.css';

type Row = OutputOf<'listings.list'>['rows'][number];

export function ListingsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const list = useQuery('listings.list', {}, { areas: ['documents', 'products', 'sync'] });
  const [isNew, setNew] = useState(false);
  const [made, setMade] = useState<number>();
  const rows = list.data?.rows;
  const chosen = rows?.find(({ id }) => id === numberParam(params, 'id')) ?? rows?.[0];
  const start = (): void => {
    setNew(true);
    focusDetail('#listing-search');
  };
  useKeys([
    { key: 'Ctrl+N', label: t('listings.new'), run: start, isMain: true },
    { key: 'Enter', label: t('listings.open'), isMain: true },
    {
      key: 'Esc',
      label: t('listings.back'),
      run: () => {
        if (isNew) setNew(false);
        else focusList();
      },
    },
  ]);
  const columns: readonly Column<Row>[] = [
    { id: 'number', title: t('listings.column.number'), width: 112, render: (row) => <Code>{row.number}</Code> },
    { id: 'name', title: t('listings.column.name'), render: (row) => row.nameZh },
    { id: 'origin', title: t('listings.column.origin'), width: 90, render: (row) => row.originName },
    { id: 'score', title: t('listings.column.score'), width: 76, align: 'right', render: (row) => `${row.score}%` },
    { id: 'state', title: t('listings.column.state'), width: 126, render: (row) => <ListingState row={row} /> },
  ];
  return (
    <Page
      title={t('listings.title')}
      summary={rows === undefined ? undefined : t('listings.summary', { n: rows.length })}
      actions={<KeyButton kind="primary" label={t('listings.new')} keys="Ctrl+N" onPress={start} />}
    >
      <Split
        ratio="even"
        list={
          <DataTable
            label={t('listings.title')}
            autoFocus
            pages={plainPages(rows, list.error, list.reload)}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={chosen?.id}
            rowTone={(row) => (row.state === 'withdrawn' ? 'muted' : undefined)}
            onActivate={({ id }) => {
              setNew(false);
              replaceParams({ id });
            }}
            onOpen={() => focusDetail('#listing-nameZh')}
            empty={
              <EmptyState
                title={t('listings.empty')}
                hint={t('listings.emptyHint')}
                actions={<KeyButton label={t('listings.new')} keys="Ctrl+N" onPress={start} />}
              />
            }
          />
        }
        detail={
          isNew ? (
            <NewListing
              onMade={(id) => {
                setNew(false);
                list.reload();
                setMade(id);
                replaceParams({ id });
              }}
            />
          ) : chosen === undefined ? (
            <DetailPlaceholder text={t('listings.choose')} />
          ) : (
            <ListingEditor key={chosen.id} id={chosen.id} isFresh={chosen.id === made} />
          )
        }
      />
    </Page>
  );
}

/** From a product of the book, a template, or a name alone: one field finds all three. */
function NewListing({ onMade }: { readonly onMade: (id: number) => void }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const open = useCommand('listings.open');
  const templates = useQuery('listings.templates', {});
  const [text, setText] = useState('');
  const products = useQuery('products.list', { text: text.trim(), limit: 8 }, { areas: ['products'] });
  const wanted = text.trim().toLowerCase();
  const shown = useMemo(
    () =>
      (templates.data?.rows ?? []).filter(
        ({ title, place }) =>
          wanted === '' || [title.zh, title.en, place.zh, place.en].some((one) => one.toLowerCase().includes(wanted)),
      ),
    [templates.data, wanted],
  );
  const make = async (from: { sku?: string; template?: string; nameZh?: string }): Promise<void> => {
    const made = await open.run(from);
    if (made !== undefined) onMade(made.id);
  };
  return (
    <DetailPane title={t('listings.newTitle')}>
      <div className="panel-pad">
        <Field id="listing-search" label={t('listings.search')} hint={t('listings.searchHint')}>
          <Input id="listing-search" value={text} onChange={(event) => setText(event.target.value)} />
        </Field>
      </div>
      <ErrorNote error={open.error ?? templates.error ?? products.error} isInline />
      <DetailSection title={t('listings.fromTemplate')}>
        <p className="listing-choices panel-pad">
          {shown.map(({ id, title, place }) => (
            <Button key={id} size="small" loading={open.isRunning} onClick={() => void make({ template: id })}>
              {words(title)} <span className="muted">{words(place)}</span>
            </Button>
          ))}
          {templates.data !== undefined && shown.length === 0 ? (
            <span className="muted">{t('listings.noTemplate')}</span>
          ) : null}
        </p>
        {templates.data === undefined ? null : (
          <p className="muted panel-pad">
            {t('listings.templateSource', { source: templates.data.source, from: templates.data.inForceFrom })}
          </p>
        )}
      </DetailSection>
      <DetailSection title={t('listings.fromProduct')}>
        <p className="listing-choices panel-pad">
          {(products.data?.rows ?? []).map(({ sku, nameCn, nameSource }) => (
            <Button key={sku} size="small" loading={open.isRunning} onClick={() => void make({ sku })}>
              <Code>{sku}</Code> {nameCn === '' ? nameSource : nameCn}
            </Button>
          ))}
          {products.data?.rows.length === 0 ? <span className="muted">{t('listings.noProduct')}</span> : null}
        </p>
      </DetailSection>
      {text.trim() === '' ? null : (
        <p className="panel-pad">
          <Button id="listing-fresh" loading={open.isRunning} onClick={() => void make({ nameZh: text.trim() })}>
            {t('listings.fresh', { name: text.trim() })}
          </Button>
        </p>
      )}
    </DetailPane>
  );
}
