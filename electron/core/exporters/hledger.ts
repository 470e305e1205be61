import { voucherLabel } from '../../../shared/ledger/index.ts';
import { exponentOf } from '../../../shared/money/index.ts';
import { storedText } from '../../../shared/money/stored.ts';
import { type Chart, pathOf } from '../../../shared/reports/accounts.ts';
import { majorText } from '../../../shared/reports/amounts.ts';
import type { JournalPosting } from '../store/reports/journal.ts';
import type { JournalFacts, TextJournal } from './report-journal.ts';

/** The account types of hledger, so that its own statements work. */
const roots = {
  asset: ['资产', 'A'],
  liability: ['负债', 'L'],
  equity: ['所有者权益', 'E'],
  revenue: ['收入', 'R'],
  expense: ['费用', 'X'],
} as const;

/** A part of an account's name without what ends it or divides it: `:`, blanks, comment signs, brackets. */
function namePart(text: string): string {
  return text.replaceAll(/[\s:;|()[\]"*!%@={}]+/g, '-');
}

/** `资产:1122-应收账款:112201-海外客户`. */
export function hledgerAccount(chart: Chart, code: string): string {
  const [root] = roots[chart.get(code)?.kind ?? 'asset'];
  return [root, ...pathOf(code).map((one) => namePart(`${one}-${chart.nameOf(one).nameZh}`))].join(':');
}

/** One line without what ends a description or begins a comment. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(';', '；').replaceAll('|', '｜').trim();
}

/** Tag values end at a comma. */
function tag(name: string, value: string | number | null): string[] {
  return value === null || value === '' ? [] : [`${name}:${plain(String(value)).replaceAll(',', '，')}`];
}

function tagsOf(posting: JournalPosting, voucherText: string): string {
  const tags = [
    ...tag('order', posting.orderNo),
    ...tag('party', posting.party),
    ...tag('sku', posting.sku),
    ...tag('shipment', posting.shipmentNo),
    ...tag('store', posting.store),
    ...(posting.qtyE5 === null ? [] : tag('qty', storedText(posting.qtyE5))),
    ...(posting.closing === 1 ? ['closing:yes'] : []),
    ...(posting.text === voucherText ? [] : tag('text', posting.text)),
  ];
  return tags.length === 0 ? '' : `  ; ${tags.join(', ')}`;
}

/** The book as hledger reads it. Dimensions are tags; the voucher's number is the code. */
export function hledgerJournal({ chart, currencies, isOriginal }: JournalFacts): TextJournal {
  const names = new Map<string, string>();
  const nameOf = (code: string): string => {
    const name = names.get(code) ?? hledgerAccount(chart, code);
    names.set(code, name);
    return name;
  };
  const head = [
    '; Portbook 通关簿',
    ...currencies.map((currency) => `commodity 1000.${'0'.repeat(exponentOf(currency))} ${currency}`),
    ...Object.values(roots).map(([root, type]) => `account ${root}  ; type:${type}`),
    ...chart.accounts.map(({ code }) => `account ${nameOf(code)}`),
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
        lines.push(`    ${nameOf(posting.account)}    ${amount}${tagsOf(posting, voucher.text)}\n`);
      }
      if (lines.length === 0) return undefined;
      const code = voucherLabel(voucher.period, voucher.number).slice(2);
      const tags = [`voucher:${voucher.id}`, ...tag('rule', voucher.rule), ...tag('reverses', voucher.reverses)];
      return `${voucher.date} (${code}) ${plain(voucher.text)}  ; ${tags.join(', ')}\n${lines.join('')}\n`;
    },
  };
}
