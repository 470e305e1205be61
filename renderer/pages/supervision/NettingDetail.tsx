import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NettingView } from '../../../shared/contract/supervision.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseOpen, chooseSave } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts } from '../../components/Page.tsx';
import { ToneMark, ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useJob, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { DerivationSteps } from '../tax/Derivation.tsx';
import '../tax/tax.css';
import { useCountryName } from '../money/boxes.tsx';
import { usePayoutName } from '../payouts/use-payout-name.ts';
import { nettingTones } from './netting-draft.ts';
import { ReasonLine } from './ReasonLine.tsx';

const pdf = [{ name: 'PDF', extensions: ['pdf'] }];
const xlsx = [{ name: 'Excel', extensions: ['xlsx'] }];

/** A sheet as it stands: identity, legs with their vouchers, what is still missing, who posts what, and its papers. */
export function NettingDetail({ id, onEdit }: { readonly id: number; readonly onEdit: () => void }) {
  const { t } = useTranslation();
  const sheet = useQuery('netting.get', { id }, { areas: ['money', 'ledger'] });
  const attach = useCommand('netting.attach');
  const confirm = useCommand('netting.confirm');
  const reopen = useCommand('netting.reopen');
  const cancel = useCommand('netting.void');
  const print = useJob('netting.print');
  const write = useJob('netting.export');
  const [asking, setAsking] = useState<'reopen' | 'void'>();
  const view = sheet.data;
  const payout = view?.payout;
  const countryOf = useCountryName();
  const { platformOf, payoutName } = usePayoutName();
  const isDraft = view?.state === 'draft';
  const doConfirm = async (): Promise<void> => {
    const done = await confirm.run({ id });
    if (done !== undefined)
      notify(
        t(done.byPayout > 0 ? 'supervision.netting.confirmedByPayout' : 'supervision.netting.confirmed', { ...done }),
      );
  };
  const toFile = async (kind: 'pdf' | 'xlsx'): Promise<void> => {
    if (view === undefined) return;
    const name = `${t('supervision.netting.title')}-${view.number}.${kind}`;
    const file = await chooseSave(t('supervision.netting.title'), name, kind === 'pdf' ? pdf : xlsx);
    if (file === null) return;
    const done = await (kind === 'pdf' ? print : write).start({ id, to: file.token });
    if (done !== undefined) notify(t('supervision.written', { name: file.name }));
  };
  const doAttach = async (feeId: number | undefined): Promise<void> => {
    const file = await chooseOpen(t('supervision.netting.attach'));
    if (file === null) return;
    const done = await attach.run({ id, file: file.token, ...(feeId === undefined ? {} : { feeId }) });
    if (done !== undefined) notify(t('supervision.netting.attached', { name: file.name }));
  };
  const doAsked = async (reason: string): Promise<void> => {
    const done = asking === 'reopen' ? await reopen.run({ id, reason }) : await cancel.run({ id, reason });
    if (done !== undefined) setAsking(undefined);
  };
  useKeys([
    {
      key: 'F8',
      label: t('supervision.netting.confirm'),
      run: () => void doConfirm(),
      isEnabled: isDraft && view?.gaps.length === 0,
      isMain: true,
    },
    { key: 'F9', label: t('supervision.print'), run: () => void toFile('pdf'), isEnabled: view !== undefined },
    { key: 'Ctrl+E', label: t('supervision.export'), run: () => void toFile('xlsx'), isEnabled: view !== undefined },
  ]);
  if (view === undefined) return sheet.status === 'failed' ? <ErrorNote error={sheet.error} /> : <Skeleton />;
  const gapsOf = (row: number): NettingView['gaps'] => view.gaps.filter((gap) => gap.row === row);
  return (
    <DetailPane
      title={view.number}
      isCode
      tags={<ToneTag tone={nettingTones[view.state]} label={t(`supervision.netting.state.${view.state}`)} />}
      extra={isDraft ? <KeyButton label={t('supervision.edit')} keys="F3" onPress={onEdit} /> : null}
      foot={
        <>
          <KeyButton
            label={t('supervision.print')}
            keys="F9"
            isBusy={print.status === 'running'}
            onPress={() => void toFile('pdf')}
          />
          <KeyButton
            label={t('supervision.export')}
            keys="Ctrl+E"
            isBusy={write.status === 'running'}
            onPress={() => void toFile('xlsx')}
          />
          <span className="spacer" />
          {view.state === 'confirmed' ? (
            <Button onClick={() => setAsking('reopen')}>{t('supervision.netting.reopen')}</Button>
          ) : null}
          {view.state === 'void' ? null : (
            <Button danger onClick={() => setAsking('void')}>
              {t('supervision.netting.void')}
            </Button>
          )}
          {isDraft ? (
            <KeyButton
              kind="primary"
              label={t('supervision.netting.confirm')}
              keys="F8"
              isDisabled={view.gaps.length > 0}
              isBusy={confirm.isRunning}
              onPress={() => void doConfirm()}
            />
          ) : null}
        </>
      }
    >
      <ErrorNote error={confirm.error ?? reopen.error ?? cancel.error ?? attach.error ?? print.error ?? write.error} />
      {asking === undefined ? null : (
        <ReasonLine
          placeholder={t(asking === 'reopen' ? 'supervision.netting.reopenReason' : 'supervision.netting.voidReason')}
          action={t(`supervision.netting.${asking}`)}
          onDone={doAsked}
          onCancel={() => setAsking(undefined)}
        />
      )}
      <div className="netting-sum" data-testid="netting-sum">
        <Amount value={view.gross} currency={view.currency} /> −{' '}
        <Amount value={view.feesTotal} currency={view.currency} bare /> ={' '}
        <strong>
          <Amount value={view.net} currency={view.currency} bare />
        </strong>
      </div>
      <Facts
        rows={[
          [t('supervision.netting.date'), view.date],
          [
            t('supervision.netting.counterparty'),
            [platformOf(view.counterparty), countryOf(view.counterpartyCountry)]
              .filter((one) => one !== '')
              .join(' · ') || '–',
          ],
          [
            t('supervision.netting.record'),
            view.record === undefined ? (
              '–'
            ) : (
              <Button
                key="record"
                type="link"
                size="small"
                onClick={() => navigate('money', { at: view.record?.id ?? 0 })}
              >
                {view.record.number}
              </Button>
            ),
          ],
          [
            t('supervision.netting.payout'),
            payout === undefined ? (
              '–'
            ) : (
              <Button key="payout" type="link" size="small" onClick={() => navigate('payouts', { id: payout.id })}>
                {payoutName(payout.number)}
              </Button>
            ),
          ],
          ...(view.reason === '' ? [] : ([[t('supervision.reason'), view.reason]] as const)),
          ...(view.note === '' ? [] : ([[t('supervision.netting.note'), view.note]] as const)),
        ]}
      />
      <DetailSection title={t('supervision.netting.legs')}>
        <table className="leg-table">
          <thead>
            <tr>
              <th>{t('supervision.netting.leg')}</th>
              <th>{t('supervision.netting.column.code')}</th>
              <th>{t('supervision.netting.column.invoiceNo')}</th>
              <th>{t('supervision.netting.paper')}</th>
              <th>{t('supervision.netting.posted')}</th>
              <th className="is-number">{t('supervision.netting.column.amount')}</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <td>
                {t('supervision.netting.actual')} <Gaps gaps={gapsOf(0).filter(({ gap }) => gap === 'link')} />
              </td>
              <td>
                <Code>{view.actualCode}</Code>
              </td>
              <td>{view.record?.number ?? ''}</td>
              <td />
              <td />
              <td className="is-number">
                <strong>
                  <Amount value={view.net} currency={view.currency} bare />
                </strong>
              </td>
            </tr>
            <tr>
              <td>
                {t('supervision.netting.goods')} <Gaps gaps={gapsOf(0).filter(({ gap }) => gap !== 'link')} />
              </td>
              <td>
                <Code>{view.goodsCode}</Code>
              </td>
              <td>{view.goodsEvidence}</td>
              <td>
                <Paper paper={view.goodsPaper} isDraft={isDraft} onAttach={() => void doAttach(undefined)} />
              </td>
              <td />
              <td className="is-number">
                <Amount value={view.gross} currency={view.currency} bare />
              </td>
            </tr>
            {view.fees.map((fee, at) => (
              <tr key={fee.id}>
                <td>
                  {t(`supervision.fee.${fee.type}`)}
                  {fee.payee === '' ? null : <span className="muted"> {platformOf(fee.payee)}</span>}{' '}
                  <Gaps gaps={gapsOf(at + 1)} />
                </td>
                <td>
                  <Code>{fee.code}</Code>
                </td>
                <td>{fee.invoiceNo}</td>
                <td>
                  <Paper paper={fee.paper} isDraft={isDraft} onAttach={() => void doAttach(fee.id)} />
                </td>
                <td>
                  <PostedBy fee={fee} />
                </td>
                <td className="is-number">
                  <Amount value={`-${fee.amount}`} currency={view.currency} bare />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="field-hint leg-note">{t('supervision.netting.bankDecides')}</p>
      </DetailSection>
      <DetailSection title={t('supervision.derivation')}>
        <DerivationSteps calculation={view.calculation} />
      </DetailSection>
    </DetailPane>
  );
}

/** What posts a fee; a document leads to itself. */
function PostedBy({ fee }: { readonly fee: NettingView['fees'][number] }) {
  const { t } = useTranslation();
  const { document, postedBy } = fee;
  if (document === undefined) return <>{t(`supervision.netting.by.${postedBy}`)}</>;
  return (
    <Button type="link" size="small" onClick={() => navigate('ledger', { tab: 'documents', id: document.id })}>
      {document.number}
    </Button>
  );
}

function Gaps({ gaps }: { readonly gaps: NettingView['gaps'] }) {
  const { t } = useTranslation();
  return (
    <>
      {gaps.map(({ gap }) => (
        <span key={gap} className="gap-mark">
          <ToneMark tone="action" /> {t(`supervision.netting.gap.${gap}`)}
        </span>
      ))}
    </>
  );
}

function Paper({
  paper,
  isDraft,
  onAttach,
}: {
  readonly paper: NettingView['goodsPaper'];
  readonly isDraft: boolean;
  readonly onAttach: () => void;
}) {
  const { t } = useTranslation();
  if (paper !== undefined) return <span title={`SHA-256 ${paper.sha256}`}>{paper.fileName}</span>;
  return isDraft ? (
    <Button type="link" size="small" onClick={onAttach}>
      {t('supervision.netting.attach')}
    </Button>
  ) : (
    <span className="muted">–</span>
  );
}
