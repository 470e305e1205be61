/** Agent exports (代理出口) of the firm and the certificates (代理出口货物证明) they need. */
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import { agentExport } from '../../../shared/contract/tax.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { moneyText, parseMoney } from '../../../shared/money/index.ts';
import { storedText } from '../../../shared/money/stored.ts';
import type { Book } from './book.ts';
import { listTaxFacts } from './worksheets/facts.ts';

type Details = Omit<ParsedInputOf<'agentCertificates.save'>, 'declarationNo'>;
type Row = OutputOf<'agentCertificates.list'>['rows'][number];

export interface AgentExportRow extends Details {
  readonly declarationNo: string;
  readonly exportDate: string;
  readonly principalName: string;
  readonly principalCode: string;
  readonly from: Row['from'];
  readonly documentId: number | undefined;
  /** Null: a line has no rate, and nobody entered an amount. */
  readonly fen: number | null;
  readonly state: Row['state'];
}

interface Declared {
  readonly declarationNo: string;
  readonly exportDate: string;
  readonly principalName: string;
  readonly principalCode: string;
  readonly documentId: number;
  readonly fen: number | null;
}

const head = (name: string): string => `coalesce(json_extract(d.body, '$.DecHead.${name}'), '')`;

/** Declarations with lines in the book whose consignor is the firm (境内发货人) and whose producer or seller (生产销售单位) is another. */
function declaredForOthers(book: Book): Declared[] {
  const { uscc, name } = book.profile();
  return book
    .prepare(
      `SELECT e.declaration_no AS declarationNo, min(e.export_date) AS exportDate, ${head('OwnerName')} AS principalName,
         iif(${head('OwnerCodeScc')} <> '', ${head('OwnerCodeScc')}, ${head('OwnerCode')}) AS principalCode, d.id AS documentId,
         iif(count(*) = count(e.fob_fen), sum(e.fob_fen), NULL) AS fen
       FROM document d JOIN export_line e ON e.document_id = d.id
       WHERE d.kind = 'DecMessage' AND (${head('TradeCoScc')} = :uscc OR ${head('TradeName')} = :name)
         AND ${head('OwnerName')} <> '' AND ${head('OwnerName')} <> ${head('TradeName')}
         AND (${head('OwnerCodeScc')} = '' OR ${head('OwnerCodeScc')} <> ${head('TradeCoScc')})
       GROUP BY e.declaration_no`,
    )
    .all({ uscc, name }) as Declared[];
}

const noDetails: Details = {
  ...{ contractNo: '', requestedOn: null, toldDueOn: null, certificateNo: '', obtainedOn: null },
  ...{ handedOn: null, notNeeded: '', note: '' },
};

const stateOf = ({ notNeeded, handedOn, obtainedOn, requestedOn }: Details): Row['state'] =>
  notNeeded !== ''
    ? 'none'
    : handedOn !== null
      ? 'handed'
      : obtainedOn !== null
        ? 'obtained'
        : requestedOn !== null
          ? 'requested'
          : 'needed';

/** Every agent export the book knows of, by its declaration; what a person entered of the principal stands before the document. */
export function agentExports(book: Book): AgentExportRow[] {
  const kept = new Map(
    (
      book
        .prepare(
          `SELECT declaration_no AS declarationNo, contract_no AS contractNo, requested_on AS requestedOn, told_due_on AS toldDueOn,
             certificate_no AS certificateNo, obtained_on AS obtainedOn, handed_on AS handedOn, not_needed AS notNeeded, note
           FROM agent_certificate`,
        )
        .all() as (Details & { declarationNo: string })[]
    ).map(({ declarationNo, ...details }) => [declarationNo, details]),
  );
  const rows = new Map<string, AgentExportRow>();
  const put = (row: Omit<AgentExportRow, keyof Details | 'state'>): void => {
    const details = kept.get(row.declarationNo) ?? noDetails;
    rows.set(row.declarationNo, { ...row, ...details, state: stateOf(details) });
  };
  for (const row of declaredForOthers(book)) put({ ...row, from: 'document' });
  for (const { subject, value } of listTaxFacts(book, { name: 'agent-export' })) {
    const fact = agentExport.parse(JSON.parse(value));
    if (fact.method !== 'agent') {
      // Said to be the firm's own after all, or entrusted to another: no certificate of this firm's.
      rows.delete(subject);
      continue;
    }
    const before = rows.get(subject);
    put({
      declarationNo: subject,
      exportDate: before?.exportDate ?? fact.exportDate,
      principalName: fact.principalName ?? before?.principalName ?? '',
      principalCode: fact.principalCreditCode ?? before?.principalCode ?? '',
      from: before?.from ?? 'fact',
      documentId: before?.documentId,
      fen: before?.fen ?? Number(parseMoney(fact.amountCny, 'CNY', 'halfUp').minor),
    });
  }
  return [...rows.values()];
}

/** Agent exports whose certificate is still to be got. */
export const openCertificates = (book: Book): AgentExportRow[] =>
  agentExports(book).filter(({ state }) => state === 'needed' || state === 'requested');

/** Refusal: `AGENT_EXPORT_UNKNOWN` {declarationNo}. */
export function requireAgentExport(book: Book, declarationNo: string): AgentExportRow {
  const row = agentExports(book).find((one) => one.declarationNo === declarationNo);
  if (row === undefined) throw new PortbookError('AGENT_EXPORT_UNKNOWN', { declarationNo }, 'declarationNo');
  return row;
}

/** Goods of a declaration, in the order of its lines. */
export function goodsOfDeclaration(book: Book, declarationNo: string): OutputOf<'agentCertificates.goods'>['rows'] {
  const rows = book
    .prepare(
      `SELECT line_no AS lineNo, hs_code AS hsCode, name, unit, qty_e5 AS qtyE5, currency, fob_minor AS fobMinor
       FROM export_line WHERE declaration_no = ? ORDER BY line_no, id`,
    )
    .all(declarationNo) as {
    lineNo: number;
    hsCode: string;
    name: string;
    unit: string;
    qtyE5: number;
    currency: string;
    fobMinor: number;
  }[];
  return rows.map(({ qtyE5, fobMinor, ...row }) => ({
    ...row,
    qty: storedText(qtyE5),
    fob: moneyText({ minor: BigInt(fobMinor), currency: row.currency }),
  }));
}

/** Keeps what has become of a certificate; see the contract for the refusals. */
export function saveAgentCertificate(book: Book, input: ParsedInputOf<'agentCertificates.save'>, now: string): void {
  const { exportDate } = requireAgentExport(book, input.declarationNo);
  const { certificateNo, obtainedOn, requestedOn, handedOn } = input;
  if ((certificateNo === '') !== (obtainedOn === null))
    throw new PortbookError('AGENT_CERTIFICATE_PAIR', {}, certificateNo === '' ? 'certificateNo' : 'obtainedOn');
  if (handedOn !== null && obtainedOn === null) throw new PortbookError('AGENT_CERTIFICATE_PAIR', {}, 'certificateNo');
  const steps = [
    { field: 'declarationNo', day: exportDate },
    { field: 'requestedOn', day: requestedOn },
    { field: 'obtainedOn', day: obtainedOn },
    { field: 'handedOn', day: handedOn },
  ].flatMap(({ field, day }) => (day === null ? [] : [{ field, day }]));
  for (const [at, { field, day }] of steps.entries()) {
    const before = steps[at - 1];
    if (before !== undefined && day < before.day)
      throw new PortbookError('AGENT_CERTIFICATE_DAYS', { earlier: before.day, later: day }, field);
  }
  book
    .prepare(
      `INSERT INTO agent_certificate (declaration_no, contract_no, requested_on, told_due_on, certificate_no, obtained_on, handed_on, not_needed, note,
         created_at, updated_at)
       VALUES (:declarationNo, :contractNo, :requestedOn, :toldDueOn, :certificateNo, :obtainedOn, :handedOn, :notNeeded, :note, :now, :now)
       ON CONFLICT (declaration_no) DO UPDATE SET contract_no = excluded.contract_no, requested_on = excluded.requested_on,
         told_due_on = excluded.told_due_on, certificate_no = excluded.certificate_no, obtained_on = excluded.obtained_on,
         handed_on = excluded.handed_on, not_needed = excluded.not_needed, note = excluded.note, updated_at = excluded.updated_at`,
    )
    .run({ ...input, now });
}
