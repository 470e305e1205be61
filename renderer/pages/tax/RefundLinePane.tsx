/** One export line on the refund desk: what is matched to it, what could be, what is missing. */

import { Button } from 'antd';
import { useMemo, useState } from 'react';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { isComposing } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { useCodeNames } from '../../components/code-names.ts';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { RegimeDecision } from './RegimeActions.tsx';
import { missingPapers, offeredQuantity, openQuantity, type RefundLine, stateTones } from './refund-line.ts';
import { reasonsText } from './rule-text.ts';
import { percentText } from './sheet-columns.ts';
import { openDrill } from './targets.ts';
import { useWords } from './use-words.ts';

type Candidate = OutputOf<'refunds.candidates'>['rows'][number];
type Match = RefundLine['matches'][number];

export function RefundLinePane({ line, whyOpen }: { readonly line: RefundLine; readonly whyOpen: string | undefined }) {
  const words = useWords();
  const { t, language } = words;
  const unitName = useCodeNames('unit', [line.unit]);
  const unit = unitName(line.unit) ?? line.unit;
  const candidates = useQuery(
    'refunds.candidates',
    { exportLineId: line.exportLineId },
    { areas: ['tax', 'purchases'] },
  );
  const setMatch = useCommand('refunds.setMatch');
  const removeMatch = useCommand('refunds.removeMatch');
  const [wanted, setWanted] = useState<Candidate>();
  const [quantity, setQuantity] = useState('');
  const isClaimed = line.state === 'claimed';
  const open = openQuantity(line);

  const choose = (candidate: Candidate): void => {
    setWanted(candidate);
    setQuantity(offeredQuantity(line, candidate.left));
  };
  const save = async (): Promise<void> => {
    if (wanted === undefined || setMatch.isRunning) return;
    const done = await setMatch.run({
      exportLineId: line.exportLineId,
      invoiceLineId: wanted.invoiceLineId,
      quantity,
    });
    if (done === undefined) return;
    notify(t('tax.refund.matchSet', { number: wanted.invoiceNumber, refund: formatAmount(done.refund, 2) }));
    setWanted(undefined);
    document.querySelector<HTMLElement>('.split-list [role=grid]')?.focus({ preventScroll: true });
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void save() });

  const matchColumns = useMemo(
    (): readonly Column<Match>[] => [
      { id: 'number', title: t('tax.refund.invoice'), render: (row) => <Tail text={row.invoiceNumber} /> },
      {
        id: 'quantity',
        title: t('tax.refund.quantity'),
        width: 70,
        align: 'right',
        render: (row) => formatAmount(row.quantity),
      },
      {
        id: 'rate',
        title: t('tax.refund.rate'),
        width: 56,
        align: 'right',
        render: (row) => percentText(row.refundRate),
      },
      {
        id: 'refund',
        title: t('tax.refund.refund'),
        width: 84,
        align: 'right',
        render: (row) => <Amount value={row.refund} currency="CNY" bare />,
      },
      {
        id: 'remove',
        title: '',
        width: 56,
        render: (row) =>
          isClaimed ? null : (
            <button type="button" className="link" onClick={() => void removeMatch.run({ id: row.id })}>
              {t('tax.refund.remove')}
            </button>
          ),
      },
    ],
    [t, isClaimed, removeMatch.run],
  );
  const candidateColumns = useMemo(
    (): readonly Column<Candidate>[] => [
      { id: 'number', title: t('tax.refund.invoice'), render: (row) => <Tail text={row.invoiceNumber} /> },
      {
        id: 'name',
        title: t('tax.refund.goods'),
        render: (row) => {
          const isSame = row.name === line.name;
          const fits = t(isSame ? 'tax.refund.sameName' : 'tax.refund.otherName');
          return (
            <span title={`${fits} · ${row.name} · ${row.invoiceDate} · ${row.supplier}`}>
              <span className="sr-only">{fits}</span>
              <ToneTag tone={isSame ? 'accepted' : 'action'} label={row.name} />
            </span>
          );
        },
      },
      { id: 'left', title: t('tax.refund.left'), width: 84, align: 'right', render: (row) => formatAmount(row.left) },
    ],
    [t, line.name],
  );
  const papers = missingPapers(line);
  return (
    <DetailPane
      title={`${line.declarationNo}-${line.lineNo}`}
      isCode
      tags={<ToneTag tone={stateTones[line.state]} label={t(`tax.refund.stateOf.${line.state}`)} />}
      extra={
        <Button
          size="small"
          onClick={() => openDrill({ page: 'export-line', params: { id: String(line.exportLineId) } })}
        >
          {t('tax.refund.openLine')}
        </Button>
      }
      foot={
        <>
          <span>
            {t('tax.refund.matched')} <strong>{formatAmount(line.matchedQuantity)}</strong> /{' '}
            {formatAmount(line.quantity)} {unit}
          </span>
          <span className="spacer" />
          <span>
            {t('tax.refund.refund')} <strong className="amount">{formatAmount(line.refund, 2)}</strong>
          </span>
        </>
      }
    >
      <Facts
        columns={language === 'en' ? 1 : 2}
        rows={[
          [t('tax.refund.goods'), line.name],
          [t('tax.refund.hs'), <Code key="hs">{line.hsCode}</Code>],
          [t('tax.refund.exportDate'), line.exportDate],
          [t('tax.refund.mode'), <Code key="mode">{line.mode}</Code>],
          [t('tax.refund.received'), line.receivedOn ?? <span className="muted">{t('tax.refund.notReceived')}</span>],
          [
            t('tax.refund.claim'),
            line.claimedPeriod === undefined
              ? '–'
              : t('tax.refund.claimOf', { period: line.claimedPeriod, batch: line.claimBatch ?? '' }),
          ],
        ]}
      />
      {papers.length === 0 && whyOpen === undefined ? null : (
        <ul className="papers" aria-label={t('tax.refund.missing')}>
          {whyOpen === undefined ? null : (
            <li>
              <ToneTag tone="rejected" label={t('tax.refund.whyOpen')} /> {whyOpen}
            </li>
          )}
          {papers.map((paper) => (
            <li key={paper}>
              <ToneTag tone="waiting" label={t('tax.level.paper')} />{' '}
              {t(`tax.refund.paper.${paper}`, { quantity: formatAmount(open), unit })}
            </li>
          ))}
        </ul>
      )}
      <ErrorNote error={removeMatch.error} onClose={removeMatch.clear} />
      <DetailSection title={t('tax.refund.matches')}>
        <DataTable<Match>
          label={t('tax.refund.matches')}
          pages={plainPages(line.matches)}
          columns={matchColumns}
          rowKey={(row) => row.id}
          fit
          empty={<p className="panel-pad muted">{t('tax.refund.noMatches')}</p>}
        />
      </DetailSection>
      {isClaimed ? null : (
        <DetailSection
          title={t('tax.refund.candidates')}
          extra={
            open === '0' ? t('tax.refund.full') : t('tax.refund.openQuantity', { quantity: formatAmount(open), unit })
          }
        >
          {wanted === undefined ? null : (
            // biome-ignore lint/a11y/noStaticElementInteractions: Enter saves, Esc goes back to the list
            <div
              className="inline-actions match-form"
              onKeyDown={(event) => {
                if (event.key === 'Escape' && !isComposing(event)) {
                  event.preventDefault();
                  event.stopPropagation();
                  setWanted(undefined);
                } else onKeyDown(event);
              }}
            >
              <label htmlFor="match-quantity">{t('tax.refund.take', { number: wanted.invoiceNumber })}</label>
              <div className="inline-batch">
                <AutoFocusNumber value={quantity} onChange={setQuantity} unit={unit} />
              </div>
              <Button size="small" type="primary" loading={setMatch.isRunning} onClick={() => void save()}>
                {t('tax.refund.match')}
              </Button>
              <ErrorNote error={setMatch.error} isInline onClose={setMatch.clear} />
            </div>
          )}
          <DataTable<Candidate>
            label={t('tax.refund.candidates')}
            pages={plainPages(candidates.data?.rows.slice(0, 30), candidates.error, candidates.reload)}
            columns={candidateColumns}
            rowKey={(row) => row.invoiceLineId}
            onOpen={choose}
            fit
            empty={
              <EmptyState
                title={t('tax.refund.noCandidates')}
                hint={t('tax.refund.noCandidatesHint', { unit })}
                actions={
                  <Button onClick={() => navigate('purchases', { tab: 'invoices' })}>
                    {t('tax.refund.enterInvoice')}
                  </Button>
                }
              />
            }
          />
        </DetailSection>
      )}
      <DetailSection
        title={t('tax.refund.regime')}
        extra={line.regime === undefined ? '–' : t(`tax.regime.of.${line.regime}`)}
      >
        <p className="muted">{reasonsText(line.regimeReason, 'T05', words)}</p>
        <div className="panel-pad">
          {isClaimed ? (
            <p className="muted">{t('tax.refund.claimedLocked')}</p>
          ) : (
            <RegimeDecision ids={[line.exportLineId]} onDone={candidates.reload} />
          )}
        </div>
      </DetailSection>
    </DetailPane>
  );
}

/** The quantity of a match, ready to be typed over. */
function AutoFocusNumber({
  value,
  onChange,
  unit,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly unit: string;
}) {
  return (
    <NumericInput
      id="match-quantity"
      value={value}
      onChange={onChange}
      unit={unit}
      ref={(input) => {
        if (input !== null && input.input !== null && input.input.dataset['ready'] === undefined) {
          input.input.dataset['ready'] = '';
          input.focus({ cursor: 'all' });
        }
      }}
    />
  );
}

/** A long number whose end tells it from its neighbours. */
function Tail({ text }: { readonly text: string }) {
  return (
    <span className="code code-tail" title={text}>
      <bdi>{text}</bdi>
    </span>
  );
}
