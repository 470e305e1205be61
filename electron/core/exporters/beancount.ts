import { voucherLabel } from '../../../shared/ledger/index.ts';
import { storedText } from '../../../shared/money/stored.ts';
import { type Chart, pathOf } from '../../../shared/reports/accounts.ts';
import { majorText } from '../../../shared/reports/amounts.ts';
import type { JournalPosting } from '../store/reports/journal.ts';
import type { JournalFacts, TextJournal } from './report-journal.ts';

/** Beancount's five roots are given. */
const roots = {
  asset: 'Assets',
  liability: 'Liabilities',
  equity: 'Equity',
  revenue: 'Income',
  expense: 'Expenses',
} as const;

/** A part of a name holds letters, digits and hyphens and begins with a digit here: that of the code. */
function namePart(text: string): string {
  return text.replaceAll(/[^\p{L}\p{Nd}-]+/gu, '-');
}

/** `Assets:1122-应收账款:112201-海外客户`. */
export function beancountAccount(chart: Chart, code: string): string {
  const root = roots[chart.get(code)?.kind ?? 'asset'];
  return [root, ...pathOf(code).map((one) => namePart(`${one}-${chart.nameOf(one).nameZh}`))].join(':');
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll(/\s+/g, ' ')}"`;
}

function metadata(indent: string, facts: Readonly<Record<string, string | number | null>>): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${indent}${name}: ${quoted(String(value))}\n`)
    .join('');
}

function metadataOf(posting: JournalPosting, voucherText: string): string {
  return metadata('    ', {
    order: posting.orderNo,
    party: posting.party,
    sku: posting.sku,
    shipment: posting.shipmentNo,
    store: posting.store,
    qty: posting.qtyE5 === null ? null : storedText(posting.qtyE5),
    closing: posting.closing === 1 ? 'yes' : null,
    text: posting.text === voucherText ? null : posting.text,
  });
}

/** The book as Beancount reads it. Dimensions and the voucher's number are metadata. */
export function beancountJournal({ chart, firstDate, isOriginal }: JournalFacts): TextJournal {
  const names = new Map<string, string>();
  const nameOf = (code: string): string => {
    const name = names.get(code) ?? beancountAccount(chart, code);
    names.set(code, name);
    return name;
  };
  const head = [
    '; Portbook 通关簿',
    'option "title" "Portbook"',
    'option "operating_currency" "CNY"',
    ...chart.accounts.map(({ code }) => `${firstDate} open ${nameOf(code)}`),
  ];
  return {
    head: `${head.join('\n')}\n\n`,
    transaction(voucher) {
      const lines: string[] = [];
      for (const posting of voucher.postings) {
        if ((isOriginal ? posting.minor : posting.fen) === 0) continue;
        const amount = isOriginal
          ? `${majorText(posting.minor, posting.currency)} ${posting.currency}`
          : `${majorText(posting.fen, 'CNY')} CNY`;
        lines.push(`  ${nameOf(posting.account)}  ${amount}\n${metadataOf(posting, voucher.text)}`);
      }
      if (lines.length === 0) return undefined;
      const facts = metadata('  ', {
        number: voucherLabel(voucher.period, voucher.number).slice(2),
        voucher: voucher.id,
        rule: voucher.rule,
        reverses: voucher.reverses,
      });
      return `${voucher.date} * ${quoted(voucher.text)}\n${facts}${lines.join('')}\n`;
    },
  };
}
