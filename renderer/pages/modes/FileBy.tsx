/** 本票的申报: one shipment, filed as lists, as declarations, or only registered as parcels. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { navigate } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { useDeclare } from '../shipments/use-declare.ts';

/** The ways of the selector: the mode of the lists and that of the declarations that each may be filed by. */
const ways = {
  retail: { lists: '9610', declared: undefined },
  b2b: { lists: '9710', declared: '9710' },
  overseas: { lists: '9810', declared: '9810' },
  general: { lists: undefined, declared: '0110' },
  courier: { lists: undefined, declared: undefined },
} as const;
type Way = keyof typeof ways;
const wayIds = Object.keys(ways) as Way[];

/** The way of a mode; the retail list where none is named. */
function wayOf(mode: string | undefined): Way {
  return wayIds.find((id) => ways[id].lists === mode || ways[id].declared === mode) ?? 'retail';
}

export function FileBy({
  shipmentId,
  filed,
  recommended,
}: {
  readonly shipmentId: number;
  readonly filed: NonNullable<OutputOf<'modes.route'>['filed']>;
  readonly recommended: string | null;
}) {
  const { t } = useTranslation();
  const shipment = useQuery('shipments.get', { id: shipmentId }, { areas: ['shipments'] });
  const save = useCommand('shipments.save');
  const declaring = useDeclare();
  const [chosen, setChosen] = useState<Way>();
  const body = shipment.data?.body;
  // What draws on a bonded ledger is filed by 1210, whatever is chosen.
  const isBonded = (body?.emsNo ?? '') !== '';
  const way = chosen ?? wayOf(body?.listMode ?? recommended ?? undefined);
  const { lists, declared } = ways[way];
  const asLists = async (): Promise<void> => {
    if (body === undefined || lists === undefined) return;
    if (!isBonded && (await save.run({ id: shipmentId, body: { ...body, listMode: lists } })) === undefined) return;
    navigate('shipment', { id: shipmentId });
  };
  const there = [
    {
      id: 'lists',
      n: filed.lists,
      go: () => navigate('declarations', { kind: 'CEB603Message', shipment: shipmentId }),
    },
    {
      id: 'declarations',
      n: filed.declarations,
      go: () => navigate('declarations', { kind: 'DecMessage', shipment: shipmentId }),
    },
    { id: 'parcels', n: filed.parcels, go: () => navigate('parcels', { shipment: shipmentId }) },
  ] as const;
  return (
    <section className="mode-filed" aria-label={t('modes.filed.label')}>
      <span className="mode-filed-row">
        <span className="muted">{t('modes.filed.by')}</span>
        <Chips<Way>
          label={t('modes.filed.by')}
          value={way}
          onChange={setChosen}
          chips={wayIds.map((id) => ({ value: id, label: t(`modes.filed.way.${id}`) }))}
        />
      </span>
      <span className="mode-filed-row">
        {lists === undefined ? null : (
          <Button size="small" loading={save.isRunning} disabled={body === undefined} onClick={() => void asLists()}>
            {t('modes.filed.asLists', { mode: isBonded ? '1210' : lists })}
          </Button>
        )}
        {declared === undefined ? null : (
          <Button
            size="small"
            loading={declaring.isRunning}
            onClick={() => void declaring.declare(shipmentId, declared)}
          >
            {t('modes.filed.asDeclaration', { mode: declared })}
          </Button>
        )}
        {way === 'courier' ? (
          <Button size="small" onClick={() => navigate('parcels', { shipment: shipmentId })}>
            {t('modes.filed.asParcels')}
          </Button>
        ) : null}
        <span className="muted">{t(`modes.filed.hint.${way}`)}</span>
      </span>
      <ErrorNote error={save.error} onClose={save.clear} isInline />
      <ErrorNote error={declaring.error} onClose={declaring.clear} />
      <span className="mode-filed-row">
        <span className="muted">{t('modes.filed.label')}</span>
        {there.map(({ id, n, go }) => (
          <Button key={id} size="small" type="link" onClick={go}>
            {t(`modes.filed.${id}`, { n: formatCount(n) })}
          </Button>
        ))}
      </span>
    </section>
  );
}
