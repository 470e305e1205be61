/** 归类决定: who decided which code for what, why, with which evidence; doubts stand beside them. */
import { Button } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DecisionView } from '../../../shared/contract/classification.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { FilePicker } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts, Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatBytes, formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { DecisionForm } from './DecisionForm.tsx';
import { DoubtList } from './DoubtList.tsx';

const states = ['current', 'doubtful', 'all', 'withdrawn'] as const;
type State = (typeof states)[number];

export function DecisionsTab({ tabs, params }: { readonly tabs: ReactNode; readonly params: RouteParams }) {
  const { t } = useTranslation();
  const sku = textParam(params, 'sku');
  const [text, setText] = useState(sku ?? '');
  const [state, setState] = useState<State>(sku === undefined ? 'current' : 'all');
  const pages = usePages('classification.list', { text, state }, { areas: ['products'] });
  const [chosen, setChosen] = useState<number | 'new'>();
  const [start, setStart] = useState<DecisionView>();
  const active = chosen === 'new' ? undefined : pages.rows.find(({ id }) => id === chosen);
  const add = (from?: DecisionView): void => {
    setStart(from);
    setChosen('new');
    focusDetail(sku === undefined && from === undefined ? '#decision-sku' : '#decision-hsCode');
  };
  const close = (): void => {
    focusList();
    setChosen(undefined);
  };
  useKeys([
    { key: 'Ctrl+N', label: t('classification.add'), run: () => add(), isMain: true },
    { key: 'Enter', label: t('classification.open'), isMain: true },
  ]);
  const columns: readonly Column<DecisionView>[] = [
    { id: 'on', title: t('classification.on'), width: 92, render: (row) => row.decidedOn },
    { id: 'code', title: t('classification.column.code'), width: 100, render: (row) => <Code>{row.hsCode}</Code> },
    { id: 'sku', title: t('classification.sku'), width: 110, render: (row) => <Code>{row.sku || '–'}</Code> },
    { id: 'name', title: t('classification.column.name'), render: (row) => row.name },
    { id: 'by', title: t('classification.by'), width: 96, render: (row) => row.decidedBy },
    { id: 'state', title: t('classification.state'), width: 104, render: (row) => <DecisionTag decision={row} /> },
  ];
  return (
    <Page
      title={t('classification.title')}
      summary={t('classification.summary', { count: pages.total, shown: formatCount(pages.total) })}
      filters={
        <>
          {tabs}
          <Chips<State>
            label={t('classification.state')}
            value={state}
            onChange={setState}
            chips={states.map((one) => ({ value: one, label: t(`classification.states.${one}`) }))}
          />
          <SearchInput
            value={text}
            onChange={(next) => {
              setText(next);
              if (sku !== undefined) replaceParams({});
            }}
            placeholder={t('classification.search')}
            keyLabel={t('classification.searchKey')}
          />
        </>
      }
      actions={<KeyButton kind="primary" label={t('classification.add')} keys="Ctrl+N" onPress={() => add()} />}
    >
      <Split
        ratio="even"
        list={
          <DataTable<DecisionView>
            label={t('classification.tab.decisions')}
            autoFocus
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={active?.id}
            rowTone={(row) => (row.isCurrent ? undefined : 'muted')}
            onActivate={({ id }) => setChosen(id)}
            onOpen={({ id }) => {
              setChosen(id);
              focusDetail();
            }}
            empty={
              <EmptyState
                title={t('classification.empty')}
                hint={t('classification.emptyHint')}
                actions={<KeyButton label={t('classification.add')} keys="Ctrl+N" onPress={() => add()} />}
              />
            }
          />
        }
        detail={
          chosen === 'new' ? (
            <DecisionForm
              key={start?.id ?? 'new'}
              start={start}
              sku={start?.sku ?? sku ?? ''}
              onSaved={(id) => {
                setChosen(id);
                pages.reload();
              }}
              onClose={close}
            />
          ) : active === undefined ? (
            <DetailPlaceholder text={t('classification.choose')} />
          ) : (
            <Decision key={active.id} id={active.id} onDecide={add} onShow={setChosen} onClose={close} />
          )
        }
      />
    </Page>
  );
}

function DecisionTag({ decision }: { readonly decision: DecisionView }) {
  const { t } = useTranslation();
  if (decision.withdrawnAt !== undefined) return <ToneTag tone="draft" label={t('classification.is.withdrawn')} />;
  if (!decision.isCurrent) return <ToneTag tone="draft" label={t('classification.is.earlier')} />;
  return decision.doubts.length > 0 ? (
    <ToneTag tone="action" label={t('classification.is.doubtful')} />
  ) : (
    <ToneTag tone="accepted" label={t('classification.is.current')} />
  );
}

function Decision({
  id,
  onDecide,
  onShow,
  onClose,
}: {
  readonly id: number;
  readonly onDecide: (from: DecisionView) => void;
  readonly onShow: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const query = useQuery('classification.get', { id }, { areas: ['products'] });
  const attach = useCommand('classification.attach');
  const withdraw = useCommand('classification.withdraw');
  const { data } = query;
  useKeys([
    {
      key: 'Ctrl+Enter',
      label: t('classification.again'),
      run: () => data !== undefined && onDecide(data.decision),
      isEnabled: data !== undefined,
      isMain: true,
    },
    { key: 'Esc', label: t('common.close'), run: onClose },
  ]);
  useEffect(() => attach.clear, [attach.clear]);
  if (data === undefined) return <ErrorNote error={query.error} onRetry={query.reload} />;
  const { decision, history, sameCode, papers } = data;
  return (
    <DetailPane
      title={decision.hsCode}
      isCode
      tags={<DecisionTag decision={decision} />}
      extra={
        <Button size="small" type="text" onClick={onClose}>
          {t('common.close')}
        </Button>
      }
      foot={
        <>
          {decision.withdrawnAt === undefined ? (
            <ConfirmInline
              label={t('classification.withdraw')}
              question={t('classification.withdrawQuestion')}
              confirmLabel={t('classification.withdraw')}
              onConfirm={async () => {
                const reason = t('classification.withdrawReason', { by: decision.decidedBy });
                if ((await withdraw.run({ id, reason })) !== undefined) notify(t('classification.withdrawn'));
              }}
            />
          ) : null}
          <span className="spacer" />
          <KeyButton label={t('classification.again')} keys="Ctrl+Enter" onPress={() => onDecide(decision)} />
        </>
      }
    >
      <ErrorNote error={attach.error ?? withdraw.error} onClose={attach.error ? attach.clear : withdraw.clear} />
      <div className="decision-facts">
        <Facts
          columns={1}
          rows={[
            [t('classification.codeName'), decision.codeName],
            [
              t('classification.sku'),
              decision.sku === '' ? (
                '–'
              ) : (
                <Button
                  key="sku"
                  size="small"
                  type="link"
                  className="code"
                  onClick={() => navigate('product', { id: decision.sku })}
                >
                  {decision.sku}
                </Button>
              ),
            ],
            [t('classification.name'), decision.name],
            [t('classification.column.description'), decision.description || '–'],
            [t('classification.by'), `${decision.decidedBy} · ${decision.decidedOn}`],
            [t('classification.basis'), t(`classification.bases.${decision.basis}`)],
            [t('classification.previous'), <Code key="previous">{decision.previousCode || '–'}</Code>],
            [t('classification.tablesVersion'), <Code key="version">{decision.tablesVersion}</Code>],
          ]}
        />
        {decision.withdrawnAt === undefined ? null : (
          <p className="field-error">
            {t('classification.withdrawnBecause', {
              at: formatInstant(decision.withdrawnAt),
              reason: decision.withdrawnReason,
            })}
          </p>
        )}
        <h4>{t('classification.reason')}</h4>
        <p className="decision-text">{decision.reason}</p>
        {decision.evidence === '' ? null : (
          <>
            <h4>{t('classification.evidence')}</h4>
            <p className="decision-text">{decision.evidence}</p>
          </>
        )}
        <DoubtList doubts={decision.doubts} />
      </div>
      <DetailSection
        title={t('classification.papers')}
        extra={
          <FilePicker
            purpose={t('classification.attach')}
            label={t('classification.attach')}
            onFile={(file) => {
              void attach.run({ id, file: file.token }).then((done) => {
                if (done !== undefined) notify(t('classification.attached', { name: file.name }));
              });
            }}
          />
        }
      >
        {papers.length === 0 ? (
          <p className="muted">{t('classification.noPapers')}</p>
        ) : (
          <ul className="decision-list">
            {papers.map((paper) => (
              <li key={paper.id} className={paper.removed ? 'muted' : undefined}>
                <span>{paper.fileName}</span>
                <span className="muted">
                  {formatBytes(paper.size)} · {formatInstant(paper.addedAt)}
                </span>
              </li>
            ))}
          </ul>
        )}
      </DetailSection>
      {history.length === 0 ? null : (
        <DetailSection title={t('classification.history')}>
          <ul className="decision-list">
            {history.map((one) => (
              <li key={one.id}>
                <Button size="small" type="link" className="code" onClick={() => onShow(one.id)}>
                  {one.hsCode}
                </Button>
                <span title={one.reason}>{one.reason}</span>
                <span className="muted">
                  {one.decidedBy} · {one.decidedOn}
                </span>
              </li>
            ))}
          </ul>
        </DetailSection>
      )}
      <DetailSection title={t('classification.sameCode', { n: formatCount(sameCode.length) })}>
        {sameCode.length === 0 ? (
          <p className="muted">{t('classification.sameCodeNone')}</p>
        ) : (
          <ul className="decision-list">
            {sameCode.map((one) => (
              <li key={`${one.sku} ${one.name}`}>
                <span className="code">{one.sku || '–'}</span>
                <span title={one.name}>{one.name}</span>
                <span className="muted">{t('classification.alike', { percent: one.score })}</span>
              </li>
            ))}
          </ul>
        )}
      </DetailSection>
    </DetailPane>
  );
}
