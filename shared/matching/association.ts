/** 关联号: which declaration lines and invoices are claimed together, and in which order (P-30). */
import type { ExportLine, InvoiceLine, RefundMatch } from './refund-matching.ts';

/** A line of 出口明细 in a group. */
export interface DeclaredLine {
  /** 序号: eight digits, running through the filing. */
  readonly seq: string;
  readonly exportId: string;
  readonly qtyE5: bigint;
  readonly fobFen: bigint;
  readonly refundFen: bigint;
}

/** A line of 进货明细 in a group: an invoice line, once per refund rate it is claimed at. */
export interface PurchaseLine {
  readonly seq: string;
  readonly invoiceLineId: string;
  readonly rate: string;
  readonly qtyE5: bigint;
  readonly amountFen: bigint;
  readonly vatFen: bigint;
  readonly refundFen: bigint;
}

export interface AssociationGroup {
  readonly associationNo: string;
  readonly declared: readonly DeclaredLine[];
  readonly purchases: readonly PurchaseLine[];
}

export interface Association {
  readonly groups: readonly AssociationGroup[];
  /** Export lines with matches that do not cover them: their declaration side would not close, so they wait. */
  readonly waiting: readonly string[];
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Groups of things that were joined, by a root each: union-find with halved paths. */
class Unions {
  readonly #parent = new Map<string, string>();

  root(of: string): string {
    let at = of;
    for (;;) {
      const parent = this.#parent.get(at) ?? at;
      if (parent === at) return at;
      const grand = this.#parent.get(parent) ?? parent;
      this.#parent.set(at, grand);
      at = grand;
    }
  }

  join(a: string, b: string): void {
    const [left, right] = [this.root(a), this.root(b)];
    if (left !== right) this.#parent.set(right, left);
  }
}

/**
 * Forms the groups of a filing. A group holds the wholly matched declaration lines that share invoice lines, directly or
 * through others, and the parts of those invoices they use; so in every group the quantity declared is the quantity bought.
 * Lines matched in part wait for their invoices, with what they hold of them.
 *
 * Order: groups by their first declaration line; declaration lines by date, declaration and id; purchases by invoice date,
 * number and id. The form of the number is ours, the rule asks only that it be the same on both sides and used once:
 * `<prefix><serial of at least four digits>`, e.g. prefix `20261101` (period and batch) gives `202611010001`.
 *
 * @param matches of {@link matchRefunds} over these lines; RangeError for a match of a line that is not among them
 */
export function associate(
  exports: readonly ExportLine[],
  invoices: readonly InvoiceLine[],
  matches: readonly RefundMatch[],
  prefix: string,
): Association {
  const exportOf = new Map(exports.map((line) => [line.id, line]));
  const invoiceOf = new Map(invoices.map((line) => [line.id, line]));
  const matchesOf = new Map<string, RefundMatch[]>();
  for (const match of matches) {
    const found = matchesOf.get(match.exportId);
    if (found === undefined) matchesOf.set(match.exportId, [match]);
    else found.push(match);
  }
  const waiting: string[] = [];
  const whole: { readonly line: ExportLine; readonly parts: readonly RefundMatch[] }[] = [];
  for (const [id, parts] of matchesOf) {
    const line = existing(exportOf, id);
    if (parts.reduce((sum, { qtyE5 }) => sum + qtyE5, 0n) === line.qtyE5) whole.push({ line, parts });
    else waiting.push(id);
  }
  whole.sort(
    ({ line: a }, { line: b }) =>
      byText(a.exportDate, b.exportDate) || byText(a.declarationNo, b.declarationNo) || byText(a.id, b.id),
  );

  const unions = new Unions();
  for (const { parts } of whole) {
    for (const { exportId, invoiceLineId } of parts) unions.join(`e${exportId}`, `i${invoiceLineId}`);
  }
  const members = new Map<string, (typeof whole)[number][]>();
  for (const one of whole) {
    const root = unions.root(`e${one.line.id}`);
    const found = members.get(root);
    if (found === undefined) members.set(root, [one]);
    else found.push(one);
  }

  let declaredCount = 0;
  let purchaseCount = 0;
  const seq = (count: number): string => count.toString().padStart(8, '0');
  const groups = [...members.values()].map((lines, at): AssociationGroup => {
    const declared = lines.map(({ line, parts }) => {
      declaredCount += 1;
      const refundFen = parts.reduce((sum, match) => sum + match.refundFen, 0n);
      return { seq: seq(declaredCount), exportId: line.id, qtyE5: line.qtyE5, fobFen: line.fobFen, refundFen };
    });
    const used = new Map<string, Omit<PurchaseLine, 'seq'>>();
    for (const { invoiceLineId, rate, qtyE5, amountFen, vatFen, refundFen } of lines.flatMap(({ parts }) => parts)) {
      const key = `${invoiceLineId}\n${rate}`;
      const before = used.get(key);
      used.set(key, {
        invoiceLineId,
        rate,
        qtyE5: (before?.qtyE5 ?? 0n) + qtyE5,
        amountFen: (before?.amountFen ?? 0n) + amountFen,
        vatFen: (before?.vatFen ?? 0n) + vatFen,
        refundFen: (before?.refundFen ?? 0n) + refundFen,
      });
    }
    const purchases = [...used.values()]
      .map((line) => ({ line, invoice: existing(invoiceOf, line.invoiceLineId) }))
      .sort(
        ({ invoice: a, line: x }, { invoice: b, line: y }) =>
          byText(a.date, b.date) || byText(a.invoiceNo, b.invoiceNo) || byText(a.id, b.id) || byText(x.rate, y.rate),
      )
      .map(({ line }) => {
        purchaseCount += 1;
        return { seq: seq(purchaseCount), ...line };
      });
    return { associationNo: `${prefix}${(at + 1).toString().padStart(4, '0')}`, declared, purchases };
  });
  return { groups, waiting: waiting.sort(byText) };
}

function existing<V>(map: ReadonlyMap<string, V>, id: string): V {
  const found = map.get(id);
  if (found === undefined) throw new RangeError(`no line ${id}`);
  return found;
}

/**
 * 出口报关单号 of a refund filing: the 18 digits of the declaration, `0`, and the item in two digits, 21 in all.
 * Undefined for a declaration number that is not 18 digits or an item outside 1 to 99.
 */
export function declarationItemNo(declarationNo: string, item: number): string | undefined {
  if (!/^\d{18}$/.test(declarationNo) || !Number.isInteger(item) || item < 1 || item > 99) return undefined;
  return `${declarationNo}0${item.toString().padStart(2, '0')}`;
}

/** Declaration and item of a 21-digit number; undefined for anything else. */
export function readDeclarationItemNo(
  text: string,
): { readonly declarationNo: string; readonly item: number } | undefined {
  const match = /^(\d{18})0(\d{2})$/.exec(text);
  const item = Number(match?.[2] ?? 0);
  return match === null || item === 0 ? undefined : { declarationNo: match[1] ?? '', item };
}
