/** 中转集拼: what leaves under the master waybill of a shipment, its totals against the carrier's, and what still stands in the way. */
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { navigate } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { StateTag, ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { kindName } from '../declarations/field-text.ts';
import { useFile } from '../risk/use-file.tsx';
import { SmallForm } from './SmallForm.tsx';

type View = OutputOf<'departures.get'>;

const tones = { stop: 'rejected', missing: 'action', note: 'draft' } as const;
/** Numbers that a finding names; the rest is counted. */
const NAMED = 5;

export function DeparturePanel({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const view = useQuery('departures.get', { shipmentId: id }, { areas: ['shipments', 'documents'] });
  const file = useFile('departures.export');
  const { data } = view;
  if (view.error !== undefined) return <ErrorNote error={view.error} onRetry={view.reload} />;
  if (data === undefined) return <Skeleton rows={8} />;
  const blocking = data.findings.filter(({ level }) => level !== 'note').length;
  return (
    <DetailPane
      title={t('departure.title')}
      tags={
        <ToneTag
          tone={blocking === 0 ? 'accepted' : 'action'}
          label={blocking === 0 ? t('departure.ready') : t('departure.open', { n: formatCount(blocking) })}
        />
      }
      extra={
        <Button
          size="small"
          loading={file.isRunning}
          onClick={() => void file.write(`${t('departure.sheet')} ${data.shipmentNo}`, { shipmentId: id })}
        >
          {t('departure.export')}
        </Button>
      }
      foot={<Totals view={data} />}
    >
      {file.notice}
      <DetailSection title={t('departure.findings')}>
        <Findings view={data} />
      </DetailSection>
      <DetailSection title={t('departure.stated')}>
        <Stated key={`${data.stated.packages} ${data.stated.gross}`} id={id} stated={data.stated} />
      </DetailSection>
      <DetailSection title={t('departure.groups')}>
        <Groups view={data} />
      </DetailSection>
      <DetailSection title={t('departure.add')}>
        <AddForm id={id} />
      </DetailSection>
      <DetailSection title={t('departure.papers', { n: formatCount(data.totals.papers) })}>
        <Papers id={id} view={data} />
      </DetailSection>
    </DetailPane>
  );
}

function Totals({ view: { totals } }: { readonly view: View }) {
  const { t } = useTranslation();
  return (
    <span>
      {t('departure.totals', {
        papers: formatCount(totals.papers),
        packages: formatCount(totals.packages),
        gross: formatAmount(totals.gross, 0),
        net: formatAmount(totals.net, 0),
      })}
    </span>
  );
}

function Findings({ view: { findings, masters, elsewhere } }: { readonly view: View }) {
  const { t } = useTranslation();
  return (
    <>
      {findings.length === 0 ? <p className="panel-pad muted">{t('departure.nothing')}</p> : null}
      <ul className="detail-list">
        {findings.map(({ code, level, count, numbers, stated, found }) => (
          <li key={code}>
            <ToneTag tone={tones[level]} label={t(`departure.finding.${code}`)} />
            {stated === undefined ? null : <span>{t('departure.against', { stated, found })}</span>}
            {numbers.length === 0 ? null : (
              <span className="muted departure-numbers">
                <span className="code">{numbers.slice(0, NAMED).join(' ')}</span>
                {count > NAMED ? t('departure.more', { n: formatCount(count - NAMED) }) : ''}
              </span>
            )}
          </li>
        ))}
        {masters.map(({ id, number, state, waybills }) => (
          <li key={`master ${id}`}>
            <button type="button" className="link" onClick={() => navigate('document', { id, kind: 'CEB607Message' })}>
              {t('departure.master', { number, n: formatCount(waybills) })}
            </button>
            <StateTag kind="document" state={state} />
          </li>
        ))}
        {elsewhere.map(({ shipmentId, shipmentNo, papers }) => (
          <li key={`elsewhere ${shipmentId}`}>
            <button
              type="button"
              className="link"
              onClick={() => navigate('shipment', { id: shipmentId, side: 'departure' })}
            >
              {t('departure.elsewhere', { n: formatCount(papers), shipment: shipmentNo })}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What the carrier states: typed from the master waybill or the manifest. */
function Stated({ id, stated }: { readonly id: number; readonly stated: View['stated'] }) {
  const { t } = useTranslation();
  const save = useCommand('departures.saveMaster');
  const form = useFormDraft(`departure stated ${id}`, stated, JSON.stringify(stated));
  const { packages, gross } = form.value;
  const run = async (): Promise<void> => {
    if ((await save.run({ shipmentId: id, packages, gross })) === undefined) return;
    form.done();
    notify(t('departure.statedSaved'));
  };
  return (
    <SmallForm onSubmit={() => void run()}>
      <RestoredNote draft={form} />
      <Field id="departure-packages" label={t('departure.statedPackages')}>
        <Input
          id="departure-packages"
          inputMode="numeric"
          maxLength={9}
          value={packages}
          onChange={(event) => form.change({ packages: event.target.value })}
        />
      </Field>
      <Field id="departure-gross" label={t('departure.statedGross')}>
        <Input
          id="departure-gross"
          inputMode="decimal"
          maxLength={20}
          value={gross}
          onChange={(event) => form.change({ gross: event.target.value })}
        />
      </Field>
      <ErrorNote error={save.error} isInline />
      <div className="card-actions">
        <Button
          htmlType="submit"
          loading={save.isRunning}
          disabled={packages === stated.packages && gross === stated.gross}
        >
          {t('departure.saveStated')}
        </Button>
      </div>
    </SmallForm>
  );
}

function Groups({ view: { groups } }: { readonly view: View }) {
  const { t } = useTranslation();
  if (groups.length === 0) return <p className="panel-pad muted">{t('departure.empty')}</p>;
  return (
    <div className="departure-scroll">
      <table className="departure-groups" aria-label={t('departure.groups')}>
        <thead>
          <tr>
            <th>{t('departure.mode')}</th>
            <th>{t('departure.whose')}</th>
            <th className="is-number">{t('departure.count')}</th>
            <th className="is-number">{t('departure.packages')}</th>
            <th className="is-number">{t('departure.gross')}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((one) => (
            <tr key={`${one.mode} ${one.isList} ${one.shipmentNo} ${one.owner}`}>
              <td>
                <Code>{one.mode}</Code> {t(one.isList ? 'departure.list' : 'departure.declaration')}
              </td>
              <td>
                <Code>{one.shipmentNo}</Code> <span className="muted">{one.owner}</span>
              </td>
              <td className="is-number">{formatCount(one.papers)}</td>
              <td className="is-number">{formatCount(one.packages)}</td>
              <td className="is-number">{formatAmount(one.gross, 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AddForm({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const candidates = useQuery('departures.candidates', { shipmentId: id }, { areas: ['shipments', 'documents'] });
  const load = useCommand('departures.load');
  const [chosen, setChosen] = useState<number>();
  const [number, setNumber] = useState('');
  const rows = candidates.data?.rows ?? [];
  const add = async (): Promise<void> => {
    const from = chosen === undefined ? { number: number.trim() } : { shipmentId: chosen };
    const done = await load.run({ shipmentId: id, from });
    if (done === undefined) return;
    notify(t('departure.loaded', { n: formatCount(done.loaded) }));
    setChosen(undefined);
    setNumber('');
  };
  return (
    <SmallForm onSubmit={() => void add()}>
      <Field id="departure-shipment" label={t('departure.fromShipment')} isWide>
        <Select
          id="departure-shipment"
          allowClear
          value={chosen ?? null}
          placeholder={t(rows.length === 0 ? 'departure.noShipments' : 'departure.pickShipment')}
          options={rows.map((one) => ({
            value: one.shipmentId,
            label: t('departure.candidate', {
              ...{ shipment: one.shipmentNo, bill: one.bill, n: formatCount(one.papers), modes: one.modes.join(' ') },
            }),
          }))}
          onChange={(value: number | null | undefined) => setChosen(value ?? undefined)}
        />
      </Field>
      <Field id="departure-number" label={t('departure.fromNumber')} isWide>
        <Input
          id="departure-number"
          maxLength={64}
          disabled={chosen !== undefined}
          value={number}
          onChange={(event) => setNumber(event.target.value)}
        />
      </Field>
      <ErrorNote error={candidates.error ?? load.error} isInline />
      <div className="card-actions">
        <Button htmlType="submit" loading={load.isRunning} disabled={chosen === undefined && number.trim() === ''}>
          {t('departure.load')}
        </Button>
      </div>
    </SmallForm>
  );
}

function Papers({ id, view: { papers, totals } }: { readonly id: number; readonly view: View }) {
  const { t, i18n } = useTranslation();
  const unload = useCommand('departures.unload');
  const loaded = papers.filter(({ isLoaded }) => isLoaded);
  return (
    <>
      <ErrorNote error={unload.error} isInline />
      {loaded.length < 2 ? null : (
        <p className="panel-pad">
          <Button
            size="small"
            loading={unload.isRunning}
            onClick={() => void unload.run({ shipmentId: id, ids: loaded.map((one) => one.id) })}
          >
            {t('departure.unloadAll', { n: formatCount(loaded.length) })}
          </Button>
        </p>
      )}
      <ul className="detail-list">
        {papers.map((one) => (
          <li key={one.id}>
            <button type="button" className="link" onClick={() => navigate('document', { id: one.id, kind: one.kind })}>
              {kindName(one.kind, i18n.language)} {one.number}
            </button>
            <StateTag kind="document" state={one.state} />
            <span className="muted">
              {t('departure.paper', {
                ...{ mode: one.mode, packages: one.packages === '' ? '–' : one.packages },
                gross: one.gross === '' ? '–' : formatAmount(one.gross, 0),
              })}
            </span>
            {one.isLoaded ? (
              <>
                <Code>{one.shipmentNo}</Code>
                <Button size="small" type="text" onClick={() => void unload.run({ shipmentId: id, ids: [one.id] })}>
                  {t('departure.unload')}
                </Button>
              </>
            ) : null}
          </li>
        ))}
      </ul>
      {totals.papers > papers.length ? (
        <p className="panel-pad muted">{t('departure.more', { n: formatCount(totals.papers - papers.length) })}</p>
      ) : null}
    </>
  );
}
