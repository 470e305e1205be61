/** What the pages in plain words share: one large question at a time, cards to press, names without codes, refusals without their numbers. */
import { Button, Input, Select } from 'antd';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { groupThousands } from '../../../shared/money/decimal.ts';
import { useErrorText } from '../../components/ErrorNote.tsx';
import { ToneMark } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import { formatAmount, formatCount } from '../../i18n/format.ts';
import { useView } from '../../stores/view-store.ts';
import { usePhotoUrl } from '../listings/use-photo-url.ts';
import { useFindingText } from './findings.tsx';
import './simple.css';

export function BigPage({
  title,
  hint,
  children,
  foot,
}: {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
}) {
  return (
    <section className="simple-page">
      <header className="simple-head">
        <h1>{title}</h1>
        {hint === undefined ? null : <p className="muted">{hint}</p>}
      </header>
      <div className="simple-body">{children}</div>
      {foot === undefined ? null : <footer className="simple-foot">{foot}</footer>}
    </section>
  );
}

/** Says how many rows a list has that are not shown yet, and shows more. */
export function MoreRows({
  pages,
}: {
  readonly pages: {
    readonly rows: readonly unknown[];
    readonly total: number;
    readonly hasMore: boolean;
    readonly loadMore: () => void;
  };
}) {
  const { t } = useTranslation();
  if (!pages.hasMore) return null;
  return (
    <div className="simple-begin">
      <Button onClick={pages.loadMore}>{t('simple.more', { n: formatCount(pages.total - pages.rows.length) })}</Button>
    </div>
  );
}

/** Figures of a refusal as figures are written here. */
const writtenParams = (params: ContractError['params']): ContractError['params'] =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      /^-?\d{4,}(\.\d+)?$/.test(String(value)) ? groupThousands(String(value)) : value,
    ]),
  );

/** A refusal in words alone, brought into sight: the button that was pressed may stand far below it. */
export function PlainError({
  error,
  onRetry,
}: {
  readonly error: ContractError | undefined;
  readonly onRetry?: () => void;
}) {
  const { t } = useTranslation();
  const textOf = useErrorText();
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error !== undefined) note.current?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  if (error === undefined) return null;
  const { what, remedy } = textOf(error);
  // Of refusals that name codes or pages of the clerk's desk there is a text of its own.
  const plain = t(`simple.error.${error.code}`, { ...writtenParams(error.params), defaultValue: '' });
  return (
    <div ref={note} className="simple-error" role="alert">
      <ToneMark tone="rejected" />
      {plain === '' ? (
        <span>
          <strong>{what}</strong> {remedy}
        </span>
      ) : (
        <strong>{plain}</strong>
      )}
      {onRetry === undefined ? null : <Button onClick={onRetry}>{t('common.retry')}</Button>}
    </div>
  );
}

type LotFinding = OutputOf<'dispatches.get'>['findings'][number];

/** What stands against a lot, in words, with the field for why it goes on all the same; a reason that was typed before stays in sight. */
export function PlainReason({
  id,
  findings,
  reason,
  onReason,
  children,
}: {
  readonly id: string;
  readonly findings: readonly LotFinding[];
  readonly reason: string;
  readonly onReason: (reason: string) => void;
  readonly children?: ReactNode;
}) {
  const { t } = useTranslation();
  const textOf = useFindingText();
  if (findings.length === 0 && reason === '') return null;
  return (
    <div className="simple-reason" role="alert">
      {findings.length === 0 ? null : (
        <>
          <strong>{t('simple.lots.look')}</strong>
          <ul>
            {findings.map((one) => (
              <li key={`${one.lot ?? ''} ${one.code} ${JSON.stringify(one.params)}`}>{textOf(one)}</li>
            ))}
          </ul>
        </>
      )}
      {reason !== '' || findings.some(({ level }) => level === 'reason') ? (
        <Ask id={id} label={t('simple.lots.reason')}>
          <Input
            id={id}
            autoFocus={findings.length > 0}
            value={reason}
            maxLength={500}
            onChange={(event) => onReason(event.target.value)}
          />
        </Ask>
      ) : null}
      {children}
    </div>
  );
}

/** A card that is chosen or not; the official term stands under it in small grey. */
export function Choice({
  id,
  title,
  note,
  picture,
  isOn,
  isWide = false,
  isDisabled = false,
  onPress,
}: {
  readonly id?: string;
  readonly title: ReactNode;
  readonly note?: ReactNode;
  readonly picture?: ReactNode;
  /** Undefined where pressing does something at once. */
  readonly isOn?: boolean;
  readonly isWide?: boolean;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
}) {
  return (
    <button
      type="button"
      className={`simple-choice${isOn === true ? ' is-on' : ''}${isWide ? ' is-wide' : ''}`}
      disabled={isDisabled}
      onClick={onPress}
      {...(id === undefined ? {} : { id })}
      {...(isOn === undefined ? {} : { 'aria-pressed': isOn })}
    >
      {picture}
      <span className="simple-choice-text">
        <strong>{title}</strong>
        {note === undefined || note === '' ? null : <small>{note}</small>}
      </span>
    </button>
  );
}

/** A question with its field; the official term in small grey. */
export function Ask({
  id,
  label,
  term,
  error,
  children,
}: {
  readonly id: string;
  readonly label: ReactNode;
  readonly term?: ReactNode;
  readonly error?: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <div className="simple-ask">
      <label htmlFor={id}>
        {label}
        {term === undefined ? null : <small>{term}</small>}
      </label>
      {children}
      {error === undefined ? null : (
        <span className="field-error" role="alert">
          <ToneMark tone="rejected" /> {error}
        </span>
      )}
    </div>
  );
}

/** A group of cards under a question of their own. */
export function Choices({
  label,
  term,
  children,
}: {
  readonly label: string;
  readonly term?: string;
  readonly children: ReactNode;
}) {
  return (
    <fieldset className="simple-choices">
      <legend>
        {label}
        {term === undefined ? null : <small>{term}</small>}
      </legend>
      <div className="simple-cards">{children}</div>
    </fieldset>
  );
}

type TableRow = OutputOf<'tables.search'>['rows'][number];
const nameOf = (row: TableRow, language: string): string =>
  language === 'en' && row.nameEn !== undefined ? row.nameEn : row.name;
/** With what it lies in, where that is known. */
const wholeNameOf = (row: TableRow, language: string): string =>
  row.within === undefined ? nameOf(row, language) : `${nameOf(row, language)} · ${row.within}`;

/** The row of a code; undefined while it is read, and for a code the table does not have. */
export function useTableRow(table: string, code: string): TableRow | undefined {
  const { data } = useQuery('tables.search', code === '' ? null : { table, text: code, limit: 9 });
  return code === '' ? undefined : data?.rows.find((row) => row.code === code);
}

/** The name of a code in the language of the desk; an empty text while it is read. */
export function usePlainName(table: string, code: string): string {
  const language = useView((view) => view.language);
  const row = useTableRow(table, code);
  return row === undefined ? '' : nameOf(row, language);
}

/** One of a code table by its name alone: typed in Chinese, English or pinyin, never as a code. */
export function NamePicker({
  id,
  table,
  value,
  onChange,
}: {
  readonly id: string;
  readonly table: string;
  readonly value: string;
  readonly onChange: (code: string) => void;
}) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const [text, setText] = useState('');
  const found = useQuery('tables.search', { table, text, limit: 30 });
  const chosen = useTableRow(table, value);
  const name = chosen === undefined ? '' : wholeNameOf(chosen, language);
  const rows = (found.data?.rows ?? []).map((row) => ({ value: row.code, label: wholeNameOf(row, language) }));
  const options = value === '' || rows.some((row) => row.value === value) ? rows : [{ value, label: name }, ...rows];
  return (
    <Select<string>
      id={id}
      className="simple-picker"
      showSearch
      allowClear
      filterOption={false}
      placeholder={t('simple.pick')}
      notFoundContent={t('simple.notFound')}
      // While its name is read nothing stands there: a code says nothing to this user.
      {...(value === '' || (name === '' && !rows.some((row) => row.value === value)) ? {} : { value })}
      onSearch={setText}
      onChange={(code: string | undefined) => onChange(code ?? '')}
      options={options}
    />
  );
}

const named = ['USD', 'CNY', 'HKD', 'EUR', 'JPY', 'GBP'] as const;
/** Currencies a cooperative sells in most, each with a name of its own in the texts. */
export const commonCurrencies = named.slice(0, 4);

export function useCurrencyName(currency: string): string {
  const { t } = useTranslation();
  const own = named.some((one) => one === currency);
  const name = usePlainName('currency_iso', own ? '' : currency);
  return own ? t(`simple.currency.${currency}`) : name;
}

/** `11,750.00 欧元`. */
export function Money({ amount, currency }: { readonly amount: string; readonly currency: string }) {
  const name = useCurrencyName(currency);
  return (
    <span className="amount">
      {formatAmount(amount, 2)} {name}
    </span>
  );
}

/** The first photo of a listing; a plain field where there is none yet. */
export function ListingPicture({ listingId }: { readonly listingId: number | undefined }) {
  const listing = useQuery('listings.get', listingId === undefined ? null : { id: listingId }, {
    areas: ['products', 'documents'],
  });
  const photoId = listing.data?.photoRows[0]?.id;
  const { url } = usePhotoUrl(photoId);
  return (
    <span className="simple-picture" aria-hidden="true">
      {url === undefined ? null : <img alt="" decoding="async" src={url} />}
    </span>
  );
}
