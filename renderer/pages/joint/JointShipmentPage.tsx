/** One joint shipment: its head, goods of members, costs and proceeds, what each is due and was paid, papers. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { focusDetail, focusList } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { kg } from '../trace/parts.tsx';
import { AmountsTab } from './AmountsTab.tsx';
import { GoodsTab } from './GoodsTab.tsx';
import { HeadForm } from './HeadForm.tsx';
import { MembersTab } from './MembersTab.tsx';
import { PapersTab } from './PapersTab.tsx';
import './joint.css';

const tabs = ['members', 'goods', 'amounts', 'papers', 'head'] as const;
type Tab = (typeof tabs)[number];

export function JointShipmentPage({ params }: PageProps) {
  const id = numberParam(params, 'id');
  return id === undefined ? (
    <NewJoint source={textParam(params, 'source') ?? ''} />
  ) : (
    <Joint key={id} id={id} tab={textParam(params, 'tab')} />
  );
}

function NewJoint({ source }: { readonly source: string }) {
  const { t } = useTranslation();
  useKeys([{ key: 'Esc', label: t('joint.back'), run: () => navigate('joint') }]);
  return (
    <Page title={t('joint.add')} summary={t('joint.addHint')}>
      <HeadForm joint={undefined} source={source} onSaved={(id) => navigate('jointShipment', { id, tab: 'goods' })} />
    </Page>
  );
}

function Joint({ id, tab: wanted }: { readonly id: number; readonly tab: string | undefined }) {
  const { t } = useTranslation();
  const got = useQuery('joint.get', { id }, { areas: ['lots'] });
  const tab = tabs.find((one) => one === wanted) ?? 'members';
  const toPapers = (): void => {
    replaceParams({ id, tab: 'papers' });
    focusDetail('#issue-reason, .split-detail .ant-btn-primary');
  };
  useKeys([
    { key: 'F8', label: t('joint.issue'), run: toPapers, isMain: true },
    { key: 'Esc', label: t('joint.back'), run: () => focusList() || navigate('joint') },
  ]);
  if (got.data === undefined)
    return (
      <Page title={t('joint.title')}>
        {got.error === undefined ? <Skeleton rows={8} /> : <ErrorNote error={got.error} onRetry={got.reload} />}
      </Page>
    );
  const joint = got.data;
  return (
    <Page
      title={`${joint.number} ${joint.title}`}
      summary={
        <>
          {t('joint.line', { on: joint.on, cartons: formatCount(joint.cartons), mass: kg(joint.massG) })}{' '}
          {joint.version === 0 ? (
            <ToneTag tone="draft" label={t('joint.notIssued')} />
          ) : (
            <ToneTag
              tone={joint.isChanged ? 'action' : 'accepted'}
              label={t(joint.isChanged ? 'joint.changedSince' : 'joint.versionOf', { version: joint.version })}
            />
          )}
        </>
      }
      actions={<KeyButton kind="primary" label={t('joint.issue')} keys="F8" onPress={toPapers} />}
      filters={
        <Chips<Tab>
          label={t('joint.title')}
          value={tab}
          onChange={(next) => replaceParams({ id, tab: next })}
          chips={tabs.map((value) => ({ value, label: t(`joint.tab.${value}`) }))}
        />
      }
      notice={<Notices joint={joint} />}
    >
      {tab === 'goods' ? (
        <GoodsTab joint={joint} />
      ) : tab === 'amounts' ? (
        <AmountsTab joint={joint} />
      ) : tab === 'papers' ? (
        <PapersTab joint={joint} />
      ) : tab === 'head' ? (
        <HeadForm key={joint.source} joint={joint} source={joint.source} onSaved={() => notify(t('joint.saved'))} />
      ) : (
        <MembersTab joint={joint} />
      )}
    </Page>
  );
}

const receiptSaid = (one: OutputOf<'joint.get'>['amounts'][number]['recordNow']): string =>
  one === undefined ? '' : `${one.date} ${one.currency} ${formatAmount(one.amount, 2)}`;

/** What stands against issuing, whether a receipt was changed after it was taken in, and whether the dispatch has changed since its goods were read. */
function Notices({ joint }: { readonly joint: OutputOf<'joint.get'> }) {
  const { t } = useTranslation();
  const take = useCommand('joint.take');
  const { sourceNow, ownerless, unshared, amounts } = joint;
  const changed = amounts.filter(({ recordNow }) => recordNow !== undefined);
  const again = async (): Promise<void> => {
    const done = await take.run({ id: joint.id });
    if (done !== undefined) notify(t('joint.taken', done));
  };
  return (
    <>
      {ownerless + unshared.length + changed.length === 0 && sourceNow?.isSame !== false ? null : (
        <ul className="joint-notices" role="status">
          {ownerless === 0 ? null : (
            <li>
              <ToneTag tone="action" label={t('joint.openPoint')} />
              <span>{t('joint.ownerless', { count: ownerless })}</span>
            </li>
          )}
          {unshared.map((one) => (
            <li key={one.id}>
              <ToneTag tone="action" label={t('joint.openPoint')} />
              <span>
                {t('joint.unshared', {
                  what: `${t(`joint.kind.${one.kind}`)} ${one.note}`.trim(),
                  by: t(`joint.by.${one.by}`),
                })}
              </span>
            </li>
          ))}
          {changed.map(({ id, record, recordWas, recordNow }) => (
            <li key={`receipt ${id}`}>
              <ToneTag tone="action" label={t('joint.openPoint')} />
              <span>
                {t('joint.receiptChanged', { record, was: receiptSaid(recordWas), now: receiptSaid(recordNow) })}
              </span>
              <Button size="small" onClick={() => replaceParams({ id: joint.id, tab: 'amounts' })}>
                {t('joint.toAmounts')}
              </Button>
            </li>
          ))}
          {sourceNow === undefined || sourceNow.isSame ? null : (
            <li>
              <ToneTag tone="action" label={t('joint.openPoint')} />
              <span>
                {t('joint.sourceChanged', {
                  source: joint.source,
                  cartons: formatCount(sourceNow.cartons),
                  mass: kg(sourceNow.massG),
                })}
              </span>
              <Button size="small" loading={take.isRunning} onClick={() => void again()}>
                {t('joint.take')}
              </Button>
            </li>
          )}
        </ul>
      )}
      <ErrorNote error={take.error} onClose={take.clear} />
    </>
  );
}
