/**
 * 录入凭证: the voucher as Kingdee and Yonyou users type it. What is typed is kept as a draft (暂存) at every pause, on leaving
 * and on closing the window; posting gives the number and leaves a blank voucher of the same date.
 */
import { Button, Checkbox, Input, type InputRef } from 'antd';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VoucherInput } from '../../../shared/contract/accounting.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { listed } from '../../../shared/i18n/words.ts';
import { uppercaseAmount } from '../../../shared/money/uppercase.ts';
import { isComposing, useKeys } from '../../app/keys.ts';
import { navigate, numberParam, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { call, errorOf, useQuery } from '../../core-client.ts';
import { formatAmount, formatInstant, localDate } from '../../i18n/format.ts';
import { createAutosaver, type SaveState } from '../../stores/autosaver.ts';
import { notify } from '../../stores/notice-store.ts';
import { amended, edited, redone, startHistory, undone } from './history.ts';
import { useAccounts } from './lookups.ts';
import { ratesInForce } from './rate-in-force.ts';
import { type GridCell, type GridColumn, VoucherGrid } from './VoucherGrid.tsx';
import {
  badCells,
  blankVoucher,
  bodyOf,
  copyOf,
  type EntryVoucher,
  inputOf,
  isEmpty,
  putRates,
  totalsOf,
  voucherOfBody,
} from './voucher-model.ts';

type Posted = OutputOf<'vouchers.post'>;

interface Session {
  readonly source: string;
  readonly turn: number;
  readonly date: string | undefined;
  readonly posted: Posted | undefined;
}

/** A blank voucher, a draft (`draft`) or a copy of a posted one (`copy`). */
export function VoucherEntry({ params }: { readonly params: RouteParams }) {
  const draft = numberParam(params, 'draft');
  const copy = numberParam(params, 'copy');
  const source = `${draft ?? ''} ${copy ?? ''}`;
  // The route takes the new draft's id while it is being typed; that must not throw the editor away.
  const born = useRef<string>(undefined);
  const [session, setSession] = useState<Session>({ source, turn: 0, date: undefined, posted: undefined });
  if (session.source !== source)
    setSession({ ...session, source, turn: source === born.current ? session.turn : session.turn + 1 });
  return (
    <EntryLoader
      key={session.turn}
      draft={draft}
      copy={copy}
      date={session.date}
      posted={session.posted}
      showsDrafts={textParam(params, 'drafts') !== undefined}
      onBorn={(id) => {
        born.current = `${id ?? ''} `;
        replaceParams({ tab: 'entry', ...(id === undefined ? {} : { draft: id }) });
      }}
      onPosted={(posted, date) => {
        born.current = undefined;
        setSession((before) => ({ source: ' ', turn: before.turn + 1, date, posted }));
        replaceParams({ tab: 'entry' });
      }}
    />
  );
}

interface LoaderProps {
  readonly draft: number | undefined;
  readonly copy: number | undefined;
  readonly date: string | undefined;
  readonly posted: Posted | undefined;
  readonly showsDrafts: boolean;
  readonly onBorn: (id: number | undefined) => void;
  readonly onPosted: (posted: Posted, date: string) => void;
}

function EntryLoader({ draft, copy, date, posted, showsDrafts, onBorn, onPosted }: LoaderProps) {
  const [asked] = useState({ draft, copy });
  const drafts = useQuery('voucherDrafts.list', {});
  const copied = useQuery('vouchers.get', asked.copy === undefined ? null : { id: asked.copy });
  if (drafts.status === 'failed') return <ErrorNote error={drafts.error} onRetry={drafts.reload} />;
  if (copied.status === 'failed') return <ErrorNote error={copied.error} onRetry={copied.reload} />;
  if (drafts.status === 'loading' || (asked.copy !== undefined && copied.data === undefined)) return <Skeleton />;
  const stored = asked.draft === undefined ? undefined : drafts.data.rows.find((row) => row.id === asked.draft);
  const voucher =
    stored !== undefined
      ? voucherOfBody(stored.body, localDate())
      : copied.data !== undefined
        ? copyOf(copied.data, localDate())
        : blankVoucher(date ?? localDate());
  return (
    <Editor
      initial={voucher}
      draftId={stored?.id}
      isCopy={copied.data !== undefined}
      posted={posted}
      showsDrafts={showsDrafts}
      drafts={drafts.data.rows}
      onDraftsChanged={drafts.reload}
      onBorn={onBorn}
      onPosted={onPosted}
    />
  );
}

type Draft = OutputOf<'voucherDrafts.list'>['rows'][number];

interface EditorProps {
  readonly initial: EntryVoucher;
  readonly draftId: number | undefined;
  readonly isCopy: boolean;
  readonly posted: Posted | undefined;
  readonly showsDrafts: boolean;
  readonly drafts: readonly Draft[];
  readonly onDraftsChanged: () => void;
  readonly onBorn: (id: number | undefined) => void;
  readonly onPosted: (posted: Posted, date: string) => void;
}

/** What is wrong and where: from the core, or a cell that holds no number. */
interface Problem {
  readonly error: ContractError;
  readonly at: number | undefined;
  readonly column: GridColumn | undefined;
}

/** What the totals row says already while a voucher is only half typed; F7 and F8 say it in full. */
const quietCodes: readonly string[] = ['VOUCHER_EMPTY', 'VOUCHER_UNBALANCED'];

const pathColumns: Readonly<Record<string, GridColumn>> = {
  text: 'text',
  account: 'account',
  quantity: 'quantity',
  currency: 'currency',
  debit: 'debit',
  credit: 'credit',
  cny: 'debit',
  rate: 'rate',
  partyId: 'party',
  party: 'party',
  sku: 'product',
  product: 'product',
  orderNo: 'order',
  order: 'order',
  shipmentNo: 'shipment',
  shipment: 'shipment',
  store: 'store',
};

/** The cell a path of the core names, e.g. `lines.1.debit`: `rows` are the places of the lines that were sent. */
function problemOf(error: ContractError, voucher: EntryVoucher, rows: readonly number[]): Problem {
  const match = /(?:^|\.)lines[.[](\d+)\]?(?:\.(\w+))?/.exec(error.path ?? '');
  const at = match === null ? undefined : rows[Number(match[1])];
  const line = at === undefined ? undefined : voucher.lines[at];
  const named = pathColumns[match?.[2] ?? ''];
  if (line === undefined) return { error, at, column: undefined };
  const isSide = named === 'debit' || named === 'credit';
  if (isSide && line.currency !== 'CNY' && match?.[2] !== 'cny') return { error, at, column: 'original' };
  return { error, at, column: isSide ? line.side : named };
}

const PREVIEW_MS = 250;

function Editor({
  initial,
  draftId,
  isCopy,
  posted,
  showsDrafts,
  drafts,
  onDraftsChanged,
  onBorn,
  onPosted,
}: EditorProps) {
  const { t, i18n } = useTranslation();
  const chart = useAccounts();
  const [history, setHistory] = useState(() => startHistory(initial));
  const voucher = history.now;
  const [cell, setCell] = useState<GridCell | undefined>({ at: 0, column: 'text' });
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  /** The user asked (F7, F8) for what is wrong with this state of the voucher. */
  const [asked, setAsked] = useState<EntryVoucher>();
  const [save, setSave] = useState<SaveState>({ kind: 'idle' });
  const [side, setSide] = useState<'templates' | 'saveTemplate' | 'drafts' | undefined>(
    showsDrafts ? 'drafts' : undefined,
  );
  const [isPosting, setPosting] = useState(false);
  const page = useRef<HTMLDivElement>(null);
  const id = useRef(draftId);
  const latest = useRef({ onBorn, voucher });
  latest.current = { onBorn, voucher };

  const isShown = useRef(true);
  const [saver] = useState(() =>
    createAutosaver<EntryVoucher>({
      save: async (value) => {
        if (isEmpty(value)) {
          // Nothing typed is left: an empty draft would only be in the way.
          if (id.current === undefined) return;
          await call('voucherDrafts.delete', { id: id.current });
          id.current = undefined;
          return;
        }
        const row = await call('voucherDrafts.save', {
          ...(id.current === undefined ? {} : { id: id.current }),
          body: bodyOf(value),
        });
        const isNew = id.current === undefined;
        id.current = row.id;
        if (isNew && isShown.current) latest.current.onBorn(row.id);
      },
      onState: setSave,
    }),
  );
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
      saver.dispose();
    };
  }, [saver]);
  // What was typed, copied or undone is kept, whatever way it came.
  const kept = useRef(isCopy ? undefined : initial);
  useEffect(() => {
    if (voucher === kept.current) return;
    kept.current = voucher;
    saver.change(voucher);
  }, [voucher, saver]);

  const change = useCallback(
    (edit: (voucher: EntryVoucher) => EntryVoucher, place?: string): void =>
      setHistory((before) => edited(before, edit(before.now), place)),
    [],
  );

  // Rates in force for the currencies in use.
  const foreign = [...new Set(voucher.lines.map((line) => line.currency))].filter((code) => code !== 'CNY').sort();
  const ratesKey = `${voucher.date} ${foreign.join(' ')}`;
  useEffect(() => {
    const [date = '', ...currencies] = ratesKey.split(' ').filter((part) => part !== '');
    if (currencies.length === 0 || !/^\d{4}-\d{2}-\d{2}$/.test(date)) return;
    let isCurrent = true;
    ratesInForce(date, currencies).then(
      (rates) => {
        if (isCurrent) setHistory((before) => amended(before, putRates(before.now, rates)));
      },
      (thrown: unknown) => {
        if (isCurrent) setProblems([{ error: errorOf(thrown), at: undefined, column: undefined }]);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [ratesKey]);

  const totals = useMemo(() => totalsOf(voucher), [voucher]);

  /** All that is wrong now: cells without a number, which the core could not read; else what the core says. */
  const check = useCallback(async (now: EntryVoucher): Promise<readonly Problem[]> => {
    const bad = badCells(now);
    if (bad.length > 0)
      return bad.map(({ at, column }) => ({
        error: { code: 'VOUCHER_AMOUNT_TEXT', params: { line: at + 1 } },
        at,
        column,
      }));
    const { input, rows } = inputOf(now);
    if (rows.length === 0) return [{ error: { code: 'VOUCHER_EMPTY', params: {} }, at: 0, column: 'text' }];
    try {
      const answer = await call('vouchers.preview', input);
      return answer.problems.map(({ path, ...said }) =>
        problemOf({ ...said, ...(path === undefined ? {} : { path }) }, now, rows),
      );
    } catch (thrown) {
      return [problemOf(errorOf(thrown), now, rows)];
    }
  }, []);

  useEffect(() => {
    if (isEmpty(voucher)) {
      setProblems([]);
      return;
    }
    let isCurrent = true;
    const timer = window.setTimeout(() => {
      void check(voucher).then((found) => {
        if (isCurrent) setProblems(found);
      });
    }, PREVIEW_MS);
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [voucher, check]);

  const jump = (to: Problem): void => {
    if (to.at !== undefined) setCell({ at: to.at, column: to.column ?? 'account' });
    else if (/date|period/i.test(`${to.error.path ?? ''} ${to.error.code}`)) focusDate();
  };
  const focusDate = (): void => {
    setCell(undefined);
    page.current?.querySelector<HTMLInputElement>('#voucher-date')?.focus();
  };
  /** A date or account still being typed is taken over when its field is left; a key leaves no field. */
  const settle = (): Promise<void> => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    setCell(undefined);
    return new Promise((resolve) => requestAnimationFrame(() => resolve()));
  };
  /** Back from the pane beside the voucher. A cell that was open all the time takes the focus only when it is opened anew. */
  const toFirstCell = (): void => {
    void settle().then(() => setCell({ at: 0, column: 'text' }));
  };
  const runCheck = async (): Promise<void> => {
    await settle();
    const now = latest.current.voucher;
    const found = await check(now);
    setAsked(now);
    setProblems(found);
    const [first] = found;
    if (first === undefined) notify(t('ledger.entry.checked'));
    else jump(first);
  };
  const post = async (): Promise<void> => {
    if (isPosting) return;
    await settle();
    const now = latest.current.voucher;
    const bad = await check(now);
    setAsked(now);
    const [first] = bad;
    if (first !== undefined) {
      setProblems(bad);
      jump(first);
      return;
    }
    const { input, rows }: { input: VoucherInput; rows: readonly number[] } = inputOf(now);
    setPosting(true);
    try {
      await saver.flush();
      const answer = await call('vouchers.post', {
        ...input,
        ...(id.current === undefined ? {} : { draftId: id.current }),
      });
      notify(t('ledger.entry.posted', { label: answer.label }));
      onPosted(answer, now.date);
    } catch (thrown) {
      const found = problemOf(errorOf(thrown), now, rows);
      setProblems([found]);
      jump(found);
    } finally {
      setPosting(false);
    }
  };
  const leave = (): void => {
    if (side !== undefined) {
      setSide(undefined);
      setCell({ at: 0, column: 'text' });
      return;
    }
    void settle()
      .then(() => saver.flush())
      .then(() => navigate('ledger', { tab: 'vouchers', period: latest.current.voucher.date.slice(0, 7) }));
  };
  const startNew = (): void => {
    void saver.flush().then(() => {
      // Whatever stood here is among the drafts now.
      onDraftsChanged();
      if (id.current !== undefined) navigate('ledger', { tab: 'entry' });
    });
  };
  const isBlankNow = isEmpty(voucher);
  useKeys([
    { key: 'F8', label: t('ledger.entry.post'), run: () => void post(), isEnabled: !isPosting, isMain: true },
    { key: 'F7', label: t('ledger.entry.check'), run: () => void runCheck(), isMain: true },
    { key: 'F4', label: t('ledger.entry.templates'), run: () => setSide('templates'), isMain: true },
    { key: 'F12', label: t('ledger.entry.saveTemplate'), run: () => setSide('saveTemplate'), isEnabled: !isBlankNow },
    { key: 'F5', label: t('ledger.entry.drafts'), run: () => setSide('drafts') },
    { key: 'F6', label: t('ledger.entry.key.copyAbove') },
    { key: 'Ctrl+D', label: t('ledger.entry.key.fillDown') },
    { key: 'Insert', label: t('ledger.entry.key.insert') },
    { key: 'Ctrl+Delete', label: t('ledger.entry.key.delete') },
    { key: 'Alt+Up/Down', label: t('ledger.entry.key.move') },
    { key: '..', label: t('ledger.entry.key.dots') },
    { key: '//', label: t('ledger.entry.key.slashes') },
    { key: '=', label: t('ledger.entry.key.balance'), isMain: true },
    { key: 'Space', label: t('ledger.entry.key.side') },
    { key: '-', label: t('ledger.entry.key.red') },
    { key: 'Ctrl+Z', label: t('ledger.entry.key.undo'), run: () => setHistory(undone) },
    { key: 'Ctrl+Y', label: t('ledger.entry.key.redo'), run: () => setHistory(redone) },
    { key: 'Ctrl+N', label: t('ledger.entry.new'), run: startNew },
    { key: 'Esc', label: t('ledger.entry.key.leave'), run: leave, isMain: true },
  ]);

  const isBalanced = /^-?[0.]+$/.test(totals.difference);
  const needsExchange = isBalanced && totals.unbalanced.length > 0;
  const isQuiet = ({ at, error }: Problem): boolean =>
    asked !== voucher && (quietCodes.includes(error.code) || (at !== undefined && at === cell?.at));
  const shownProblems = isBlankNow ? [] : problems.filter((one) => !isQuiet(one));
  const otherDrafts = drafts.filter((row) => row.id !== id.current && row.id !== draftId).length;
  const saveText =
    save.kind === 'pending' || save.kind === 'saving'
      ? t('ledger.entry.saving')
      : save.kind === 'saved'
        ? t('ledger.entry.saved', { at: save.at.toTimeString().slice(0, 8) })
        : '';

  if (chart.error !== undefined && !chart.isReady) return <ErrorNote error={chart.error} onRetry={chart.reload} />;
  return (
    <div className="voucher-entry" ref={page}>
      <div className="voucher-head">
        <label htmlFor="voucher-date">{t('ledger.entry.date')}</label>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter goes from the date into the grid */}
        <span
          className="voucher-date"
          onFocus={() => setCell(undefined)}
          onKeyDown={(event) => {
            if (isComposing(event) || event.key !== 'Enter' || event.shiftKey) return;
            event.preventDefault();
            if (event.target instanceof HTMLElement) event.target.blur();
            setCell({ at: 0, column: 'text' });
          }}
        >
          <DateInput
            id="voucher-date"
            value={voucher.date}
            onChange={(date) => change((now) => ({ ...now, date }), 'date')}
          />
        </span>
        {posted === undefined ? null : (
          <span className="voucher-posted" role="status">
            <ToneTag tone="accepted" label={t('ledger.entry.postedShort')} />
            <button type="button" className="link" onClick={() => navigate('voucher', { id: posted.id })}>
              {posted.label}
            </button>
          </span>
        )}
        <span className="spacer" />
        <span className="muted voucher-saved">{saveText}</span>
        {otherDrafts === 0 ? null : (
          <Button onClick={() => setSide('drafts')}>{t('ledger.entry.otherDrafts', { count: otherDrafts })}</Button>
        )}
        <KeyButton label={t('ledger.entry.templates')} keys="F4" onPress={() => setSide('templates')} />
        <KeyButton label={t('ledger.entry.check')} keys="F7" onPress={() => void runCheck()} />
        <KeyButton
          kind="primary"
          label={t('ledger.entry.post')}
          keys="F8"
          isBusy={isPosting}
          onPress={() => void post()}
        />
      </div>
      {save.kind === 'failed' ? <ErrorNote error={errorOf(save.error)} onRetry={() => void saver.flush()} /> : null}
      <div className="voucher-body">
        <section className="voucher-paper">
          <div className="voucher-scroll">
            <VoucherGrid
              voucher={voucher}
              chart={chart}
              cell={cell}
              onCell={setCell}
              onChange={change}
              problems={shownProblems}
              onLeaveUp={focusDate}
              total={{
                debit: totals.debit,
                credit: totals.credit,
                note: isBalanced ? (
                  <span className="voucher-capitals">
                    {/^[-0.]+$/.test(totals.debit) ? '' : uppercaseAmount(totals.debit)}
                  </span>
                ) : (
                  <ToneTag
                    tone="action"
                    label={t(totals.difference.startsWith('-') ? 'ledger.entry.creditMore' : 'ledger.entry.debitMore', {
                      amount: formatAmount(totals.difference.replace('-', ''), 2),
                    })}
                  />
                ),
              }}
            />
          </div>
          {needsExchange || voucher.exchange ? (
            <div className="voucher-exchange">
              <Checkbox
                checked={voucher.exchange}
                onChange={(event) => change((now) => ({ ...now, exchange: event.target.checked }))}
              >
                {t('ledger.entry.exchange')}
              </Checkbox>
              <span className="muted">
                {t('ledger.entry.exchangeHint', {
                  currencies:
                    listed(
                      totals.unbalanced.map((one) => `${one.currency} ${formatAmount(one.difference)}`),
                      i18n.language,
                    ) || '0',
                })}
              </span>
            </div>
          ) : null}
        </section>
        {side === undefined ? null : (
          <EntrySide
            side={side}
            voucher={voucher}
            drafts={drafts}
            currentDraft={id.current}
            onClose={() => {
              setSide(undefined);
              toFirstCell();
            }}
            onTake={(taken) => {
              change(() => ({ ...taken, date: latest.current.voucher.date }));
              setSide(undefined);
              toFirstCell();
            }}
            onDraftsChanged={onDraftsChanged}
            onResume={(draft) => {
              void saver.flush().then(() => navigate('ledger', { tab: 'entry', draft }));
            }}
          />
        )}
      </div>
      {shownProblems.length === 0 ? null : (
        <ul className="voucher-problems" aria-label={t('ledger.entry.problems')}>
          {shownProblems.map((one) => (
            <li className="voucher-problem" key={`${one.at} ${one.column} ${one.error.code}`}>
              <ErrorNote error={one.error} />
              {one.at === undefined ? null : (
                <Button onClick={() => jump(one)}>{t('ledger.entry.jump', { line: one.at + 1 })}</Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface SideProps {
  readonly side: 'templates' | 'saveTemplate' | 'drafts';
  readonly voucher: EntryVoucher;
  readonly drafts: readonly Draft[];
  readonly currentDraft: number | undefined;
  readonly onClose: () => void;
  readonly onTake: (voucher: EntryVoucher) => void;
  readonly onDraftsChanged: () => void;
  readonly onResume: (draft: number) => void;
}

/** The pane beside the voucher: templates to call (F4), the name of a new one (F12), and the drafts. */
function EntrySide({ side, voucher, drafts, currentDraft, onClose, onTake, onDraftsChanged, onResume }: SideProps) {
  const { t } = useTranslation();
  const templates = useQuery('voucherTemplates.list', {});
  const [name, setName] = useState('');
  const [withAmounts, setWithAmounts] = useState(false);
  const [error, setError] = useState<ContractError>();
  const nameInput = useRef<InputRef>(null);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (side === 'saveTemplate') nameInput.current?.focus();
    else list.current?.querySelector<HTMLButtonElement>('button')?.focus();
  }, [side]);
  const hasTemplates = (templates.data?.rows.length ?? 0) > 0;
  useEffect(() => {
    if (side === 'templates' && hasTemplates) list.current?.querySelector<HTMLButtonElement>('button')?.focus();
  }, [side, hasTemplates]);

  const run = (work: Promise<unknown>, then: () => void): void => {
    work.then(then, (thrown: unknown) => setError(errorOf(thrown)));
  };
  const saveTemplate = (): void => {
    const wanted = name.trim();
    if (wanted === '') return;
    const kept = withAmounts
      ? voucher
      : { ...voucher, lines: voucher.lines.map((line) => ({ ...line, cny: '', original: '' })) };
    run(call('voucherTemplates.save', { name: wanted, body: bodyOf(kept) }), () => {
      notify(t('ledger.entry.templateSaved', { name: wanted }));
      onClose();
    });
  };
  const summaryOf = (body: Readonly<Record<string, unknown>>): string => {
    const stored = voucherOfBody(body, localDate());
    return stored.lines.find((line) => line.text !== '')?.text ?? t('ledger.entry.noSummary');
  };
  /** Up and Down between the entries of a list. */
  const walk = (event: React.KeyboardEvent<HTMLElement>): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0) return;
    const entries = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('.entry-choice')];
    const at = entries.indexOf(document.activeElement as HTMLButtonElement);
    entries[Math.min(entries.length - 1, Math.max(0, at + by))]?.focus();
    event.preventDefault();
  };
  const title = t(
    side === 'drafts'
      ? 'ledger.entry.drafts'
      : side === 'templates'
        ? 'ledger.entry.templates'
        : 'ledger.entry.saveTemplate',
  );
  const listed = drafts.filter((row) => row.id !== currentDraft);
  return (
    <aside className="panel voucher-side" aria-label={title}>
      <header className="panel-head">
        <h2>{title}</h2>
        <div className="panel-extra">
          <Button size="small" type="text" onClick={onClose}>
            {t('common.close')}
          </Button>
        </div>
      </header>
      <div className="panel-body">
        <ErrorNote error={error} onClose={() => setError(undefined)} />
        {side === 'saveTemplate' ? (
          <form
            className="panel-pad card-form"
            onSubmit={(event) => {
              event.preventDefault();
              saveTemplate();
            }}
          >
            <label htmlFor="template-name">{t('ledger.entry.templateName')}</label>
            <Input
              ref={nameInput}
              id="template-name"
              maxLength={60}
              value={name}
              onChange={(event) => setName(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && isComposing(event)) event.preventDefault();
              }}
            />
            <Checkbox checked={withAmounts} onChange={(event) => setWithAmounts(event.target.checked)}>
              {t('ledger.entry.withAmounts')}
            </Checkbox>
            <Button type="primary" htmlType="submit" disabled={name.trim() === ''}>
              {t('common.save')}
            </Button>
          </form>
        ) : null}
        {side === 'templates' ? (
          <>
            <ErrorNote error={templates.error} onRetry={templates.reload} />
            {templates.data?.rows.length === 0 ? (
              <EmptyState title={t('ledger.entry.noTemplates')} hint={t('ledger.entry.noTemplatesHint')} />
            ) : (
              <ul className="entry-choices" ref={list} onKeyDown={walk}>
                {templates.data?.rows.map((row) => (
                  <li key={row.name}>
                    <button
                      type="button"
                      className="entry-choice"
                      onClick={() => onTake(voucherOfBody(row.body, localDate()))}
                    >
                      <strong>{row.name}</strong>
                      <span className="muted">{summaryOf(row.body)}</span>
                    </button>
                    <ConfirmInline
                      isSmall
                      isLink
                      label={t('common.delete')}
                      question={t('ledger.entry.deleteTemplate')}
                      confirmLabel={t('common.delete')}
                      onConfirm={() => run(call('voucherTemplates.delete', { name: row.name }), templates.reload)}
                    />
                  </li>
                ))}
              </ul>
            )}
          </>
        ) : null}
        {side === 'drafts' ? (
          listed.length === 0 ? (
            <EmptyState title={t('ledger.entry.noDrafts')} hint={t('ledger.entry.noDraftsHint')} />
          ) : (
            <ul className="entry-choices" ref={list} onKeyDown={walk}>
              {listed.map((row) => (
                <li key={row.id}>
                  <button type="button" className="entry-choice" onClick={() => onResume(row.id)}>
                    <strong>{summaryOf(row.body)}</strong>
                    <span className="muted">
                      {String(row.body['date'] ?? '')} · {formatInstant(row.updatedAt)}
                    </span>
                  </button>
                  <ConfirmInline
                    isSmall
                    isLink
                    label={t('common.delete')}
                    question={t('ledger.entry.deleteDraft')}
                    confirmLabel={t('common.delete')}
                    onConfirm={() => run(call('voucherDrafts.delete', { id: row.id }), onDraftsChanged)}
                  />
                </li>
              ))}
            </ul>
          )
        ) : null}
      </div>
    </aside>
  );
}
