/** What the operations of guarantees, tax bills, deadlines and papers on file share: packs as the book has them, yuan. */
import type { z } from 'zod';
import { type IsoDate, parseIsoDate } from '../../shared/calendar/index.ts';
import { PortbookError } from '../../shared/errors.ts';
import { money, moneyText, parseMoney } from '../../shared/money/index.ts';
import type { RuleSources } from '../../shared/rules/calculator.ts';
import { type Pack, type PackVersion, requirePackOn } from '../../shared/rules/pack.ts';
import type { Context } from './context.ts';
import { workCalendar } from './store/calendar.ts';
import { firmPack, ruleSetting } from './store/worksheets/facts.ts';

type Source = Pick<Context, 'book' | 'resources'>;

const packBody = ({ book, resources }: Source, id: string): unknown =>
  firmPack(book, id)?.body ?? resources.json('rules', `${id}.json`);

/** The version of a pack in force on a date: of the firm's own pack, else of the shipped one. Throws `RULE_PACK_MISSING`. */
export function packVersion<P>(source: Source, id: string, schema: z.ZodType<Pack<P>>, date: string): PackVersion<P> {
  return requirePackOn(schema.parse(packBody(source, id)), date);
}

/** The figures of {@link packVersion}. */
export function packFigures<P>(source: Source, id: string, schema: z.ZodType<Pack<P>>, date: string): P {
  return packVersion(source, id, schema, date).parameters;
}

/** Packs, calendar and settings of the open book for a calculator. */
export function ruleSources(source: Source): RuleSources {
  return {
    pack: (id) => packBody(source, id),
    calendar: workCalendar(source.book, source.resources),
    setting: (id) => ruleSetting(source.book, id).option,
  };
}

/** Fen as yuan with two decimals. */
export function yuanText(fen: number): string {
  return moneyText(money(BigInt(fen), 'CNY'));
}

/** Yuan as fen. Refusals: `AMOUNT_INVALID` {text} for more than two decimals, below zero or beyond the book's range. */
export function fenOf(text: string, path: string): number {
  if (/^\d{1,13}(\.\d{1,2})?$/.test(text)) {
    const fen = Number(parseMoney(text, 'CNY').minor);
    if (Number.isSafeInteger(fen)) return fen;
  }
  throw new PortbookError('AMOUNT_INVALID', { text }, path);
}

/** Refusal: `DATE_INVALID` {date}. */
export function dateOf(text: string, path: string): IsoDate {
  const date = parseIsoDate(text);
  if (date === undefined) throw new PortbookError('DATE_INVALID', { date: text }, path);
  return date;
}
