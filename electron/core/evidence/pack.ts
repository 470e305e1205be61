/** The evidence pack (证据包) as files: papers, messages and receipts as they are, tables, printed pages, and an index over all of it. */
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { type EvidenceView, evidenceRows } from '../../../shared/contract/evidence.ts';
import { specOf } from '../../../shared/documents/catalogue.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context } from '../context.ts';
import { csvText } from '../exporters/csv-text.ts';
import { harmlessName, type PackFile, packPage, packPaper, packText, writePack } from '../exporters/paper-pack.ts';
import { certificateOf } from '../matching.ts';
import { evidenceIndexHtml } from '../printing/evidence-index.ts';
import { filingPage } from '../printing/filing-page.ts';
import { nettingPage } from '../printing/netting-page.ts';
import { voucherPage } from '../printing/voucher-page.ts';
import { sha256Of } from '../store/archive.ts';
import { requireDocument } from '../store/documents.ts';
import { type EvidenceDocument, receiptBytes } from '../store/evidence.ts';
import { messageBytes } from '../store/messages.ts';
import { maskedNumber } from '../store/money/accounts.ts';
import { voucherView } from '../store/voucher-views.ts';
import type { Gathered, WholeSection } from './gather.ts';

/** Vouchers that are printed at most; all of them are in the table. */
const MOST_VOUCHERS = 500;

interface TitledFile extends PackFile {
  readonly title: string;
  readonly size: number;
}

const formName = ({ kind, businessKey, version }: EvidenceDocument): string =>
  `${kind}-${harmlessName(businessKey)}-v${version}`;
const formTitle = ({ kind }: EvidenceDocument): string => specOf(kind)?.zh ?? kind;

/** What is printed when the pack is made; its size is not known before. */
function madePages({ forms, nettings, voucherIds, orders, sections }: Gathered): { path: string; title: string }[] {
  return [
    ...forms.map((form) => ({ path: `forms/${formName(form)}`, title: formTitle(form) })),
    ...nettings.map(({ number }) => ({ path: `netting/${harmlessName(number)}`, title: '轧差核对表' })),
    ...(voucherIds.length === 0 ? [] : [{ path: 'vouchers', title: '记账凭证' }]),
    ...(orders === undefined ? [] : [{ path: 'match', title: '三单比对证明' }]),
    ...sections.map(({ id, title }) => ({ path: `data/${id}.csv`, title: title.zh })),
  ];
}

/** The pack as the desk shows it before it is made. */
export function evidenceView(gathered: Gathered): EvidenceView {
  const { subject, sections, gaps, papers, messages } = gathered;
  const known = [
    ...papers.map(({ path, title, paper }) => ({
      path,
      title: `${title} ${paper.fileName}`,
      source: 'archive' as const,
      size: paper.size,
      sha256: paper.sha256,
    })),
    ...messages.map(({ path, title, source, size }) => ({ path, title, source, size })),
  ];
  return {
    subject,
    sections: sections.map((section) => ({
      ...section,
      rows: section.rows.slice(0, evidenceRows),
      total: section.rows.length,
    })),
    files: [...known, ...madePages(gathered).map((one) => ({ ...one, source: 'made' as const }))],
    gaps: [...gaps],
    papers: papers.length,
    bytes: known.reduce((sum, { size }) => sum + size, 0),
  };
}

/** A section as a table, whole, in the terms of the paper. */
function sectionCsv({ columns, rows }: WholeSection): string {
  return csvText(
    columns.map(({ title }) => title.zh),
    rows.map(({ cells }) => cells.map((cell) => (typeof cell === 'string' ? cell : cell.zh))),
  );
}

/** The printed pages: forms, netting sheets, vouchers. As PDF where there is a window, as HTML otherwise. */
async function pages(
  context: Context,
  { subject, forms, nettings, voucherIds, orders }: Gathered,
): Promise<TitledFile[]> {
  const { book, resources } = context;
  const printedOn = chinaDate(context.now());
  const profile = book.profile();
  const made: { name: string; title: string; html: string }[] = [];
  for (const form of forms) {
    const document = requireDocument(book, form.id);
    const html = filingPage({ ...document, tables: resources.tables, mask: maskedNumber, printedOn });
    if (html !== undefined) made.push({ name: `forms/${formName(form)}`, title: formTitle(form), html });
  }
  for (const view of nettings) {
    const html = nettingPage(view, { firm: profile.name, uscc: profile.uscc, madeOn: printedOn });
    made.push({ name: `netting/${harmlessName(view.number)}`, title: '轧差核对表', html });
  }
  if (voucherIds.length > 0) {
    const vouchers = voucherIds.slice(0, MOST_VOUCHERS).map((id) => voucherView(book, id));
    made.push({ name: 'vouchers', title: '记账凭证', html: voucherPage(vouchers, profile.name) });
  }
  // Orders that do not match are certified by nobody: they are in the table with what is wrong.
  const certificate = orders === undefined ? undefined : certificateOf(context, { ...orders, subject }, context.now());
  if (certificate !== undefined) made.push({ name: 'match', title: '三单比对证明', html: certificate.html });
  const files: TitledFile[] = [];
  for (const [done, { name, title, html }] of made.entries()) {
    if (context.signal.aborted) throw new PortbookError('CANCELLED');
    context.progress({ phase: 'evidence.print', done, total: made.length });
    const page = await packPage(context, name, html);
    files.push({ ...page, title, size: page.bytes().length });
  }
  return files;
}

/** Writes the pack. Refusals: `ARCHIVE_DAMAGED` {name}, those of the ZIP, `CANCELLED`. */
export async function writeEvidence(
  context: Context,
  gathered: Gathered,
  to: string,
): Promise<{ readonly files: number; readonly bytes: number; readonly index: 'pdf' | 'html' }> {
  const { book } = context;
  const at = context.now();
  const files: TitledFile[] = [
    ...gathered.papers.map(({ path, title, paper }) => ({
      ...packPaper(book, paper, path),
      title: `${title} ${paper.fileName}`,
      size: paper.size,
    })),
    ...gathered.messages.map(({ path, title, size, source, id }) => {
      const bytes = (): Uint8Array => (source === 'message' ? messageBytes(book, id) : receiptBytes(book, id));
      return { path, title, size, sha256: sha256Of(bytes()), bytes, isText: true };
    }),
    ...(await pages(context, gathered)),
    ...gathered.sections.map((section) => {
      const file = packText(`data/${section.id}.csv`, sectionCsv(section));
      return { ...file, title: section.title.zh, size: file.bytes().length };
    }),
  ];
  const profile = book.profile();
  const index = evidenceIndexHtml({
    firm: profile.name,
    uscc: profile.uscc,
    madeOn: chinaDate(at),
    subject: gathered.subject,
    sections: evidenceView(gathered).sections,
    gaps: [...gathered.gaps],
    files,
    retentionYears: gathered.retentionYears,
  });
  const written = await writePack(context, { to, phase: 'evidence.export', at, index, files });
  return { ...written, files: files.length };
}
