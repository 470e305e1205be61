/** One joint shipment in plain words: whose goods, what it cost and brought, what each family gets, its statement, its money. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { costKinds, payFromAccount, payMethods, proceedsKinds } from '../../../shared/contract/joint.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import type { ShareBasis } from '../../../shared/joint/shares.ts';
import { tryParse5 } from '../../../shared/money/decimal.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { leaveSimple } from '../../app/simple-mode.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { isNumberText, NumericInput } from '../../components/NumericInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { call, errorOf, useCommand, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { ensureParty } from '../ledger/parties.ts';
import { kg } from '../trace/parts.tsx';
import { Ask, BigPage, Choice, Choices, Money, PlainError } from './parts.tsx';
import { usePlainPaper } from './use-plain-paper.ts';

type Joint = OutputOf<'joint.get'>;
type Goods = OutputOf<'joint.goods'>['rows'][number];
type Amount = Joint['amounts'][number];
type Balance = Joint['balances'][number];

const isNought = (amount: string): boolean => /^-?0(\.0+)?$/.test(amount);
/** An amount above zero with two decimals at most. */
const isAmount = (text: string): boolean => isNumberText(text, 2, false) && !/^0*(\.0*)?$/.test(text);
/** By what families share; what each sold for is asked for in the clerk's desk. */
const plainBases = ['weight', 'cartons', 'value'] as const satisfies readonly ShareBasis[];

export function TogetherOne({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const got = useQuery('joint.get', { id }, { areas: ['lots'] });
  const goods = useQuery('joint.goods', { id }, { areas: ['lots'] });
  const take = useCommand('joint.take');
  useKeys([{ key: 'Esc', label: t('common.back'), run: () => navigate('together') }]);
  const joint = got.data;
  const foot = (
    <>
      <Button onClick={() => navigate('together')}>{t('common.back')}</Button>
      <span className="simple-saved" />
      <Button id="together-whole" onClick={() => leaveSimple('jointShipment', { id })}>
        {t('simple.openWhole')}
      </Button>
    </>
  );
  if (joint === undefined)
    return (
      <BigPage title={t('simple.area.together')} foot={foot}>
        <PlainError error={got.error} onRetry={got.reload} />
      </BigPage>
    );
  return (
    <BigPage
      title={joint.title}
      hint={`${joint.on} · ${t('simple.together.of', {
        members: formatCount(joint.members),
        boxes: formatCount(joint.cartons),
        mass: kg(joint.massG),
      })}`}
      foot={foot}
    >
      <PlainError error={goods.error ?? take.error} onRetry={goods.reload} />
      {joint.sourceNow?.isSame === false ? (
        <div className="simple-reason" role="status">
          {t('simple.together.changed')}
          <div className="simple-begin">
            <Button loading={take.isRunning} onClick={() => void take.run({ id })}>
              {t('simple.together.again')}
            </Button>
          </div>
        </div>
      ) : null}
      <section className="simple-section">
        <h2>{t('simple.together.whose')}</h2>
        {goods.data?.rows.map((row) => (
          <GoodsCard key={row.id} jointId={id} row={row} isValued={joint.amounts.some(({ by }) => by === 'value')} />
        ))}
      </section>
      <Amounts joint={joint} />
      <section className="simple-section">
        <h2>{t('simple.together.each')}</h2>
        {joint.balances.length === 0 ? <p className="muted">{t('simple.together.noMembers')}</p> : null}
        {joint.balances.map((row) => (
          <MemberCard key={row.partyId} joint={joint} row={row} />
        ))}
        <Issue joint={joint} />
      </section>
    </BigPage>
  );
}

/** Goods of one family; whose they are where nobody is on record, and their value where something is shared by it. */
function GoodsCard({
  jointId,
  row,
  isValued,
}: {
  readonly jointId: number;
  readonly row: Goods;
  readonly isValued: boolean;
}) {
  const { t } = useTranslation();
  const form = useFormDraft(
    `simple together goods ${row.id}`,
    { owner: '', value: isNought(row.value) ? '' : row.value },
    JSON.stringify(row),
  );
  const { owner, value } = form.value;
  const [error, setError] = useState<ContractError>();
  const isOwned = row.partyId !== undefined;
  const wantsValue =
    isValued && isNumberText(value, 2, false) && value !== '' && tryParse5(value) !== tryParse5(row.value);
  const canSave = (!isOwned && owner.trim() !== '') || wantsValue;
  const save = async (): Promise<void> => {
    if (!canSave) return;
    setError(undefined);
    try {
      const partyId = row.partyId ?? (await ensureParty('supplier', owner, ''));
      const { id, goods, place, massG, cartons, sold } = row;
      await call('joint.saveGoods', {
        ...{ id, jointId, goods, place, massG, cartons, sold, value: wantsValue ? value : row.value },
        ...(partyId === undefined ? {} : { partyId }),
      });
      form.done();
    } catch (thrown) {
      setError(errorOf(thrown));
    }
  };
  return (
    <div className="simple-card">
      <span className="simple-card-text">
        <strong>{isOwned ? row.party : t('simple.together.nobody')}</strong>
        <small>
          {row.goods} · {t('simple.together.loadedOf', { boxes: formatCount(row.cartons), mass: kg(row.massG) })}
          {row.place === '' ? '' : ` · ${row.place}`}
        </small>
      </span>
      {isOwned && !isValued ? null : (
        <div className="simple-inline simple-asks">
          {isOwned ? null : (
            <Ask id={`owner-${row.id}`} label={t('simple.together.owner')} term={t('simple.term.owner')}>
              <Input
                id={`owner-${row.id}`}
                maxLength={100}
                autoComplete="off"
                value={owner}
                onChange={(event) => form.change({ owner: event.target.value })}
              />
            </Ask>
          )}
          {isValued ? (
            <Ask id={`value-${row.id}`} label={t('simple.together.value')} term={t('simple.term.value')}>
              <NumericInput
                id={`value-${row.id}`}
                decimals={2}
                value={value}
                unit={t('simple.unit.yuan')}
                onChange={(next) => form.change({ value: next })}
              />
            </Ask>
          ) : null}
          <Button type="primary" disabled={!canSave} onClick={() => void save()}>
            {t('common.save')}
          </Button>
        </div>
      )}
      <PlainError error={error} />
    </div>
  );
}

/** What the shipment cost and what it brought in. */
function Amounts({ joint }: { readonly joint: Joint }) {
  const { t } = useTranslation();
  const [side, setSide] = useState<Amount['side']>();
  return (
    <section className="simple-section">
      <h2>{t('simple.together.amounts')}</h2>
      {joint.amounts.map((row) => (
        <AmountCard key={row.id} row={row} isOpen={joint.unshared.some(({ id }) => id === row.id)} />
      ))}
      {side === undefined ? (
        <div className="simple-begin">
          <Button id="together-cost" onClick={() => setSide('cost')}>
            {t('simple.together.addCost')}
          </Button>
          <Button id="together-proceeds" onClick={() => setSide('proceeds')}>
            {t('simple.together.addProceeds')}
          </Button>
        </div>
      ) : (
        <NewAmount key={side} joint={joint} side={side} onDone={() => setSide(undefined)} />
      )}
    </section>
  );
}

function AmountCard({ row, isOpen }: { readonly row: Amount; readonly isOpen: boolean }) {
  const { t } = useTranslation();
  const remove = useCommand('joint.removeAmount');
  const [isAsking, setAsking] = useState(false);
  return (
    <div className="simple-card">
      <span className="simple-card-text">
        <strong>
          {t(`joint.kind.${row.kind}`)} <Money amount={row.amount} currency="CNY" />
        </strong>
        <small>
          {t(`simple.together.side.${row.side}`)} ·{' '}
          {row.party === undefined
            ? t(`simple.together.by.${row.by}`)
            : t('simple.together.onlyOf', { name: row.party })}
          {row.note === '' ? '' : ` · ${row.note}`}
        </small>
      </span>
      {isOpen ? <ToneTag tone="action" label={t('simple.together.cannotShare')} /> : null}
      {row.recordNow === undefined ? null : <ToneTag tone="action" label={t('simple.together.receiptChanged')} />}
      {isAsking ? (
        <>
          <span>{t('simple.together.removeAsk')}</span>
          <Button onClick={() => setAsking(false)}>{t('simple.what.keepIn')}</Button>
          <Button danger loading={remove.isRunning} onClick={() => void remove.run({ id: row.id })}>
            {t('simple.together.remove')}
          </Button>
        </>
      ) : (
        <Button onClick={() => setAsking(true)}>{t('simple.together.remove')}</Button>
      )}
      <PlainError error={remove.error} />
    </div>
  );
}

function NewAmount({
  joint,
  side,
  onDone,
}: {
  readonly joint: Joint;
  readonly side: Amount['side'];
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const save = useCommand('joint.saveAmount');
  const kinds: readonly Amount['kind'][] = side === 'cost' ? costKinds : proceedsKinds;
  const { id: jointId, balances } = joint;
  const receipts = useQuery('joint.receipts', side === 'cost' ? null : { id: jointId }, { areas: ['lots', 'money'] });
  const offered = (receipts.data?.rows ?? []).filter(({ taken, cny }) => taken === undefined && cny !== undefined);
  const form = useFormDraft(`simple together ${side} ${jointId}`, {
    kind: (side === 'cost' ? 'freight' : 'sale') as Amount['kind'],
    by: 'weight' as (typeof plainBases)[number],
    partyId: undefined as number | undefined,
    recordId: undefined as number | undefined,
    amount: '',
    note: '',
  });
  const { kind, by, amount, note, partyId, recordId } = form.value;
  const submit = async (): Promise<void> => {
    if (!isAmount(amount) || save.isRunning) return;
    if ((await save.run({ jointId, side, ...form.value })) === undefined) return;
    form.done();
    notify(t('simple.goods.taken'));
    onDone();
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  useKeys([
    { key: 'Ctrl+Enter', label: t('common.save'), run: () => void submit(), isMain: true },
    { key: 'Esc', label: t('common.back'), run: onDone },
  ]);
  return (
    <form className="simple-card is-tall" onKeyDown={onKeyDown} onSubmit={(event) => event.preventDefault()}>
      <RestoredNote draft={form} />
      <PlainError error={save.error} />
      <Choices label={t(`simple.together.what.${side}`)}>
        {kinds.map((one) => (
          <Choice
            key={one}
            title={t(`joint.kind.${one}`)}
            isOn={one === kind}
            onPress={() => form.change({ kind: one })}
          />
        ))}
      </Choices>
      {offered.length === 0 ? null : (
        <Choices label={t('simple.together.receipts')} term={t('simple.term.receipt')}>
          {offered.map((one) => (
            <Choice
              key={one.recordId}
              title={<Money amount={one.amount} currency={one.currency} />}
              note={`${one.date} ${one.payer}`}
              isOn={one.recordId === recordId}
              onPress={() => {
                const isOff = one.recordId === recordId;
                form.change({ recordId: isOff ? undefined : one.recordId });
                form.change({ amount: isOff ? '' : (one.cny ?? '') });
              }}
            />
          ))}
        </Choices>
      )}
      <Choices label={t('simple.together.how')} term={t('simple.term.basis')}>
        {plainBases.map((one) => (
          <Choice
            key={one}
            title={t(`simple.together.by.${one}`)}
            isOn={partyId === undefined && one === by}
            onPress={() => {
              form.change({ partyId: undefined });
              form.change({ by: one });
            }}
          />
        ))}
        {balances.map((one) => (
          <Choice
            key={one.partyId}
            title={t('simple.together.onlyOf', { name: one.name })}
            isOn={partyId === one.partyId}
            onPress={() => form.change({ partyId: one.partyId })}
          />
        ))}
      </Choices>
      <div className="simple-asks">
        <Ask id="together-amount" label={t('simple.together.howMuch')}>
          <NumericInput
            id="together-amount"
            decimals={2}
            value={amount}
            unit={t('simple.unit.yuan')}
            onChange={(value) => form.change({ amount: value })}
          />
        </Ask>
        <Ask id="together-note" label={t('simple.together.note')}>
          <Input
            id="together-note"
            maxLength={100}
            value={note}
            onChange={(event) => form.change({ note: event.target.value })}
          />
        </Ask>
      </div>
      <div className="simple-begin">
        <Button onClick={onDone}>{t('common.back')}</Button>
        <Button
          id="together-save"
          type="primary"
          disabled={!isAmount(amount)}
          loading={save.isRunning}
          onClick={() => void submit()}
        >
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}

/** What one family gets, what it was paid, its statement on paper. */
function MemberCard({ joint, row }: { readonly joint: Joint; readonly row: Balance }) {
  const { t } = useTranslation();
  const paper = usePlainPaper('joint.print');
  const [isPaying, setPaying] = useState(false);
  const { version } = joint;
  const net = joint.statements.members.find(({ partyId }) => partyId === row.partyId)?.net ?? '0';
  const isStated = version > 0;
  return (
    <div className="simple-card">
      <span className="simple-card-text">
        <strong>{row.name}</strong>
        <small>
          {isStated ? t('simple.together.due') : t('simple.together.dueNow')}{' '}
          <Money amount={isStated ? row.due : net} currency="CNY" /> · {t('simple.together.paid')}{' '}
          <Money amount={row.paid} currency="CNY" />
          {isStated ? (
            <>
              {' '}
              · {t('simple.together.left')} <Money amount={row.left} currency="CNY" />
            </>
          ) : null}
        </small>
      </span>
      {isStated && isNought(row.left) ? <ToneTag tone="accepted" label={t('simple.together.settled')} /> : null}
      {isStated ? (
        <Button
          loading={paper.isRunning}
          onClick={() =>
            void paper.write(t('simple.together.statementOf', { name: row.name, date: joint.on }), {
              id: joint.id,
              paper: 'statement',
              partyId: row.partyId,
            })
          }
        >
          {t('simple.together.statement')}
        </Button>
      ) : null}
      {isPaying || (isStated && isNought(row.left)) ? null : (
        <Button type={isStated ? 'primary' : 'default'} onClick={() => setPaying(true)}>
          {t(isOwedBack(joint, row) ? 'simple.together.takeBack' : 'simple.together.pay')}
        </Button>
      )}
      <PlainError error={paper.error} />
      {isPaying ? <Pay joint={joint} row={row} onDone={() => setPaying(false)} /> : null}
    </div>
  );
}

/** Before the statements an advance leaves less than nothing, and nobody owes. */
const isOwedBack = ({ version }: Joint, { left }: Balance): boolean => version > 0 && left.startsWith('-');

/** Money to a family, or from one that owes. */
function Pay({ joint, row, onDone }: { readonly joint: Joint; readonly row: Balance; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const pay = useCommand('joint.pay');
  const isBack = isOwedBack(joint, row);
  const form = useFormDraft(
    `simple together payment ${joint.id} ${row.partyId}`,
    {
      amount: joint.version === 0 ? '' : row.left.replace('-', ''),
      on: localDate(),
      method: 'bank' as (typeof payMethods)[number],
      accountId: undefined as number | undefined,
    },
    JSON.stringify(row),
  );
  const { amount, on, method } = form.value;
  const accounts = useQuery('moneyAccounts.list', {}, { areas: ['money'] });
  const own = (accounts.data?.rows ?? []).filter(({ active, currency }) => active && currency === 'CNY');
  const isFromAccount = payFromAccount.has(method);
  const accountId = isFromAccount ? (form.value.accountId ?? (own.length === 1 ? own[0]?.id : undefined)) : undefined;
  const isWhole = isAmount(amount) && on !== '';
  const submit = async (): Promise<void> => {
    if (!isWhole || pay.isRunning) return;
    const done = await pay.run({
      id: joint.id,
      partyId: row.partyId,
      on,
      method,
      amount: isBack ? `-${amount}` : amount,
      ...(accountId === undefined ? {} : { accountId }),
    });
    if (done === undefined) return;
    form.done();
    notify(t('simple.goods.taken'));
    onDone();
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  useKeys([
    { key: 'Ctrl+Enter', label: t('common.save'), run: () => void submit(), isMain: true },
    { key: 'Esc', label: t('common.back'), run: onDone },
  ]);
  return (
    <form className="simple-inline simple-stack" onKeyDown={onKeyDown} onSubmit={(event) => event.preventDefault()}>
      <RestoredNote draft={form} />
      <PlainError error={pay.error} />
      <Choices label={t('simple.together.payHow')}>
        {payMethods.map((one) => (
          <Choice
            key={one}
            title={t(`joint.method.${one}`)}
            isOn={one === method}
            onPress={() => form.change({ method: one })}
          />
        ))}
      </Choices>
      {!isFromAccount || own.length === 0 ? null : (
        <Choices label={t('simple.together.payFrom')} term={t('simple.term.moneyAccount')}>
          {own.map((one) => (
            <Choice
              key={one.id}
              title={one.name}
              isOn={one.id === accountId}
              onPress={() => form.change({ accountId: one.id })}
            />
          ))}
        </Choices>
      )}
      <div className="simple-asks">
        <Ask id="together-pay" label={t('simple.together.howMuch')}>
          <NumericInput
            id="together-pay"
            decimals={2}
            value={amount}
            unit={t('simple.unit.yuan')}
            onChange={(value) => form.change({ amount: value })}
          />
        </Ask>
        <Ask id="together-pay-on" label={t('simple.together.payOn')}>
          <DateInput id="together-pay-on" value={on} onChange={(value) => form.change({ on: value })} />
        </Ask>
      </div>
      <div className="simple-begin">
        <Button onClick={onDone}>{t('common.back')}</Button>
        <Button
          id="together-pay-save"
          type="primary"
          disabled={!isWhole}
          loading={pay.isRunning}
          onClick={() => void submit()}
        >
          {t(isBack ? 'simple.together.tookBack' : 'simple.together.payNow')}
        </Button>
      </div>
    </form>
  );
}

/** Statements are issued once for all; a later change issues them again with why. */
function Issue({ joint }: { readonly joint: Joint }) {
  const { t } = useTranslation();
  const issue = useCommand('joint.issue');
  const save = useCommand('joint.save');
  const form = useFormDraft(`simple together issue ${joint.id}`, {
    reason: '',
    // Only what was chosen here: the joint shipment has its own by the time it is issued again.
    posting: undefined as Joint['posting'] | undefined,
  });
  const { reason } = form.value;
  const posting = form.value.posting ?? joint.posting;
  const isAgain = joint.version > 0;
  if (isAgain && !joint.isChanged) return <p className="muted">{t('simple.together.stated')}</p>;
  const submit = async (): Promise<void> => {
    const { id, title, on, source, note } = joint;
    if (posting !== joint.posting && (await save.run({ id, title, on, source, note, posting })) === undefined) return;
    if ((await issue.run({ id, reason })) === undefined) return;
    form.reset();
    notify(t('simple.together.stated'));
  };
  return (
    <div className="simple-card is-tall">
      <span>{t(isAgain ? 'simple.together.stateAgainHint' : 'simple.together.stateHint')}</span>
      {isAgain ? (
        <Ask id="together-reason" label={t('simple.together.why')}>
          <Input
            id="together-reason"
            maxLength={500}
            value={reason}
            onChange={(event) => form.change({ reason: event.target.value })}
          />
        </Ask>
      ) : null}
      {joint.posting === '' ? (
        <Choices label={t('simple.together.posting.label')} term={t('simple.term.posting')}>
          {(['bought', 'agent', 'none'] as const).map((one) => (
            <Choice
              key={one}
              title={t(`simple.together.posting.${one}`)}
              note={t(`simple.together.posting.note.${one}`)}
              isOn={one === posting}
              onPress={() => form.change({ posting: one })}
            />
          ))}
        </Choices>
      ) : null}
      <PlainError error={issue.error ?? save.error} />
      <div className="simple-begin">
        <Button
          id="together-issue"
          type="primary"
          disabled={isAgain && reason.trim() === ''}
          loading={issue.isRunning || save.isRunning}
          onClick={() => void submit()}
        >
          {t('simple.together.state')}
        </Button>
      </div>
    </div>
  );
}
