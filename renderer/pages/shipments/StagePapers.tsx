/** 通关环节: the six stages of customs of a shipment, its papers at each, and what is missing there. */
import { Button, Dropdown } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { navigate } from '../../app/route-store.ts';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseOpen } from '../../components/FilePicker.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { SlotItem } from '../papers/Slots.tsx';

type Stage = OutputOf<'papers.stages'>['stages'][number];

type Head = Pick<Stage, 'stage' | 'total' | 'done' | 'at'> & { readonly missing?: number };

/** The stages alone: what is known without reading the goods of the shipment. */
export function StageHeads({ stages }: { readonly stages: readonly Head[] }) {
  const { t } = useTranslation();
  return (
    <ol className="way-stages" aria-label={t('way.stages')}>
      {stages.map((stage) => (
        <li key={stage.stage}>
          <StageHead stage={stage} />
        </li>
      ))}
    </ol>
  );
}

/** Reads and parses all goods of the shipment: for where papers are looked at. `heads` stand there until they are read. */
export function StagePapers({ id, heads }: { readonly id: number; readonly heads?: readonly Head[] }) {
  const { t } = useTranslation();
  const view = useQuery('papers.stages', { shipmentId: id }, { areas: ['shipments', 'documents', 'tax'] });
  if (view.error !== undefined) return <ErrorNote error={view.error} onRetry={view.reload} />;
  if (view.data === undefined) return heads === undefined ? <Skeleton rows={6} /> : <StageHeads stages={heads} />;
  const { stages, others, isKnown, shipmentNo, inForceFrom } = view.data;
  const archive = { subjectKind: 'shipment', subjectId: shipmentNo } as const;
  return (
    <>
      {isKnown ? null : <p className="panel-pad muted">{t('way.papers.noGoods')}</p>}
      <ol className="way-stages" aria-label={t('way.stages')}>
        {stages.map((stage) => (
          <li key={stage.stage}>
            <StageHead stage={stage} extra={<Attach kinds={stage.kinds} archive={archive} onFiled={view.reload} />} />
            {stage.slots.length + stage.others.length === 0 ? null : (
              <ul className="plain-list paper-list">
                {stage.slots.map((slot) => (
                  <SlotItem
                    key={slot.code}
                    slot={slot}
                    archive={archive}
                    onKind={(kind) => navigate('papers', { shipmentId: id, kind })}
                    onFiled={view.reload}
                  />
                ))}
                <Others files={stage.others} />
              </ul>
            )}
          </li>
        ))}
        {others.length === 0 ? null : (
          <li>
            <span className="way-stage-head">{t('way.papers.others')}</span>
            <ul className="plain-list paper-list">
              <Others files={others} />
            </ul>
          </li>
        )}
      </ol>
      <p className="panel-pad muted">{t('way.papers.source', { from: inForceFrom })}</p>
    </>
  );
}

function StageHead({
  stage: { stage, total, done, at, missing = 0 },
  extra,
}: {
  readonly stage: Head;
  readonly extra?: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <span className="way-stage-head">
      <ToneTag tone={total === 0 ? 'draft' : done === total ? 'accepted' : 'waiting'} label={t(`way.stage.${stage}`)} />
      <span className="muted">{total === 0 ? t('way.stageNone') : `${formatCount(done)} / ${formatCount(total)}`}</span>
      {at === undefined ? null : <span className="muted">{at.length > 10 ? formatInstant(at) : at}</span>}
      {missing === 0 ? null : <ToneTag tone="action" label={t('way.papers.missing', { n: formatCount(missing) })} />}
      {extra}
    </span>
  );
}

/** Files a paper at a stage, whether it is asked for or not. */
function Attach({
  kinds,
  archive,
  onFiled,
}: {
  readonly kinds: Stage['kinds'];
  readonly archive: { readonly subjectKind: 'shipment'; readonly subjectId: string };
  readonly onFiled: () => void;
}) {
  const { t } = useTranslation();
  const words = useBilingual();
  const add = useCommand('archive.add');
  if (kinds.length === 0) return null;
  const file = async (kind: Stage['kinds'][number] | undefined): Promise<void> => {
    const chosen = kind === undefined ? null : await chooseOpen(words(kind));
    if (kind === undefined || chosen === null) return;
    if ((await add.run({ ...archive, paper: kind.code, file: chosen.token })) === undefined) return;
    notify(t('papers.filed', { name: chosen.name }));
    onFiled();
  };
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: kinds.map((kind) => ({ key: kind.code, label: words(kind) })),
          onClick: ({ key }) => void file(kinds.find(({ code }) => code === key)),
        }}
      >
        <Button size="small" loading={add.isRunning}>
          {t('way.papers.attach')}
        </Button>
      </Dropdown>
      <ErrorNote error={add.error} isInline />
    </>
  );
}

/** Papers on file that nothing asked for. */
function Others({ files }: { readonly files: Stage['others'] }) {
  const { t } = useTranslation();
  const words = useBilingual();
  return files.map((file) => (
    <li key={file.id}>
      <ToneTag tone="accepted" label={t('papers.there')} /> {words(file)} <span className="code">{file.fileName}</span>
    </li>
  ));
}
