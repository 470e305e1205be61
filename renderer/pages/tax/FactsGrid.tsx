/** Facts of a year: a cell for each period, saved when it is left; facts with a form of their own below. */
import { Button, Input } from 'antd';
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { periodKinds } from '../../../shared/contract/tax.ts';
import { isComposing } from '../../app/keys.ts';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote, useErrorText } from '../../components/ErrorNote.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { selectWhenDrawn } from '../../components/use-enter-navigation.ts';
import { call, errorOf, useQuery } from '../../core-client.ts';
import { formatAmount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { FactForms } from './FactForms.tsx';
import {
  type FactKind,
  factKey,
  type GridRow,
  gridRows,
  neighbour,
  periodsOf,
  typedFact,
  type WantedFact,
} from './facts-grid.ts';
import { useWords } from './use-words.ts';

export function FactsGrid({ year, wanted }: { readonly year: string; readonly wanted: WantedFact }) {
  const { t, say } = useWords();
  const facts = useQuery('tax.facts', { year }, { areas: ['tax'] });
  const [added, setAdded] = useState<readonly GridRow[]>([]);
  const [failures, setFailures] = useState<ReadonlyMap<string, ContractError>>(new Map());
  const textOf = useErrorText();
  const isFound = useRef(false);
  const isReady = facts.data !== undefined;
  useEffect(() => {
    if (!isReady || isFound.current || wanted.name === undefined) return;
    isFound.current = true;
    const key = `${wanted.name} ${wanted.period ?? ''}`;
    const cells = [...document.querySelectorAll<HTMLElement>('[data-fact]')];
    const cell =
      cells.find((one) => one.dataset['fact'] === `${key} ${wanted.subject ?? ''}`) ??
      cells.find((one) => one.dataset['fact']?.startsWith(key)) ??
      document.querySelector<HTMLElement>(`[data-fact-kind="${wanted.name}"]`);
    cell?.scrollIntoView({ block: 'center' });
    cell?.focus();
  }, [isReady, wanted]);
  const report = useCallback((key: string, error: ContractError | undefined) => {
    setFailures((before) => {
      const next = new Map(before);
      if (error === undefined) next.delete(key);
      else next.set(key, error);
      return next;
    });
  }, []);
  if (facts.data === undefined)
    return facts.status === 'failed' ? <ErrorNote error={facts.error} onRetry={facts.reload} /> : <Skeleton />;
  const { kinds, rows } = facts.data;
  if (kinds.length === 0) return <EmptyState title={t('tax.facts.none')} />;
  const first = [...failures.entries()][0];
  return (
    <div className="facts-page">
      <ErrorNote error={facts.error} onRetry={facts.reload} />
      {first === undefined ? null : (
        <p className="field-error" role="alert">
          <ToneTag
            tone="rejected"
            label={t('tax.facts.notSaved', { count: failures.size, shown: String(failures.size) })}
          />{' '}
          {textOf(first[1]).what} {textOf(first[1]).why}
        </p>
      )}
      {periodKinds
        .toSorted((a, b) => order(a) - order(b))
        .map((period) => {
          const ofKind = gridRows(kinds, rows, period, added);
          const subjects = kinds.filter(
            (kind) => kind.period === period && kind.type !== 'json' && kind.subject !== undefined,
          );
          if (ofKind.length === 0 && subjects.length === 0) return null;
          return (
            <section key={period} className="facts-section">
              <h3>{t(`tax.facts.by.${period}`)}</h3>
              <PeriodGrid rows={ofKind} values={rows} periods={periodsOf(period, year)} onResult={report} />
              {subjects.map((kind) => (
                <AddSubject
                  key={kind.name}
                  kind={kind}
                  label={say(kind.label)}
                  onAdd={(subject) => setAdded((before) => [...before, { kind, subject }])}
                />
              ))}
            </section>
          );
        })}
      <FactForms kinds={kinds.filter(({ type }) => type === 'json')} rows={rows} year={year} wanted={wanted} />
    </div>
  );
}

function order(period: string): number {
  return ['quarter', 'month', 'year'].indexOf(period);
}

type Rows = OutputOf<'tax.facts'>['rows'];
type Report = (key: string, error: ContractError | undefined) => void;

function PeriodGrid({
  rows,
  values,
  periods,
  onResult,
}: {
  readonly rows: readonly GridRow[];
  readonly values: Rows;
  readonly periods: readonly string[];
  readonly onResult: Report;
}) {
  const { t, say } = useWords();
  const table = useRef<HTMLTableElement>(null);
  const stored = new Map(values.map((row) => [factKey(row.name, row.period, row.subject), row.value]));
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>): void => {
    const target = event.target;
    if (!(target instanceof HTMLInputElement) || isComposing(event) || event.ctrlKey || event.altKey) return;
    const at = { row: Number(target.dataset['row']), column: Number(target.dataset['column']) };
    const key = event.shiftKey && event.key === 'Enter' ? 'Shift+Enter' : event.key;
    const next = neighbour(at, key, { rows: rows.length, columns: periods.length });
    if (next === undefined) return;
    event.preventDefault();
    const cell = table.current?.querySelector<HTMLInputElement>(
      `[data-row="${next.row}"][data-column="${next.column}"]`,
    );
    cell?.focus();
    cell?.select();
  };
  if (rows.length === 0) return null;
  return (
    <table ref={table} className="facts-table" onKeyDown={onKeyDown}>
      <thead>
        <tr>
          <th scope="col">{t('tax.facts.fact')}</th>
          <th scope="col" className="facts-rule">
            {t('tax.rules.rule')}
          </th>
          {periods.map((period) => (
            <th key={period} scope="col" className="is-figure">
              {period}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ kind, subject }, row) => (
          <tr key={`${kind.name} ${subject}`}>
            <th scope="row">
              {say(kind.label)}
              {subject === '' ? null : <span className="muted"> {subject}</span>}
              <span className="muted"> {t(`tax.facts.unit.${kind.type}`)}</span>
            </th>
            <td className="facts-rule code">{kind.rule}</td>
            {periods.map((period, column) => (
              <td key={period}>
                <FactCell
                  kind={kind}
                  subject={subject}
                  period={period}
                  row={row}
                  column={column}
                  value={stored.get(factKey(kind.name, period, subject)) ?? ''}
                  onResult={onResult}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FactCell({
  kind,
  subject,
  period,
  row,
  column,
  value,
  onResult,
}: {
  readonly kind: FactKind;
  readonly subject: string;
  readonly period: string;
  readonly row: number;
  readonly column: number;
  readonly value: string;
  readonly onResult: Report;
}) {
  const { t, say } = useWords();
  const [draft, setDraft] = useState<string>();
  const [state, setState] = useState<'still' | 'saving' | 'failed'>('still');
  const key = factKey(kind.name, period, subject);
  const pending = useRef<string | undefined>(undefined);
  pending.current = draft;

  const save = useCallback(
    async (typed: string): Promise<void> => {
      const wanted = typedFact(typed);
      if ((wanted ?? '') === value) {
        setDraft(undefined);
        setState('still');
        onResult(key, undefined);
        return;
      }
      setState('saving');
      try {
        await call('tax.setFacts', { facts: [{ name: kind.name, period, subject, value: wanted }] });
        setState('still');
        onResult(key, undefined);
        notify(t('tax.facts.saved', { fact: say(kind.label), period }));
      } catch (thrown) {
        // What was typed stays, marked; it is tried again when the cell is left again.
        setState('failed');
        onResult(key, errorOf(thrown));
      }
    },
    [kind, period, subject, value, key, onResult, say, t],
  );
  const latest = useRef(save);
  latest.current = save;
  // Leaving the page while a cell is being typed in is leaving the cell.
  useEffect(
    () => () => {
      if (pending.current !== undefined) void latest.current(pending.current);
    },
    [],
  );
  // The stored value has caught up with what was typed.
  if (
    draft !== undefined &&
    state === 'still' &&
    (typedFact(draft) ?? '') === value &&
    document.activeElement?.getAttribute('data-fact') !== key
  )
    setDraft(undefined);
  const isFigure = kind.type === 'money' || kind.type === 'count';
  return (
    <input
      className={`fact-cell is-${state}`}
      type="text"
      inputMode="decimal"
      autoComplete="off"
      aria-label={`${say(kind.label)} ${subject} ${period}`.replace(/\s+/g, ' ')}
      aria-invalid={state === 'failed'}
      data-fact={key}
      data-row={row}
      data-column={column}
      value={draft ?? (isFigure ? formatAmount(value, kind.type === 'money' && value !== '' ? 2 : 0) : value)}
      onFocus={(event) => {
        if (draft === undefined) setDraft(value);
        selectWhenDrawn(event.currentTarget);
      }}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => {
        if (draft !== undefined) void save(draft);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        setDraft(value);
        setState('still');
        onResult(key, undefined);
      }}
    />
  );
}

/** A row for another subject: a platform's shop, say. */
function AddSubject({
  kind,
  label,
  onAdd,
}: {
  readonly kind: FactKind;
  readonly label: string;
  readonly onAdd: (subject: string) => void;
}) {
  const { t, say } = useWords();
  const [subject, setSubject] = useState('');
  const add = (): void => {
    if (subject.trim() === '') return;
    onAdd(subject.trim());
    setSubject('');
  };
  return (
    <form
      className="inline-actions"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <label htmlFor={`subject-${kind.name}`}>{label}</label>
      <Input
        id={`subject-${kind.name}`}
        data-fact-kind={kind.name}
        className="inline-reason"
        placeholder={kind.subject === undefined ? '' : say(kind.subject)}
        value={subject}
        maxLength={200}
        onChange={(event) => setSubject(event.target.value)}
      />
      <Button size="small" htmlType="submit" disabled={subject.trim() === ''}>
        {t('tax.facts.addRow')}
      </Button>
    </form>
  );
}
