import { Button, Dropdown } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { ShipmentBody } from '../../../shared/contract/trade.ts';
import { declarationModes } from '../../../shared/drafting/goods-declaration.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Panel, Split } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { StateTag, ToneTag } from '../../components/StateTag.tsx';
import { call, errorOf, useCommand, useJob, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { createAutosaver, type SaveState } from '../../stores/autosaver.ts';
import { FlowIndicator } from '../risk/FlowIndicator.tsx';
import { CandidatesPanel } from './CandidatesPanel.tsx';
import { DeparturePanel } from './DeparturePanel.tsx';
import { ScorePanel } from './ScorePanel.tsx';
import { ShipmentForm } from './ShipmentForm.tsx';
import './shipments.css';
import { copyOfShipment, emptyShipment, missingFields, type Prefilled, prefilled } from './shipment-body.ts';
import { useDeclare } from './use-declare.ts';
import { WayPanel } from './WayPanel.tsx';

type Shipment = OutputOf<'shipments.get'>;
/** What stands beside the form. */
const sides = ['orders', 'score', 'way', 'departure'] as const;
type Side = (typeof sides)[number];
/** Documents made of all lists of the shipment. */
const gatherings = ['waybills', 'arrival', 'departure'] as const;
/** Goods declarations of it, by their supervision mode. */
const declarations = declarationModes.map((mode) => ({ mode, key: `declare-${mode}` }));

/** One shipment, by id, or a new one that comes into being with its first character. */
export function ShipmentPage({ params }: PageProps) {
  const id = numberParam(params, 'id');
  // The route takes the new shipment's id while it is being typed; that must not throw the editor away.
  const born = useRef<number>(undefined);
  const [session, setSession] = useState({ id, turn: 0 });
  if (session.id !== id)
    setSession({ id, turn: id !== undefined && id === born.current ? session.turn : session.turn + 1 });
  return (
    <Loader
      key={session.turn}
      id={id}
      side={sides.find((one) => one === textParam(params, 'side')) ?? 'orders'}
      onBorn={(newId) => {
        born.current = newId;
        replaceParams({ id: newId });
      }}
    />
  );
}

interface LoaderProps {
  readonly id: number | undefined;
  /** What stands beside the form at first. */
  readonly side: Side;
  readonly onBorn: (id: number) => void;
}

function Loader({ id, side, onBorn }: LoaderProps) {
  const [asked] = useState(id);
  const stored = useQuery('shipments.get', asked === undefined ? null : { id: asked });
  // What is the same from shipment to shipment comes from the last one; bill, vessel and date never do.
  const lately = useQuery('shipments.list', asked === undefined ? { limit: 1 } : null);
  const places = useQuery('places.defaults', asked === undefined ? {} : null);
  const source = asked === undefined ? (lately.status === 'ready' ? places : lately) : stored;
  if (source.status === 'failed') return <ErrorNote error={source.error} onRetry={source.reload} />;
  if (source.status === 'loading') return <Skeleton />;
  if (asked !== undefined && stored.data !== undefined)
    return (
      <Editor
        shipment={stored.data}
        body={stored.data.body}
        copiedFrom={undefined}
        filled={[]}
        side={side}
        onBorn={onBorn}
      />
    );
  const last = lately.data?.rows[0];
  const filled = places.data?.fields ?? [];
  return (
    <Editor
      shipment={undefined}
      body={prefilled(last === undefined ? emptyShipment() : copyOfShipment(last.body), filled)}
      copiedFrom={last?.shipmentNo}
      filled={filled}
      side={side}
      onBorn={onBorn}
    />
  );
}

interface EditorProps {
  readonly shipment: Shipment | undefined;
  readonly body: ShipmentBody;
  readonly copiedFrom: string | undefined;
  /** Of a new shipment: fields that its park or county has filled in. */
  readonly filled: Prefilled;
  readonly side: Side;
  readonly onBorn: (id: number) => void;
}

function sameFilter(a: ShipmentBody, b: ShipmentBody): boolean {
  return JSON.stringify(a.filter) === JSON.stringify(b.filter);
}

function Editor({ shipment, body: initial, copiedFrom, filled, side: firstSide, onBorn }: EditorProps) {
  const { t } = useTranslation();
  const [body, setBody] = useState(initial);
  const [stored, setStored] = useState(shipment);
  const [save, setSave] = useState<SaveState>({ kind: 'idle' });
  const id = useRef(shipment?.id);
  const savedBody = useRef(initial);
  const latest = useRef({ onBorn });
  latest.current = { onBorn };
  const [side, setSide] = useState<Side>(firstSide);
  const [candidatesTurn, setCandidatesTurn] = useState(0);
  const draft = useJob('shipments.draft');

  const [saver] = useState(() =>
    createAutosaver<ShipmentBody>({
      save: async (value) => {
        const row = await call('shipments.save', {
          ...(id.current === undefined ? {} : { id: id.current }),
          body: value,
        });
        const isNew = id.current === undefined;
        id.current = row.id;
        setStored(row);
        if (isNew || !sameFilter(savedBody.current, value)) setCandidatesTurn((turn) => turn + 1);
        savedBody.current = value;
        if (isNew) latest.current.onBorn(row.id);
      },
      onState: setSave,
    }),
  );
  useEffect(() => () => saver.dispose(), [saver]);
  const change = (next: ShipmentBody): void => {
    setBody(next);
    saver.change(next);
  };
  /** A field takes over what was typed when it is left; a key leaves no field. */
  const settle = (): void => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  };
  const leave = (): void => {
    settle();
    void saver.flush().then(() => navigate('shipments', id.current === undefined ? {} : { at: id.current }));
  };
  const gathering = useCommand('documents.gather');
  const declaring = useDeclare();
  const missing = missingFields(body);
  const canDraft = id.current !== undefined && missing.length === 0 && draft.status !== 'running';
  const start = async (): Promise<void> => {
    settle();
    await saver.flush();
    if (id.current === undefined) return;
    const answer = await draft.start({ id: id.current });
    setCandidatesTurn((turn) => turn + 1);
    if (answer !== undefined) setStored(await call('shipments.get', { id: id.current }));
    // Everything could be drafted: go on at once; otherwise the user first sees what is left and why.
    if (answer !== undefined && answer.documents > 0 && answer.blockedTotal === 0) seeDocuments();
  };
  const seeDocuments = (): void => {
    if (id.current !== undefined) navigate('declarations', { kind: 'CEB603Message', shipment: id.current });
  };
  /** 总分单, 运抵单 and 离境单 over the lists of the shipment. */
  const gather = async (shipmentId: number, as: (typeof gatherings)[number] | undefined): Promise<void> => {
    if (as === undefined) return;
    await saver.flush();
    const made = await gathering.run({ shipmentId, as });
    if (made !== undefined) navigate('document', { id: made.id, kind: made.kind });
  };
  const seePapers = (): void => {
    settle();
    void saver.flush().then(() => {
      if (id.current !== undefined) navigate('papers', { shipmentId: id.current });
    });
  };
  useKeys([
    { key: 'F8', label: t('shipments.draft'), run: () => void start(), isEnabled: canDraft, isMain: true },
    {
      key: 'F7',
      label: t('shipments.score.title'),
      run: () => setSide(side === 'score' ? 'orders' : 'score'),
      isEnabled: stored !== undefined,
    },
    {
      key: 'Ctrl+L',
      label: t('way.title'),
      run: () => setSide(side === 'way' ? 'orders' : 'way'),
      isEnabled: stored !== undefined,
    },
    { key: 'F9', label: t('papers.title'), run: seePapers, isEnabled: stored !== undefined, isMain: true },
    { key: 'Esc', label: t('shipments.key.back'), run: leave, isMain: true },
    { key: 'Enter', label: t('shipments.key.next'), isMain: true },
  ]);

  const saveText =
    save.kind === 'saving' || save.kind === 'pending'
      ? t('shipments.editor.saving')
      : save.kind === 'saved'
        ? t('shipments.editor.saved', { at: save.at.toTimeString().slice(0, 8) })
        : save.kind === 'failed'
          ? ''
          : stored === undefined
            ? copiedFrom === undefined
              ? t('shipments.editor.new')
              : t('shipments.editor.copied', { no: copiedFrom })
            : '';
  return (
    <Page
      title={
        <>
          {t(stored === undefined ? 'shipments.new' : 'shipments.one')}{' '}
          {stored === undefined ? null : <span className="code">{stored.shipmentNo}</span>}
        </>
      }
      summary={
        <span role="status">
          {stored === undefined ? null : <StateTag kind="shipment" state={stored.state} />}{' '}
          {stored === undefined || stored.documents === 0 ? null : <FlowIndicator shipmentId={stored.id} />} {saveText}
        </span>
      }
      actions={
        <>
          {stored === undefined ? null : (
            <KeyButton
              label={t('shipments.mode')}
              keys="F6"
              bind
              onPress={() => void saver.flush().then(() => navigate('modes', { shipment: stored.id }))}
            />
          )}
          {stored === undefined || stored.documents === 0 ? null : (
            <>
              <Button onClick={() => void saver.flush().then(() => navigate('evidence', { shipment: stored.id }))}>
                {t('evidence.title')}
              </Button>
              <Button onClick={seeDocuments}>
                {t('shipments.seeDocumentsN', { n: formatCount(stored.documents) })}
              </Button>
            </>
          )}
          {stored === undefined ? null : (
            <Dropdown
              trigger={['click']}
              menu={{
                items: [
                  // Transport documents are of lists that are there; goods are declared without any.
                  ...(stored.documents === 0
                    ? []
                    : gatherings.map((as) => ({ key: as as string, label: t(`life.gather.${as}`) }))),
                  ...declarations.map(({ mode, key }) => ({ key, label: t('life.declare', { mode }) })),
                ],
                onClick: ({ key }) => {
                  const declared = declarations.find((one) => one.key === key);
                  if (declared !== undefined)
                    void saver.flush().then(() => declaring.declare(stored.id, declared.mode));
                  else
                    void gather(
                      stored.id,
                      gatherings.find((as) => as === key),
                    );
                },
              }}
            >
              <Button loading={gathering.isRunning || declaring.isRunning}>{t('shipments.gather')}</Button>
            </Dropdown>
          )}
          <KeyButton label={t('papers.title')} keys="F9" isDisabled={stored === undefined} onPress={seePapers} />
          <Button onClick={() => void saver.flush().then(() => navigate('import', { kind: 'waybills' }))}>
            {t('shipments.importWaybills')}
          </Button>
          <KeyButton
            kind="primary"
            label={t('shipments.draft')}
            keys="F8"
            isDisabled={!canDraft}
            isBusy={draft.status === 'running'}
            onPress={() => void start()}
          />
        </>
      }
      notice={
        <>
          {save.kind === 'failed' ? <ErrorNote error={errorOf(save.error)} onRetry={() => void saver.flush()} /> : null}
          <ErrorNote error={draft.error} onClose={draft.clear} />
          <ErrorNote error={gathering.error} onClose={gathering.clear} />
          <ErrorNote error={declaring.error} onClose={declaring.clear} />
          {draft.status === 'running' ? (
            <ProgressBar title={t('shipments.draftRunning')} progress={draft.progress} onCancel={draft.cancel} />
          ) : null}
          {draft.status === 'cancelled' ? <p className="page-note">{t('shipments.cancelled')}</p> : null}
          {draft.result === undefined ? null : (
            <p className="page-note" role="status">
              {draft.result.documents === 0 ? (
                <ToneTag tone="action" label={t('shipments.draftNone')} />
              ) : (
                <ToneTag
                  tone="accepted"
                  label={t('shipments.draftDone', {
                    orders: formatCount(draft.result.orders),
                    documents: formatCount(draft.result.documents),
                  })}
                />
              )}
              {draft.result.blockedTotal === 0 ? null : (
                <span>{t('shipments.draftBlocked', { n: formatCount(draft.result.blockedTotal) })}</span>
              )}
              {draft.result.documents === 0 ? null : (
                <button type="button" className="link" onClick={seeDocuments}>
                  {t('shipments.seeDocuments')}
                </button>
              )}
            </p>
          )}
        </>
      }
    >
      <Split
        ratio="list"
        list={
          <Panel
            foot={
              missing.length === 0 ? (
                <ToneTag tone="accepted" label={t('shipments.editor.complete')} />
              ) : (
                <ToneTag
                  tone="action"
                  label={t('shipments.editor.missing', {
                    fields: missing.map((field) => t(`shipments.field.${field}`)).join(t('money.comma')),
                  })}
                />
              )
            }
          >
            {stored !== undefined && stored.documents > 0 ? (
              <p className="shipment-drafted muted">{t('shipments.editor.draftedNote')}</p>
            ) : null}
            <ShipmentForm body={body} missing={missing} filled={filled} onChange={change} />
          </Panel>
        }
        detail={
          <div className="shipment-side">
            <div className="shipment-side-head">
              <Chips<Side>
                label={t('shipments.score.title')}
                value={side}
                onChange={setSide}
                chips={sides.map((value) => ({ value, label: t(`shipments.score.side.${value}`) }))}
              />
              {stored === undefined ? null : (
                <Button
                  size="small"
                  onClick={() => void saver.flush().then(() => navigate('shipmentOverview', { id: stored.id }))}
                >
                  {t('shipments.all.title')}
                </Button>
              )}
            </div>
            {side === 'score' && stored !== undefined ? (
              <ScorePanel of={{ id: stored.id }} />
            ) : side === 'way' && stored !== undefined ? (
              <WayPanel id={stored.id} />
            ) : side === 'departure' && stored !== undefined ? (
              <DeparturePanel id={stored.id} />
            ) : (
              <CandidatesPanel
                id={stored?.id}
                turn={candidatesTurn}
                isSaving={save.kind === 'saving' || save.kind === 'pending'}
              />
            )}
          </div>
        }
      />
    </Page>
  );
}
