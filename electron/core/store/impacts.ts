/** What follows from a filed document and would be left, or taken back with it, were it withdrawn or deleted. */
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { headOf } from '../../../shared/documents/spec.ts';
import type { Book } from './book.ts';
import type { DocumentRecord } from './documents.ts';
import { linesReleasedBy } from './export-releases.ts';
import { standingSales } from './ledger.ts';

type Impact = OutputOf<'documents.impacts'>['rows'][number];

/** Names shown of each. */
const shown = 3;
/** Of a document that has not come to its end in vain. */
const stands = `state NOT IN ('withdrawn','superseded','rejected')`;

/** In the order in which a person would undo them; what there is none of is left out. */
export function impactsOf(book: Book, document: DocumentRecord): Impact[] {
  const { id, kind, body, orderId } = document;
  const names = (sql: string, ...bind: readonly (string | number)[]): string[] =>
    (book.prepare(sql).all(...bind) as { name: string }[]).map(({ name }) => name);
  const lines = linesReleasedBy(book, id);
  const waybill = kind === 'CEB603Message' ? (headOf(catalogue[kind], body)['logisticsNo'] ?? '') : '';
  const found: readonly [Impact['code'], readonly string[]][] = [
    ['inUse', lines.flatMap(({ label, isInUse }) => (isInUse ? [label] : []))],
    [
      'returns',
      names(
        `SELECT r.number AS name FROM goods_return r JOIN export_line e ON e.id = r.export_line_id
         WHERE e.document_id = ? AND r.state <> 'void' ORDER BY r.id`,
        id,
      ),
    ],
    [
      'papers',
      names(
        `SELECT d.business_key AS name FROM document_about a JOIN document d ON d.id = a.document_id
         WHERE a.about_id = ? AND a.purpose <> 'amend' AND d.${stands} ORDER BY d.id`,
        id,
      ),
    ],
    [
      'transport',
      waybill === ''
        ? []
        : names(
            `SELECT DISTINCT d.business_key AS name FROM document_named n JOIN document d ON d.id = n.document_id
             WHERE n.number = ? AND n.purpose IN ('waybills','arrival','departure') AND d.${stands} ORDER BY d.id`,
            waybill,
          ),
    ],
    [
      'lists',
      orderId === undefined || kind === 'CEB603Message'
        ? []
        : names(
            `SELECT business_key AS name FROM document WHERE order_id = ? AND kind = 'CEB603Message' AND ${stands}
               AND state NOT IN ('draft','checked') ORDER BY id`,
            orderId,
          ),
    ],
    ['sales', standingSales(book, id)],
    ['lines', lines.map(({ label }) => label)],
  ];
  return found.flatMap(([code, all]) =>
    all.length === 0
      ? []
      : [
          {
            code,
            count: all.length,
            names: all.filter((name) => name !== '').slice(0, shown),
            holds: code === 'inUse',
          },
        ],
  );
}
