/** 未认领回执: receipts that could not be applied: why, what they say, tried again or attached to the document they name. */
import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { specOf } from '../../../shared/documents/catalogue.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts, Page, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { kindName } from '../declarations/field-text.ts';
import './receipts.css';

type Parked = OutputOf<'receipts.parked'>['rows'][number];

export function ParkedReceiptsPage({ params }: PageProps) {
  const { t, i18n } = useTranslation();
  const pages = usePages('receipts.parked', {}, { areas: ['documents', 'sync'] });
  const retry = useCommand('receipts.retry');
  const id = numberParam(params, 'id');
  const chosen = pages.rows.find((row) => row.id === id) ?? pages.rows[0];
  const total = pages.first?.total ?? 0;
  const nameOf = (kind: string): string => {
    const spec = specOf(kind);
    return spec === undefined ? t('receipts.unreadable') : kindName(spec.message, i18n.language);
  };
  const again = async (one?: number): Promise<void> => {
    const done = await retry.run(one === undefined ? {} : { id: one });
    if (done === undefined) return;
    notify(t('receipts.tried', { applied: formatCount(done.applied), parked: formatCount(done.parked) }));
    pages.reload();
  };
  useKeys([
    { key: 'F8', label: t('receipts.retryAll'), run: () => void again(), isEnabled: total > 0, isMain: true },
    { key: 'Enter', label: t('receipts.open'), isMain: true },
    { key: 'Esc', label: t('life.key.back'), run: () => focusList() || navigate('outbox'), isMain: true },
  ]);
  const columns: readonly Column<Parked>[] = [
    { id: 'receivedAt', title: t('receipts.receivedAt'), width: 132, render: (row) => formatInstant(row.receivedAt) },
    { id: 'kind', title: t('receipts.kind'), width: 140, render: (row) => nameOf(row.kind) },
    { id: 'number', title: t('receipts.number'), render: (row) => <Code>{row.items[0]?.number ?? ''}</Code> },
    {
      id: 'problem',
      title: t('receipts.problem'),
      width: 210,
      render: (row) => <ToneTag tone="action" label={t(`receipts.problemOf.${row.problem}`)} />,
    },
  ];
  return (
    <Page
      title={t('receipts.title')}
      summary={t('receipts.summary', { count: total, shown: formatCount(total) })}
      actions={
        <KeyButton
          kind="primary"
          label={t('receipts.retryAll')}
          keys="F8"
          isBusy={retry.isRunning}
          isDisabled={total === 0}
          onPress={() => void again()}
        />
      }
      notice={<ErrorNote error={retry.error} onClose={retry.clear} />}
    >
      <Split
        list={
          <DataTable<Parked>
            label={t('receipts.title')}
            autoFocus
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={chosen?.id}
            onActivate={(row) => replaceParams({ id: row.id })}
            onOpen={() => focusDetail()}
            empty={<EmptyState title={t('receipts.none')} hint={t('receipts.noneHint')} />}
          />
        }
        detail={
          chosen === undefined ? (
            <DetailPlaceholder text={t('receipts.choose')} />
          ) : (
            <ReceiptDetail
              key={chosen.id}
              receipt={chosen}
              title={nameOf(chosen.kind)}
              onAgain={() => void again(chosen.id)}
              onChanged={pages.reload}
            />
          )
        }
      />
    </Page>
  );
}

function ReceiptDetail({
  receipt,
  title,
  onAgain,
  onChanged,
}: {
  readonly receipt: Parked;
  readonly title: string;
  readonly onAgain: () => void;
  readonly onChanged: () => void;
}) {
  const { t, i18n } = useTranslation();
  const { id, candidate, items } = receipt;
  const raw = useQuery('receipts.raw', { id });
  const attach = useCommand('receipts.attach');
  const remark = useCommand('receipts.remark');
  const form = useFormDraft(`receipt note ${id}`, { note: receipt.note ?? '' }, receipt.note ?? '');
  const { note } = form.value;
  const take = async (): Promise<void> => {
    if (candidate === undefined) return;
    const done = await attach.run({ id, documentId: candidate.documentId });
    if (done === undefined) return;
    notify(t('receipts.attached', { number: candidate.businessKey }));
    onChanged();
  };
  const keep = async (): Promise<void> => {
    if ((await remark.run({ id, note })) === undefined) return;
    form.done();
    notify(t('receipts.noteKept'));
    onChanged();
  };
  return (
    <DetailPane
      title={title}
      tags={<ToneTag tone="action" label={t(`receipts.problemOf.${receipt.problem}`)} />}
      extra={
        <Button size="small" onClick={onAgain}>
          {t('receipts.retry')}
        </Button>
      }
    >
      <p className="page-note">{t(`receipts.whatNow.${receipt.problem}`)}</p>
      <Facts
        columns={1}
        rows={[
          [t('receipts.receivedAt'), formatInstant(receipt.receivedAt)],
          [t('receipts.from'), receipt.from === 'file' ? t('receipts.fromFile') : receipt.from],
          [t('receipts.guid'), receipt.messageGuid ?? t('receipts.noGuid')],
          ...items.map(
            ({ number, status, time, info }) =>
              [
                t('receipts.number'),
                [number, status, time.replace('T', ' '), info].filter(Boolean).join(' · '),
              ] as const,
          ),
        ]}
      />
      <DetailSection title={t('receipts.attach')}>
        <ErrorNote error={attach.error} isInline />
        {candidate === undefined ? (
          <p className="panel-pad muted">{t('receipts.noCandidate')}</p>
        ) : (
          <p className="panel-pad">
            <button
              type="button"
              className="link"
              onClick={() => navigate('document', { id: candidate.documentId, kind: candidate.kind })}
            >
              {kindName(candidate.kind, i18n.language)} {candidate.businessKey}
            </button>{' '}
            <ConfirmInline
              isSmall
              label={t('receipts.attachNow')}
              question={t('receipts.attachQuestion', { number: candidate.businessKey })}
              confirmLabel={t('receipts.attachNow')}
              onConfirm={take}
            />
          </p>
        )}
      </DetailSection>
      <DetailSection title={t('receipts.note')}>
        <ErrorNote error={remark.error} isInline />
        <form
          className="panel-pad"
          onSubmit={(event) => {
            event.preventDefault();
            void keep();
          }}
        >
          <RestoredNote draft={form} />
          <Field id="receipt-note" label={t('receipts.note')}>
            <Input
              id="receipt-note"
              value={note}
              maxLength={500}
              onChange={(event) => form.change({ note: event.target.value })}
            />
          </Field>
          <Button htmlType="submit" disabled={note === (receipt.note ?? '')} loading={remark.isRunning}>
            {t('common.save')}
          </Button>
        </form>
      </DetailSection>
      <DetailSection title={t('receipts.text')}>
        <ErrorNote error={raw.error} onRetry={raw.reload} isInline />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls is reached by keyboard */}
        <pre className="receipt-text" tabIndex={0}>
          {raw.data?.text ?? ''}
        </pre>
      </DetailSection>
    </DetailPane>
  );
}
