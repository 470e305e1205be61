/** 批量转关: office, vehicle, seal and transit document of many lists or declarations, filled once, previewed, put into all drafts at once. */
import { Button, Input } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import {
  type TransitField,
  type TransitKind,
  type TransitValues,
  transitFields,
  transitKinds,
} from '../../../shared/drafting/transit.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPane, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState, NoMatch } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { StateTag, ToneTag } from '../../components/StateTag.tsx';
import { useTicks } from '../../components/ticks.ts';
import { type RowOf, useJob, usePages, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { kindName } from '../declarations/field-text.ts';
import './transit.css';

type Row = RowOf<'documents.list'>;
type Preview = OutputOf<'transit.preview'>;

/** Code tables of the fields that have one. */
const tables: Readonly<Partial<Record<TransitField, string>>> = {
  office: 'customs_district',
  exitOffice: 'customs_district',
  trafMode: 'transport_mode',
  transitKind: 'transit_flag',
};
const listFields: readonly TransitField[] = ['office', 'exitOffice', 'trafMode', 'vehicle', 'voyage', 'bill'];
/** Nothing is filled yet. */
const blank = Object.fromEntries(transitFields.map((field) => [field, ''])) as Record<TransitField, string>;
const outcomeTone = { ready: 'accepted', same: 'draft', frozen: 'action', other: 'draft' } as const;

export function TransitPage({ params }: PageProps) {
  const { t, i18n } = useTranslation();
  const kind = transitKinds.find((one) => one === textParam(params, 'kind')) ?? 'CEB603Message';
  const text = textParam(params, 'text') ?? '';
  const shipmentId = numberParam(params, 'shipment');
  const pages = usePages(
    'documents.list',
    { kind, ...(text === '' ? {} : { text }), ...(shipmentId === undefined ? {} : { shipmentId }) },
    { areas: ['documents', 'sync'] },
  );
  const [selected, setSelected] = useTicks(pages, (row) => row.id);
  // A vehicle belongs to its shipment: what was typed for one is not offered to another.
  const form = useFormDraft(shipmentId === undefined ? 'transit' : `transit ${shipmentId}`, blank);
  const { value: values } = form;
  const [asked, setAsked] = useState<{ readonly ids: number[]; readonly values: TransitValues }>();
  // A preview of what is not ticked any more is none.
  const plan = asked?.ids.every((id) => selected.includes(id)) === true ? asked : undefined;
  const preview = useQuery('transit.preview', plan ?? null, { areas: ['documents', 'sync'] });
  const apply = useJob('transit.apply');
  const filled = transitFields.some((field) => values[field].trim() !== '');
  const canPreview = selected.length > 0 && filled;
  const canApply = plan !== undefined && (preview.data?.ready ?? 0) > 0 && apply.status !== 'running';
  const shown = kind === 'CEB603Message' ? listFields : transitFields;
  const put = (field: TransitField, value: string): void => {
    form.change({ [field]: value });
    setAsked(undefined);
  };
  const look = (): void => {
    if (!canPreview) return;
    // What another kind of document asks for is not sent along unseen.
    const wanted = Object.fromEntries(shown.flatMap((field) => (values[field] ? [[field, values[field]]] : [])));
    setAsked({ ids: [...selected], values: wanted });
  };
  const run = async (): Promise<void> => {
    if (plan === undefined) return;
    const done = await apply.start(plan);
    if (done === undefined) return;
    form.done();
    notify(t('transit.applied', { n: formatCount(done.ready), frozen: formatCount(done.frozen) }));
    setAsked(undefined);
    setSelected([]);
    focusList();
  };
  useKeys([
    { key: 'F7', label: t('transit.preview'), run: look, isEnabled: canPreview, isMain: true },
    { key: 'F8', label: t('transit.apply'), run: () => void run(), isEnabled: canApply, isMain: true },
    { key: 'Enter', label: t('transit.fill'), isMain: true },
    {
      key: 'Esc',
      label: t('transit.back'),
      run: () => {
        if (!focusList()) navigate('declarations', { kind });
      },
    },
  ]);
  const columns = useMemo(
    (): readonly Column<Row>[] => [
      {
        id: 'state',
        title: t('transit.state'),
        width: 110,
        render: (row) => <StateTag kind="document" state={row.state} />,
      },
      { id: 'number', title: t('transit.number'), render: (row) => <Code>{row.businessKey}</Code> },
      { id: 'order', title: t('transit.order'), width: 176, render: (row) => <Code>{row.orderNo}</Code> },
    ],
    [t],
  );
  return (
    <Page
      title={t('transit.title')}
      summary={
        pages.first === undefined
          ? undefined
          : t('transit.summary', { chosen: formatCount(selected.length), n: formatCount(pages.total) })
      }
      actions={
        <>
          <KeyButton label={t('transit.preview')} keys="F7" isDisabled={!canPreview} onPress={look} />
          <KeyButton
            kind="primary"
            label={t('transit.apply')}
            keys="F8"
            isDisabled={!canApply}
            isBusy={apply.status === 'running'}
            onPress={() => void run()}
          />
        </>
      }
      filters={
        <>
          <Chips<TransitKind>
            label={t('transit.kind')}
            value={kind}
            onChange={(next) => {
              setSelected([]);
              setAsked(undefined);
              replaceParams({ ...params, kind: next });
            }}
            chips={transitKinds.map((value) => ({ value, label: kindName(value, i18n.language) }))}
          />
          <SearchInput
            value={text}
            onChange={(value) => replaceParams({ ...params, kind, text: value })}
            placeholder={t('transit.search')}
            keyLabel={t('transit.search')}
          />
        </>
      }
      notice={
        apply.status === 'running' ? (
          <ProgressBar title={t('transit.applying')} progress={apply.progress} onCancel={apply.cancel} />
        ) : (
          <ErrorNote error={apply.error ?? preview.error} onClose={apply.clear} />
        )
      }
    >
      <Split
        list={
          <DataTable<Row>
            label={t('transit.title')}
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            autoFocus
            selectedKeys={selected}
            onSelect={(keys) => {
              setSelected(keys);
              setAsked(undefined);
            }}
            onOpen={() => focusDetail('#transit-office')}
            empty={
              text === '' ? (
                <EmptyState
                  title={t('transit.empty')}
                  hint={t('transit.emptyHint')}
                  actions={<Button onClick={() => navigate('shipments')}>{t('area.shipments')}</Button>}
                />
              ) : (
                <NoMatch onClear={() => replaceParams({ ...params, kind, text: '' })} />
              )
            }
          />
        }
        detail={
          <DetailPane title={t('transit.values')} foot={<span className="muted">{t('transit.note')}</span>}>
            <div className="panel-pad card-form">
              <RestoredNote draft={form} />
              {shown.map((field) => {
                const table = tables[field];
                const value = values[field];
                return (
                  <Field key={field} id={`transit-${field}`} label={t(`transit.field.${field}`)}>
                    {table === undefined ? (
                      <Input
                        id={`transit-${field}`}
                        maxLength={255}
                        value={value}
                        onChange={(event) => put(field, event.target.value)}
                      />
                    ) : (
                      <LookupBox
                        id={`transit-${field}`}
                        table={table}
                        value={value}
                        onChange={(code) => put(field, code)}
                      />
                    )}
                  </Field>
                );
              })}
            </div>
            {plan === undefined || preview.data === undefined ? null : <Shown preview={preview.data} />}
          </DetailPane>
        }
      />
    </Page>
  );
}

/** Every document with what would become of it; those that would change first. */
function Shown({ preview }: { readonly preview: Preview }) {
  const { t } = useTranslation();
  const { rows, ready, frozen, other, same } = preview;
  const total = ready + frozen + other + same;
  return (
    <DetailSection
      title={t('transit.shown', {
        ready: formatCount(preview.ready),
        frozen: formatCount(preview.frozen),
        same: formatCount(preview.same),
      })}
    >
      {rows.length < total ? (
        <p className="panel-pad muted">
          {t('transit.firstRows', { n: formatCount(rows.length), total: formatCount(total) })}
        </p>
      ) : null}
      <ul className="transit-rows" role="status">
        {rows.map((row) => (
          <li key={row.id}>
            <ToneTag tone={outcomeTone[row.outcome]} label={t(`transit.outcome.${row.outcome}`)} />{' '}
            <Code>{row.businessKey}</Code>
            {row.outcome === 'frozen' ? <StateTag kind="document" state={row.state} /> : null}
            <ul>
              {row.changes.map((change) => (
                <li key={change.path}>
                  {t(`transit.field.${change.field}`)} <s>{change.from === '' ? t('transit.blank') : change.from}</s> →{' '}
                  <strong>{change.to}</strong>
                </li>
              ))}
              {row.without.length === 0 ? null : (
                <li className="muted">
                  {t('transit.without', {
                    fields: row.without.map((field) => t(`transit.field.${field}`)).join(t('money.comma')),
                  })}
                </li>
              )}
            </ul>
          </li>
        ))}
      </ul>
    </DetailSection>
  );
}
