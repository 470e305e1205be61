/** 追溯与召回: from any number back to the orchards and on to the buyers. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { recallReaches } from '../../../shared/contract/trace.ts';
import { rangeText } from '../../../shared/lots/cartons.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts, Page, Panel } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useCountryName } from '../money/boxes.tsx';
import {
  CertificateRows,
  celsius,
  chinaTime,
  InTwoLanguages,
  kg,
  TraceTabs,
  useFindingWords,
  useTraceFile,
} from './parts.tsx';

type Trace = OutputOf<'trace.query'>;
const roles = { before: 'draft', asked: 'ready', after: 'waiting' } as const;

export function QueryTab({ params }: PageProps) {
  const { t } = useTranslation();
  const wanted = textParam(params, 'text') ?? '';
  const [typed, setTyped] = useState(wanted);
  const [view, setView] = useState<'trace' | 'recall'>(textParam(params, 'view') === 'recall' ? 'recall' : 'trace');
  const trace = useQuery('trace.query', wanted === '' ? null : { text: wanted }, { areas: ['lots'] });
  const ask = (): void => {
    if (typed.trim() !== '') replaceParams({ tab: 'query', text: typed.trim() });
  };
  useKeys([{ key: 'Ctrl+Enter', label: t('trace.query.ask'), run: ask, isMain: true }]);
  return (
    <Page
      title={t('trace.tab.query')}
      summary={t('trace.query.hint')}
      filters={<TraceTabs active="query" />}
      notice={<ErrorNote error={wanted === '' ? undefined : trace.error} />}
    >
      <div className="trace-scroll">
        <div className="trace-ask">
          <Input
            autoFocus
            className="code"
            aria-label={t('trace.query.text')}
            placeholder={t('trace.query.text')}
            value={typed}
            maxLength={60}
            onChange={(event) => setTyped(event.target.value)}
            onPressEnter={ask}
          />
          <KeyButton kind="primary" label={t('trace.query.ask')} keys="Ctrl+Enter" onPress={ask} />
          {trace.data === undefined ? null : (
            <Chips
              label={t('trace.query.view')}
              value={view}
              onChange={setView}
              chips={(['trace', 'recall'] as const).map((one) => ({
                value: one,
                label: t(`trace.query.views.${one}`),
              }))}
            />
          )}
        </div>
        {wanted === '' ? (
          <EmptyState title={t('trace.query.empty')} hint={t('trace.query.emptyHint')} />
        ) : trace.data === undefined || trace.error !== undefined ? null : view === 'trace' ? (
          <TraceView trace={trace.data} text={wanted} />
        ) : (
          <RecallView key={wanted} text={wanted} />
        )}
      </div>
    </Page>
  );
}

function TraceView({ trace, text }: { readonly trace: Trace; readonly text: string }) {
  const { t } = useTranslation();
  const countryName = useCountryName();
  const page = useTraceFile('trace.print');
  const wordsOf = useFindingWords();
  const { found, lots, sites, treatments, events, eventsTotal, reports, cartons, cartonsTotal, dispatches, reasons } =
    trace;
  const { coldLogs, coldLogsTotal, declarations } = trace;
  return (
    <>
      {page.notice}
      <Panel
        title={`${t(`trace.query.kinds.${found.kind}`)} ${found.label}`}
        extra={
          <InTwoLanguages
            label={t('trace.query.sheet')}
            isBusy={page.isRunning}
            onPress={(language) => void page.write(`${t('trace.query.sheet')} ${found.label}`, { text, language })}
          />
        }
      >
        <div className="panel-pad">
          <Facts
            columns={4}
            rows={[
              [t('trace.query.asked'), `${kg(trace.askedG)} kg`],
              [t('trace.query.harvested'), `${kg(trace.harvestG)} kg`],
              [t('trace.tab.lots'), formatCount(lots.length)],
              [t('trace.carton.title'), formatCount(trace.cartonCount)],
              [t('trace.query.dispatches'), formatCount(dispatches.length)],
            ]}
          />
        </div>
      </Panel>
      <Panel title={t('trace.query.chain')}>
        <table className="trace-grid">
          <thead>
            <tr>
              <th>{t('trace.query.role')}</th>
              <th>{t('trace.lot.code')}</th>
              <th>{t('trace.lot.madeOn')}</th>
              <th>{t('trace.lot.made')}</th>
              <th>{t('trace.product.title')}</th>
              <th>{t('trace.lot.where')}</th>
              <th>{t('trace.lot.from')}</th>
              <th className="is-figure">{t('trace.lot.mass')}</th>
              <th className="is-figure">{t('trace.lot.yield')}</th>
            </tr>
          </thead>
          <tbody>
            {lots.slice(0, 300).map((one) => (
              <tr key={one.id}>
                <td>
                  <ToneTag tone={roles[one.role]} label={t(`trace.query.roles.${one.role}`)} />
                </td>
                <td>
                  <button
                    type="button"
                    className="link code"
                    onClick={() => navigate('trace', { tab: 'lots', at: one.id })}
                  >
                    {one.code}
                  </button>
                </td>
                <td>{one.madeOn}</td>
                <td>{t(`trace.lot.mades.${one.made}`)}</td>
                <td>{[one.product, one.variety, one.grade].filter((part) => part !== '').join(' ')}</td>
                <td>{one.site}</td>
                <td className="code">
                  {one.from.slice(0, 4).join(' ')}
                  {one.from.length > 4 ? ` +${one.from.length - 4}` : ''}
                </td>
                <td className="is-figure">{kg(one.massG)}</td>
                <td className="is-figure">{one.yield === undefined ? '' : `${one.yield} %`}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {lots.length > 300 ? (
          <p className="panel-pad muted">{t('trace.more', { n: formatCount(lots.length - 300) })}</p>
        ) : null}
      </Panel>
      <Panel title={t('trace.tab.dispatches')}>
        {dispatches.length === 0 ? <p className="panel-pad muted">{t('trace.query.notSent')}</p> : null}
        <ul className="trace-list panel-pad">
          {dispatches.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                className="link code"
                onClick={() => navigate('trace', { tab: 'dispatches', at: one.id })}
              >
                {one.number}
              </button>
              <span>
                {[one.on, one.buyer, countryName(one.country), one.certificateNo]
                  .filter((part) => part !== '')
                  .join(' · ')}
              </span>
            </li>
          ))}
          {declarations.map((one) => (
            <li key={`${one.dispatch} ${one.declarationNo}`}>
              <span>{t('trace.dispatch.declarationNo')}</span>
              <span className="code">{one.declarationNo}</span>
              <span>
                {one.lines === 0
                  ? t('trace.query.declaredNumber', { dispatch: one.dispatch })
                  : `${one.dispatch} · ${t('trace.dispatch.declaredLines', { n: one.lines, date: one.exportDate })}`}
              </span>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={t('trace.tab.cold')}>
        {coldLogs.length === 0 ? <p className="panel-pad muted">{t('trace.cold.none')}</p> : null}
        <ul className="trace-list panel-pad">
          {coldLogs.map((one) => (
            <li key={one.id}>
              {one.analysis.outside > 0 ? (
                <ToneTag tone="rejected" label={t('trace.cold.excursion')} />
              ) : one.analysis.findings.length > 0 ? (
                <ToneTag tone="action" label={t('trace.cold.odd')} />
              ) : (
                <ToneTag tone="accepted" label={t('trace.cold.fine')} />
              )}
              <button type="button" className="link" onClick={() => navigate('trace', { tab: 'cold', at: one.id })}>
                {one.logger === '' ? one.fileName : one.logger}
              </button>
              <span>
                {[
                  one.dispatch,
                  one.product,
                  `${celsius(one.lowC100)} – ${celsius(one.highC100)}`,
                  one.analysis.minC100 === undefined || one.analysis.maxC100 === undefined
                    ? ''
                    : `${t('trace.cold.extremes')} ${celsius(one.analysis.minC100)} / ${celsius(one.analysis.maxC100)}`,
                ]
                  .filter((part) => part !== '')
                  .join(' · ')}
              </span>
            </li>
          ))}
        </ul>
        {coldLogsTotal > coldLogs.length ? (
          <p className="panel-pad muted">{t('trace.more', { n: formatCount(coldLogsTotal - coldLogs.length) })}</p>
        ) : null}
      </Panel>
      <Panel title={t('trace.tab.sites')}>
        <ul className="trace-list panel-pad">
          {sites.map((one) => (
            <li key={one.id}>
              <button type="button" className="link" onClick={() => navigate('trace', { tab: 'sites', at: one.id })}>
                {one.name}
              </button>
              <span>
                {[t(`trace.site.kinds.${one.kind}`), one.place, one.owner].filter((part) => part !== '').join(' · ')}
              </span>
              <Code>{one.registrationNo}</Code>
            </li>
          ))}
          <CertificateRows rows={trace.certificates.slice(0, 50)} />
          {treatments.slice(0, 30).map((one) => (
            <li key={`t${one.id}`}>
              <span className="code">{one.on}</span>
              <span>
                {[one.site, one.name, one.dose].filter((part) => part !== '').join(' · ')}
                {' · '}
                {one.waitingUntil === undefined
                  ? t('trace.treatment.waitingUnknown')
                  : t('trace.treatment.until', { days: one.waitingDays, date: one.waitingUntil })}
              </span>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={t('trace.query.more')}>
        <ul className="trace-list panel-pad">
          {reports.slice(0, 50).map((one) => (
            <li key={`r${one.id}`}>
              <ToneTag
                tone={one.result === 'pass' ? 'accepted' : one.result === 'fail' ? 'rejected' : 'draft'}
                label={t(`trace.report.results.${one.result}`)}
              />
              <span>
                {[t('trace.report.title'), one.number, one.laboratory, one.issuedOn, one.lot]
                  .filter((part) => part !== '')
                  .join(' · ')}
              </span>
            </li>
          ))}
          {cartons.slice(0, 50).map((one) => (
            <li key={`c${one.id}`}>
              <span className="code">{rangeText(one)}</span>
              <span>{[one.lot, one.dispatch ?? t('trace.query.here')].join(' · ')}</span>
            </li>
          ))}
          {events.slice(0, 50).map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what happened has no key of its own here
            <li key={`e${at}`}>
              <span className="code">{chinaTime(one.at)}</span>
              <span>
                {[t(`trace.event.kinds.${one.kind}`), one.lot, one.place, one.text]
                  .filter((part) => part !== '')
                  .join(' · ')}
              </span>
            </li>
          ))}
          {reasons.slice(0, 50).map((one) => (
            <li key={`w${one.at}${one.lot}${one.code}`}>
              <span className="code">{one.lot}</span>
              <span>{wordsOf(one, 'what')}</span>
              <strong>{one.reason}</strong>
              <span className="muted">{formatInstant(one.at)}</span>
            </li>
          ))}
        </ul>
        <p className="panel-pad muted">
          {t('trace.query.counts', {
            cartons: formatCount(cartonsTotal),
            events: formatCount(eventsTotal),
            reports: formatCount(reports.length),
          })}
        </p>
      </Panel>
    </>
  );
}

function RecallView({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const countryName = useCountryName();
  const form = useFormDraft(`recall ${text}`, { reach: 'lot' as (typeof recallReaches)[number], reason: '' });
  const { reach, reason } = form.value;
  const hold = useCommand('lots.holdRecalled');
  const recall = useQuery('trace.recall', { text, reach }, { areas: ['lots'] });
  const letter = useTraceFile('trace.recallLetter');
  const list = useTraceFile('trace.recallExport');
  const title = t('trace.recall.title');
  const open = recall.data?.lots.filter(({ isHeld }) => !isHeld).length;
  const holdAll = async (): Promise<void> => {
    const done = await hold.run({ text, reach, reason: reason.trim() });
    if (done !== undefined) notify(t('trace.lot.heldDone', { n: done.lots }));
  };
  return (
    <>
      {letter.notice}
      {list.notice}
      <RestoredNote draft={form} />
      <ErrorNote error={hold.error} onClose={hold.clear} />
      <ErrorNote error={recall.error} onRetry={recall.reload} />
      <div className="trace-bar">
        <Chips
          label={t('trace.recall.reach')}
          value={reach}
          onChange={(next) => form.change({ reach: next })}
          chips={recallReaches.map((one) => ({ value: one, label: t(`trace.recall.reaches.${one}`) }))}
        />
        <Input
          aria-label={t('trace.recall.reason')}
          placeholder={t('trace.recall.reason')}
          style={{ maxWidth: 380 }}
          value={reason}
          maxLength={500}
          onChange={(event) => form.change({ reason: event.target.value })}
        />
        {reason.trim() === '' ? (
          <span className="muted">{t('trace.recall.reasonFirst')}</span>
        ) : (
          <>
            {open === undefined || open === 0 ? null : (
              <Button danger loading={hold.isRunning} onClick={() => void holdAll()}>
                {t('trace.recall.hold', { n: formatCount(open) })}
              </Button>
            )}
            <InTwoLanguages
              label={t('trace.recall.letter')}
              isBusy={letter.isRunning}
              onPress={(language) => void letter.write(`${title} ${text}`, { text, reach, reason, language })}
            />
          </>
        )}
        <span className="spacer" />
        <InTwoLanguages
          label={t('trace.recall.list')}
          isBusy={list.isRunning}
          onPress={(language) => void list.write(`${t('trace.recall.list')} ${text}`, { text, reach, language })}
        />
      </div>
      {recall.data === undefined ? null : (
        <Panel
          title={t('trace.recall.affected', {
            lots: formatCount(recall.data.lots.length),
            cartons: formatCount(recall.data.cartonCount),
            loose: kg(recall.data.looseG),
          })}
        >
          <table className="trace-grid">
            <thead>
              <tr>
                <th>{t('trace.dispatch.buyer')}</th>
                <th>{t('trace.dispatch.country')}</th>
                <th>{t('trace.dispatch.number')}</th>
                <th>{t('trace.dispatch.on')}</th>
                <th>{t('trace.dispatch.declarationNo')}</th>
                <th>{t('trace.carton.numbers')}</th>
                <th className="is-figure">{t('trace.carton.title')}</th>
                <th className="is-figure">{t('trace.lot.mass')}</th>
              </tr>
            </thead>
            <tbody>
              {recall.data.rows.map((one) => (
                <tr key={one.dispatch}>
                  <td>{one.buyer}</td>
                  <td>{countryName(one.country)}</td>
                  <td className="code">{one.dispatch === '' ? t('trace.query.here') : one.dispatch}</td>
                  <td className="is-date">{one.on}</td>
                  <td className="code">{one.declarationNo}</td>
                  <td className="code">
                    {one.cartons
                      .slice(0, 8)
                      .map((carton) => rangeText(carton))
                      .join(t('money.comma'))}
                    {one.cartons.length > 8 ? ` +${one.cartons.length - 8}` : ''}
                  </td>
                  <td className="is-figure">{formatCount(one.count)}</td>
                  <td className="is-figure">{kg(one.massG)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      )}
    </>
  );
}
