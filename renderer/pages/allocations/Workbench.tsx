/**
 * The right half: what fits a receipt or a claim, with score and reasons in words; what is taken of it, with amounts as typed and what
 * that leaves on both sides; and what is allocated already. All by keyboard: arrows, Space takes, digits are the amount, Enter
 * confirms, Del withdraws.
 */
import { Button, Input, type InputRef } from 'antd';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AllocationRow, AllocationTarget, OpenReceipt, OpenTarget } from '../../../shared/contract/allocations.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { exponentOf } from '../../../shared/money/index.ts';
import { isComposing, useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { type QueryState, useCommand, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import type { Tone } from '../../theme/palette.ts';
import {
  confirmationOf,
  foundOffer,
  isAcross,
  isConfirmable,
  type Offer,
  offerOf,
  residualsOf,
  type Share,
  type SideLeft,
  shareKey,
  targetKey,
  toggled,
} from './draft.ts';
import { Declarations, openTarget } from './targets.tsx';

const areas = ['money', 'matching', 'orders', 'tax'] as const;
const found = 30;

const toneOf: Readonly<Record<OpenTarget['state'], Tone>> = {
  UNMATCHED: 'action',
  PARTLY: 'waiting',
  FULLY: 'accepted',
  OVER: 'rejected',
};

interface SideProps {
  /** The arrows work here at once: the user is going through the list from here. */
  readonly takesFocus: boolean;
  readonly onNext: () => void;
}

/** What fits a receipt. @param row of the list, where it is there already */
export function ReceiptBench({
  id,
  row,
  ...rest
}: SideProps & { readonly id: number; readonly row: OpenReceipt | undefined }) {
  const suggested = useQuery('allocations.suggest', { recordId: id }, { areas });
  const receipt = suggested.data?.receipt ?? row;
  if (receipt !== undefined) return <OfReceipt receipt={receipt} suggested={suggested} {...rest} />;
  return suggested.status === 'failed' ? <ErrorNote error={suggested.error} onRetry={suggested.reload} /> : null;
}

function OfReceipt({
  receipt,
  suggested,
  ...rest
}: SideProps & {
  readonly receipt: OpenReceipt;
  readonly suggested: QueryState<OutputOf<'allocations.suggest'>> & { readonly reload: () => void };
}) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const searched = useQuery('allocations.openTargets', text === '' ? null : { text, limit: found }, { areas });
  const allocated = useQuery('allocations.list', { recordId: receipt.id }, { areas });
  const offers = useMemo(() => {
    if (text !== '') return searched.data?.rows.map((target) => foundOffer(receipt, target));
    return suggested.data?.suggestions.map((one) => offerOf(receipt, one));
  }, [text, searched.data, suggested.data, receipt]);
  return (
    <Bench
      title={receipt.number}
      state={receipt.state}
      facts={[
        [t('allocations.column.payer'), receipt.payer || '–'],
        [t('allocations.fact.received'), <Amount key="a" value={receipt.amount} currency={receipt.currency} />],
        [t('allocations.fact.fee'), <Amount key="f" value={receipt.fee} currency={receipt.currency} />],
        [t('allocations.column.left'), <Amount key="l" value={receipt.open} currency={receipt.currency} />],
        [
          t('allocations.fact.slip'),
          [receipt.reference, receipt.text].filter((part) => part !== '').join(' · ') || '–',
        ],
        [t('allocations.column.date'), receipt.date],
      ]}
      side="receipt"
      open={{ key: String(receipt.id), label: receipt.number, currency: receipt.currency, open: receipt.open }}
      offers={offers}
      error={text === '' ? suggested.error : searched.error}
      onRetry={text === '' ? suggested.reload : searched.reload}
      text={text}
      onText={setText}
      allocated={allocated.data?.rows}
      onOpen={() => navigate('money', { at: receipt.id })}
      {...rest}
    />
  );
}

/** Which receipts fit a claim. */
export function TargetBench({ target, ...rest }: SideProps & { readonly target: OpenTarget }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const named = useMemo(
    (): AllocationTarget =>
      target.kind === 'payout' && target.id !== undefined
        ? { kind: 'payout', id: target.id }
        : target.kind === 'declaration'
          ? { kind: 'declaration', no: target.no, currency: target.currency }
          : { kind: 'order', no: target.no },
    [target],
  );
  const suggested = useQuery('allocations.suggestFor', { target: named }, { areas });
  const searched = useQuery('allocations.openReceipts', text === '' ? null : { text, limit: found }, { areas });
  const allocated = useQuery('allocations.list', { target: named }, { areas });
  const now = suggested.data?.target ?? target;
  const offers = useMemo(() => {
    if (text !== '') return searched.data?.rows.map((receipt) => foundOffer(receipt, now));
    return suggested.data?.suggestions.map((one) => offerOf(one.receipt, one));
  }, [text, searched.data, suggested.data, now]);
  return (
    <Bench
      title={now.no}
      state={now.state}
      facts={[
        [t('allocations.column.kind'), t(`allocations.kind.${now.kind}`)],
        [t('allocations.fact.buyer'), now.buyer || '–'],
        [t('allocations.fact.due'), <Amount key="d" value={now.due} currency={now.currency} />],
        [t('allocations.column.open'), <Amount key="o" value={now.open} currency={now.currency} />],
        [t('allocations.fact.settledOn'), now.settledOn ?? '–'],
        ...(now.inKind === undefined
          ? []
          : ([[t('barter.inKind'), <Amount key="k" value={now.inKind} currency={now.currency} />]] as const)),
        [t('allocations.fact.declarations'), <Declarations key="n" numbers={now.declarations} />],
      ]}
      note={
        /^0(\.0+)?$/.test(now.countsAsCharges)
          ? undefined
          : t('allocations.countsAsCharges', { amount: `${now.currency} ${now.countsAsCharges}` })
      }
      side="target"
      open={{ key: targetKey(now), label: now.no, currency: now.currency, open: now.open }}
      offers={offers}
      error={text === '' ? suggested.error : searched.error}
      onRetry={text === '' ? suggested.reload : searched.reload}
      text={text}
      onText={setText}
      allocated={allocated.data?.rows}
      onOpen={() => openTarget(now.kind, now.id, now.no)}
      {...rest}
    />
  );
}

interface BenchProps extends SideProps {
  readonly title: string;
  readonly state: OpenTarget['state'];
  readonly facts: React.ComponentProps<typeof Facts>['rows'];
  readonly note?: string | undefined;
  /** What the left half lists: its residual is always shown. */
  readonly side: 'receipt' | 'target';
  readonly open: Pick<SideLeft, 'key' | 'label' | 'currency' | 'open'>;
  readonly offers: readonly Offer[] | undefined;
  readonly error: ContractError | undefined;
  readonly onRetry: () => void;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly allocated: readonly AllocationRow[] | undefined;
  readonly onOpen: () => void;
}

function Bench(props: BenchProps) {
  const { title, state, facts, note, side, open, offers, error, onRetry, text, onText, allocated, onOpen } = props;
  const { takesFocus, onNext } = props;
  const { t } = useTranslation();
  const form = useFormDraft<{ shares: readonly Share[]; thirdParty: string }>(
    `allocation ${side} ${open.key}`,
    { shares: [], thirdParty: '' },
    open.open,
  );
  const { shares, thirdParty } = form.value;
  const setThirdParty = (next: string): void => form.change({ thirdParty: next });
  const [activeKey, setActiveKey] = useState<string>();
  const confirm = useCommand('allocations.confirm');
  const panel = useRef<HTMLDivElement>(null);
  const search = useRef<InputRef>(null);
  const explain = useRef<InputRef>(null);
  const active = offers?.find(({ key }) => key === activeKey) ?? offers?.[0];
  const takenKeys = new Set(shares.map(shareKey));
  const taken = (offers ?? []).filter(({ parts }) => parts.every((part) => takenKeys.has(shareKey(part))));
  const isStranger = confirm.error?.code === 'ALLOCATION_THIRD_PARTY' || taken.some(({ isThirdParty }) => isThirdParty);
  const left = residualsOf(shares);

  const toOffers = (): void => panel.current?.querySelector<HTMLElement>('.allocation-offers [role=grid]')?.focus();
  useEffect(() => {
    if (takesFocus) panel.current?.querySelector<HTMLElement>('.allocation-offers [role=grid]')?.focus();
  }, [takesFocus]);
  const put = (next: readonly Share[]): void => {
    confirm.clear();
    form.change({ shares: next });
  };
  const take = (offer: Offer): void => {
    if (offer.explained !== undefined && thirdParty === '') setThirdParty(offer.explained);
    put(toggled(shares, offer));
  };
  const change = (key: string, typed: Partial<Share>): void =>
    put(shares.map((share) => (shareKey(share) === key ? { ...share, ...typed } : share)));
  /** A digit typed on an offer is the beginning of its amount. */
  const typeAmount = (offer: Offer, digit: string): void => {
    const [first] = offer.parts;
    if (first === undefined) return;
    const key = shareKey(first);
    const before = shares.some((share) => shareKey(share) === key) ? shares : toggled(shares, offer);
    put(before.map((share) => (shareKey(share) === key ? { ...share, amount: digit } : share)));
    requestAnimationFrame(() => panel.current?.querySelector<HTMLElement>(`[id="amount-${key}"]`)?.focus());
  };
  const submit = async (): Promise<void> => {
    if (!isConfirmable(shares) || confirm.isRunning) return;
    if (isStranger && thirdParty.trim() === '') {
      explain.current?.focus();
      return;
    }
    const done = await confirm.run(confirmationOf(shares, isStranger ? thirdParty.trim() : ''));
    if (done === undefined) {
      requestAnimationFrame(() => explain.current?.focus());
      return;
    }
    form.reset();
    onText('');
    notify(t('allocations.confirmed', { count: shares.length, title }));
    const own = side === 'receipt' ? done.receipts.map((one) => one.open) : done.targets.map((one) => one.open);
    toOffers();
    if (own.every((amount) => /^-?0(\.0+)?$/.test(amount))) onNext();
  };
  /** Ctrl+F searches where the cursor is: the offers here, or the list. */
  const find = (): void => {
    if (panel.current?.contains(document.activeElement) === true) search.current?.focus({ cursor: 'all' });
    else document.querySelector<HTMLElement>('.page-filters .search-input input')?.focus();
  };
  useKeys([
    { key: 'Space', label: t('allocations.key.take'), isMain: true },
    { key: 'Ctrl+Enter', label: t('allocations.key.confirm'), run: () => void submit(), isMain: true },
    { key: 'Ctrl+F', label: t('allocations.key.search'), run: find },
    { key: 'Delete', label: t('allocations.key.withdraw') },
  ]);
  const onOffersKey = (event: KeyboardEvent): void => {
    if (isComposing(event) || !(event.target instanceof HTMLElement) || event.target.getAttribute('role') !== 'grid')
      return;
    if (active === undefined || event.ctrlKey || event.altKey) return;
    if (!/^[0-9]$/.test(event.key)) return;
    event.preventDefault();
    typeAmount(active, event.key);
  };
  const columns = useMemo(
    (): Column<Offer>[] => [
      {
        id: 'score',
        title: t('allocations.column.score'),
        width: 52,
        align: 'right',
        render: ({ score }) => (score === undefined ? <span className="muted">–</span> : <strong>{score}</strong>),
      },
      {
        id: 'what',
        title: side === 'receipt' ? t('allocations.column.no') : t('allocations.column.receipt'),
        width: 150,
        render: ({ parts }) => <Named parts={parts} side={side} />,
      },
      { id: 'date', title: t('allocations.column.date'), width: 100, render: ({ parts }) => dateOf(parts[0], side) },
      {
        id: 'open',
        title: side === 'receipt' ? t('allocations.column.open') : t('allocations.column.left'),
        width: 112,
        align: 'right',
        render: ({ parts }) => <OpenOf parts={parts} side={side} />,
      },
      {
        id: 'why',
        title: t('allocations.column.why'),
        render: ({ reasons }) => reasons.map(({ code }) => t(`allocations.short.${code}`)).join(t('money.comma')),
      },
    ],
    [t, side],
  );
  const ownLeft = (side === 'receipt' ? left.receipts : left.targets).find(({ key }) => key === open.key);
  return (
    <div className="allocation-bench" ref={panel}>
      <DetailPane
        title={title}
        isCode
        tags={<ToneTag tone={toneOf[state]} label={t(`allocations.state.${state}`)} />}
        extra={
          <Button size="small" onClick={onOpen}>
            {t('allocations.show.record')}
          </Button>
        }
        foot={
          <div className="allocation-foot">
            <Residual
              label={t(`allocations.residual.${side}`)}
              side={ownLeft ?? { ...open, taken: undefined, left: open.open, isOver: false }}
            />
            <KeyButton
              kind="primary"
              label={t('allocations.confirm', { count: shares.length })}
              keys="Ctrl+Enter"
              isDisabled={!isConfirmable(shares)}
              isBusy={confirm.isRunning}
              onPress={() => void submit()}
            />
          </div>
        }
      >
        <Facts rows={facts} columns={3} />
        {note === undefined ? null : <p className="allocation-note">{note}</p>}
        <DetailSection
          title={text === '' ? t('allocations.suggestions') : t('allocations.found')}
          extra={
            <Input
              ref={search}
              size="small"
              allowClear
              spellCheck={false}
              value={text}
              placeholder={t(`allocations.lookFor.${side}`)}
              aria-label={t(`allocations.lookFor.${side}`)}
              onChange={(event) => onText(event.target.value)}
              onKeyDown={(event) => {
                if (isComposing(event)) return;
                if (event.key === 'Escape' && text !== '') onText('');
                else if (event.key === 'ArrowDown' || event.key === 'Enter') toOffers();
                else return;
                event.preventDefault();
              }}
            />
          }
        >
          {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the grid inside */}
          <div className="allocation-offers" onKeyDown={onOffersKey}>
            <DataTable
              label={t('allocations.suggestions')}
              pages={plainPages(offers, error, onRetry)}
              rowKey={({ key }) => key}
              columns={columns}
              activeKey={active?.key}
              onActivate={({ key }) => setActiveKey(key)}
              onOpen={(offer) => (shares.length === 0 ? take(offer) : void submit())}
              selectedKeys={taken.map(({ key }) => key)}
              onSelect={(keys) => {
                const differs = (offers ?? []).filter((offer) => keys.includes(offer.key) !== taken.includes(offer));
                put(differs.reduce(toggled, shares));
                const told = differs.find(({ explained }) => explained !== undefined)?.explained;
                if (told !== undefined && thirdParty === '') setThirdParty(told);
              }}
              rowTone={({ score }) => (score === undefined || score >= 50 ? undefined : 'muted')}
              empty={
                <EmptyState
                  title={t(text === '' ? 'allocations.empty.suggestions' : 'allocations.empty.found')}
                  hint={t('allocations.empty.suggestionsHint')}
                />
              }
              fit
            />
          </div>
          {active === undefined ? null : <Reasons offer={active} />}
        </DetailSection>
        {shares.length === 0 ? null : (
          <DetailSection title={t('allocations.taken')}>
            <RestoredNote draft={form} />
            <form
              className="allocation-draft"
              onSubmit={(event) => {
                event.preventDefault();
                void submit();
              }}
              onKeyDown={(event) => {
                if (event.key !== 'Escape' || isComposing(event)) return;
                event.preventDefault();
                toOffers();
              }}
            >
              <DraftTable
                shares={shares}
                side={side}
                left={side === 'receipt' ? left.targets : left.receipts}
                onChange={change}
              />
              {isStranger ? (
                <Field
                  id="allocation-explain"
                  label={t('allocations.thirdParty')}
                  hint={t('allocations.thirdPartyHint')}
                  isRequired
                >
                  <Input
                    ref={explain}
                    id="allocation-explain"
                    maxLength={200}
                    value={thirdParty}
                    onChange={(event) => setThirdParty(event.target.value)}
                  />
                </Field>
              ) : null}
              {/* Enter in any field confirms. */}
              <button type="submit" hidden />
            </form>
            <ErrorNote error={confirm.error} isInline />
          </DetailSection>
        )}
        <Allocated rows={allocated} side={side} onGone={toOffers} />
      </DetailPane>
    </div>
  );
}

const dateOf = (part: Share | undefined, side: BenchProps['side']): string =>
  (side === 'receipt' ? part?.target.date : part?.receipt.date) ?? '';

function Named({ parts, side }: { readonly parts: readonly Share[]; readonly side: BenchProps['side'] }) {
  const { t } = useTranslation();
  const [first] = parts;
  if (first === undefined) return null;
  const name = side === 'receipt' ? first.target.no : first.receipt.number;
  return parts.length === 1 ? (
    <Code>{name}</Code>
  ) : (
    <span title={parts.map(({ target }) => target.no).join(t('money.comma'))}>
      <Code>{name}</Code> {t('allocations.andMore', { count: parts.length - 1 })}
    </span>
  );
}

function OpenOf({ parts, side }: { readonly parts: readonly Share[]; readonly side: BenchProps['side'] }) {
  const { t } = useTranslation();
  const [first] = parts;
  if (first === undefined) return null;
  if (parts.length > 1) return <span className="muted">{t('allocations.inSum')}</span>;
  return side === 'receipt' ? (
    <Amount value={first.target.open} currency={first.target.currency} />
  ) : (
    <Amount value={first.receipt.open} currency={first.receipt.currency} />
  );
}

/** Why an offer is made, in words, each with the points it brought; and whom it is about. */
function Reasons({ offer }: { readonly offer: Offer }) {
  const { t } = useTranslation();
  const [first] = offer.parts;
  return (
    <div className="allocation-reasons" aria-live="polite">
      {first === undefined ? null : (
        <p>
          {first.target.buyer === '' ? null : <span>{t('allocations.ofBuyer', { buyer: first.target.buyer })}</span>}
          {first.receipt.payer === '' ? null : <span>{t('allocations.byPayer', { payer: first.receipt.payer })}</span>}
          {offer.parts.length > 1 ? (
            <span className="code">{offer.parts.map(({ target }) => target.no).join(t('money.comma'))}</span>
          ) : null}
          {first.target.declarations.length === 0 ? null : <Declarations numbers={first.target.declarations} />}
        </p>
      )}
      <ul>
        {offer.reasons.map(({ code, points, params }) => (
          <li key={code}>
            <span className={points < 0 ? 'is-doubt' : points > 0 ? 'is-reason' : 'muted'}>
              {points > 0 ? `+${points}` : points < 0 ? `−${-points}` : '·'}
            </span>
            {t(`allocations.reason.${code}`, params)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What is taken: amount, charges, across currencies the amount on the other side; and what that leaves over there. */
function DraftTable({
  shares,
  side,
  left,
  onChange,
}: {
  readonly shares: readonly Share[];
  readonly side: BenchProps['side'];
  readonly left: readonly SideLeft[];
  readonly onChange: (key: string, typed: Partial<Share>) => void;
}) {
  const { t } = useTranslation();
  const hasAcross = shares.some(isAcross);
  return (
    <table>
      <thead>
        <tr>
          <th>{side === 'receipt' ? t('allocations.column.no') : t('allocations.column.receipt')}</th>
          <th className="is-number">{t('allocations.column.amount')}</th>
          {hasAcross ? <th className="is-number">{t('allocations.column.targetAmount')}</th> : null}
          <th className="is-number">{t('allocations.column.charge')}</th>
          <th className="is-number">
            {side === 'receipt' ? t('allocations.column.leftOpen') : t('allocations.column.leftOver')}
          </th>
        </tr>
      </thead>
      <tbody>
        {shares.map((share) => {
          const key = shareKey(share);
          const { receipt, target } = share;
          const other = left.find((one) => one.key === (side === 'receipt' ? targetKey(target) : String(receipt.id)));
          const name = side === 'receipt' ? target.no : receipt.number;
          return (
            <tr key={key}>
              <td>
                <Code>{name}</Code>
              </td>
              <td>
                <NumericInput
                  id={`amount-${key}`}
                  label={`${name} ${t('allocations.column.amount')}`}
                  decimals={exponentOf(receipt.currency)}
                  unit={receipt.currency}
                  value={share.amount}
                  onChange={(amount) => onChange(key, { amount })}
                />
              </td>
              {hasAcross ? (
                <td>
                  {isAcross(share) ? (
                    <NumericInput
                      label={`${name} ${t('allocations.column.targetAmount')}`}
                      decimals={exponentOf(target.currency)}
                      unit={target.currency}
                      value={share.targetAmount}
                      onChange={(targetAmount) => onChange(key, { targetAmount })}
                    />
                  ) : null}
                </td>
              ) : null}
              <td>
                <NumericInput
                  label={`${name} ${t('allocations.column.charge')}`}
                  decimals={exponentOf(target.currency)}
                  unit={target.currency}
                  value={share.charge}
                  onChange={(charge) => onChange(key, { charge })}
                />
              </td>
              <td className="is-number">
                <Left side={other} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Left({ side }: { readonly side: SideLeft | undefined }) {
  const { t } = useTranslation();
  if (side?.left === undefined) return <span className="muted">–</span>;
  if (!side.isOver) return <Amount value={side.left} currency={side.currency} />;
  return <ToneTag tone="rejected" label={t('allocations.over', { amount: side.left.replace('-', '') })} />;
}

function Residual({ label, side }: { readonly label: string; readonly side: SideLeft }) {
  const { t } = useTranslation();
  return (
    <span className="allocation-residual">
      <span>
        {label} <Amount value={side.open} currency={side.currency} />
      </span>
      <span>
        {t('allocations.residual.taken')} <Amount value={side.taken ?? '0'} currency={side.currency} bare />
      </span>
      <strong>
        {t('allocations.residual.after')} <Left side={side} />
      </strong>
    </span>
  );
}

/** What is allocated already: Del takes it back. An order leads to its page, its lists and declarations to theirs. */
function Allocated({
  rows,
  side,
  onGone,
}: {
  readonly rows: readonly AllocationRow[] | undefined;
  readonly side: BenchProps['side'];
  /** The last one is taken back: the list goes, and the cursor with it. */
  readonly onGone: () => void;
}) {
  const { t } = useTranslation();
  const withdraw = useCommand('allocations.withdraw');
  const [activeId, setActiveId] = useState<number>();
  const active = rows?.find(({ id }) => id === activeId) ?? rows?.[0];
  const takeBack = async (id: number): Promise<void> => {
    const done = await withdraw.run({ ids: [id] });
    if (done === undefined) return;
    notify(t('allocations.withdrawn', { count: done.withdrawn }));
    if (rows?.length === 1) onGone();
  };
  const columns = useMemo(
    (): Column<AllocationRow>[] => [
      {
        id: 'no',
        title: side === 'receipt' ? t('allocations.column.no') : t('allocations.column.receipt'),
        width: 150,
        render: ({ source, target }) =>
          side === 'receipt' ? (
            <Button type="link" size="small" onClick={() => openTarget(target.kind, target.id, target.no)}>
              {target.no}
            </Button>
          ) : (
            <Button
              type="link"
              size="small"
              onClick={() =>
                source.kind === 'payout' ? navigate('payouts', { id: source.id }) : navigate('money', { at: source.id })
              }
            >
              {source.number}
            </Button>
          ),
      },
      {
        id: 'amount',
        title: t('allocations.column.amount'),
        width: 112,
        align: 'right',
        render: ({ amount, source }) => <Amount value={amount} currency={source.currency} />,
      },
      {
        id: 'charge',
        title: t('allocations.column.charge'),
        width: 76,
        align: 'right',
        render: ({ charge, target }) => <Amount value={charge} currency={target.currency} bare />,
      },
      {
        id: 'left',
        title: t('allocations.column.leftOpen'),
        width: 90,
        align: 'right',
        render: ({ target }) => <Amount value={target.open} currency={target.currency} bare />,
      },
      {
        id: 'declarations',
        title: t('allocations.fact.declarations'),
        render: ({ target, thirdParty }) => (
          <>
            {target.declarations.length === 0 && thirdParty !== '' ? null : (
              <Declarations numbers={target.declarations} />
            )}
            {thirdParty === '' ? null : <span className="muted">{thirdParty}</span>}
          </>
        ),
      },
    ],
    [t, side],
  );
  if (rows === undefined || rows.length === 0) return null;
  return (
    <DetailSection
      title={t('allocations.allocated', { count: rows.length })}
      extra={
        <Button
          size="small"
          disabled={active === undefined || withdraw.isRunning}
          onClick={() => active !== undefined && void takeBack(active.id)}
        >
          {t('allocations.withdraw')}
        </Button>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the grid inside */}
      <div
        className="allocation-made"
        onKeyDown={(event) => {
          if (event.key !== 'Delete' || active === undefined || withdraw.isRunning) return;
          event.preventDefault();
          void takeBack(active.id);
        }}
      >
        <DataTable
          label={t('allocations.allocated', { count: rows.length })}
          pages={plainPages(rows)}
          rowKey={({ id }) => id}
          columns={columns}
          activeKey={active?.id}
          onActivate={({ id }) => setActiveId(id)}
          onOpen={({ target }) => openTarget(target.kind, target.id, target.no)}
          empty={null}
          fit
        />
      </div>
      <ErrorNote error={withdraw.error} isInline />
    </DetailSection>
  );
}
