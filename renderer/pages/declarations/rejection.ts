import { pathOf } from '../../../shared/documents/spec.ts';
import { type DocumentKind, linePath, requireSpec } from './document-model.ts';

export interface RejectionPart {
  /** The platform's code, empty when the text carries none. */
  readonly code: string;
  readonly text: string;
}

/** Takes `[Code:1322;Desc:…]` apart; several may follow each other. Any other text stays whole. */
export function rejectionParts(info: string): RejectionPart[] {
  const parts = [...info.matchAll(/\[Code:\s*(-?\d+)\s*;?\s*(?:Desc:)?\s*([^\]]*)\]/g)].map(
    ([, code = '', text = '']) => ({ code, text: text.trim() }),
  );
  return parts.length > 0 ? parts : [{ code: '', text: info.trim() }];
}

// Fields that the published reasons speak about, so that the user need not look for them.
const fieldsOfReason: readonly { readonly pattern: RegExp; readonly head?: string; readonly line?: string }[] = [
  { pattern: /毛重/, head: 'grossWeight' },
  { pattern: /净重/, head: 'netWeight' },
  { pattern: /件数/, head: 'packNo' },
  { pattern: /运单/, head: 'logisticsNo' },
  { pattern: /提运单|总运单|舱单/, head: 'billNo' },
  { pattern: /订单编号/, head: 'orderNo' },
  { pattern: /支付企业|收款/, head: 'payName' },
  { pattern: /运抵国|目的国/, head: 'country' },
  { pattern: /商品编码|税号/, line: 'gcode' },
  { pattern: /单价/, line: 'price' },
  { pattern: /总价/, line: 'totalPrice' },
  { pattern: /商品项|数量/, line: 'qty' },
];

/** The path a reason most likely speaks about; undefined when it names nothing the document has. */
export function pathOfReason(kind: DocumentKind, text: string): string | undefined {
  const spec = requireSpec(kind);
  const line = Number(/第\s*(\d+)\s*[项行]/.exec(text)?.[1] ?? '1');
  for (const { pattern, head, line: lineField } of fieldsOfReason) {
    if (!pattern.test(text)) continue;
    if (head !== undefined && spec.head.fields.some(({ name }) => name === head)) return pathOf(spec, head);
    if (lineField !== undefined && spec.lines?.fields.some(({ name }) => name === lineField) === true)
      return linePath(kind, lineField, line);
  }
  return undefined;
}
