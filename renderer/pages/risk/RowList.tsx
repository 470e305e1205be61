/** Rows of the book behind a flag, a gap or a difference, each leading to its page. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BookRow, FlagRule } from '../../../shared/contract/risk.ts';
import { navigate } from '../../app/route-store.ts';
import { Amount } from '../../components/Amount.tsx';
import { formatCount } from '../../i18n/format.ts';
import { routeOfRow } from './book-rows.ts';
import { useRiskText } from './use-risk-text.ts';

/** Rows shown before more are asked for. */
const FIRST = 12;

/** @param rule of the flag they are of */
export function RowList({
  rows,
  total = rows.length,
  rule,
}: {
  readonly rows: readonly BookRow[];
  readonly total?: number;
  readonly rule?: FlagRule;
}) {
  const { t } = useTranslation();
  const { say } = useRiskText();
  const [isOpen, setOpen] = useState(false);
  if (rows.length === 0) return null;
  const shown = isOpen ? rows : rows.slice(0, FIRST);
  return (
    <>
      <table className="risk-rows">
        <tbody>
          {shown.map((row) => {
            const route = routeOfRow(row, rule);
            const label = row.kind === 'month' ? say(`word.${row.label}`).replace(/^word\./, '') : row.label;
            return (
              <tr key={`${row.kind} ${row.id}`}>
                <td className="muted">{say(`row.${row.kind}`)}</td>
                <td>
                  {route === undefined ? (
                    <span className="code">{label}</span>
                  ) : (
                    <button type="button" className="link code" onClick={() => navigate(route.page, route.params)}>
                      {label}
                    </button>
                  )}
                </td>
                <td>{row.date ?? ''}</td>
                <td className="is-number">
                  {row.amount === undefined ? null : <Amount value={row.amount} currency={row.currency} />}
                </td>
                <td className="is-number muted">{row.detail ?? ''}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length > FIRST && !isOpen ? (
        <button type="button" className="link risk-more" onClick={() => setOpen(true)}>
          {t('risk.moreRows', { shown: formatCount(rows.length - FIRST) })}
        </button>
      ) : null}
      {total > rows.length ? (
        <p className="muted risk-more">{t('risk.rowsBeyond', { shown: formatCount(total - rows.length) })}</p>
      ) : null}
    </>
  );
}
