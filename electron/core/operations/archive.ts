import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { addMonths, parseIsoDate } from '../../../shared/calendar/index.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { obligations } from '../../../shared/contract/obligations.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { type ArchiveFigures, archivePack } from '../../../shared/rules/deadlines/index.ts';
import type { Context, Handlers } from '../context.ts';
import { harmlessName, type PackFile, packPaper, writePack } from '../exporters/paper-pack.ts';
import { packFigures, packVersion } from '../obligations.ts';
import { type ArchiveIndex, archiveIndexHtml } from '../printing/archive-index.ts';
import {
  type ArchivedDeclaration,
  type ArchiveSubject,
  declarationsWithPapers,
  findDeclaration,
  insertPaper,
  listDeclarations,
  paperBytes,
  paperIds,
  papersOf,
  requiredPapersByMode,
  requirePaper,
  setPaperRemoved,
  sha256Of,
  subjectsWithHash,
} from '../store/archive.ts';
import type { Book } from '../store/book.ts';
import { isPledgeSigned } from '../store/credit.ts';
import { claimDays } from '../store/deadlines.ts';

type Row = OutputOf<'archive.list'>['rows'][number];

const figuresOn = (context: Context, date: string): ArchiveFigures =>
  packFigures(context, 'archive-papers', archivePack, date);

/** Years after the claim; null before there is one. */
function keepUntil(
  claims: ReadonlyMap<string, string>,
  { claimedPeriod }: ArchivedDeclaration,
  years: number,
): string | null {
  if (claimedPeriod === null) return null;
  const claimed = parseIsoDate(claims.get(claimedPeriod) ?? `${claimedPeriod}-01`);
  return claimed === undefined ? null : addMonths(claimed, 12 * years);
}

type Paper = ArchiveFigures['papers'][number];

/** Subjects that have nothing to do with trade take their own papers alone. */
const closed: readonly ArchiveSubject[] = [
  'credit-record',
  'credit-pledge',
  'lot-inspection',
  'return-certificate',
  'personal-account',
];

/**
 * Whether papers of a kind are filed with subjects of a kind: those that name their subjects with these, the others with
 * every one that is not closed to them.
 */
export const isFor = ({ subjects }: Paper, kind: ArchiveSubject): boolean =>
  subjects === undefined ? !closed.includes(kind) : subjects.includes(kind);

/** Papers that may be on file for a subject; of a declaration those of its mode. */
function papersFor(figures: ArchiveFigures, kind: ArchiveSubject, mode: string | undefined): readonly Paper[] {
  const own = figures.papers.filter((one) => isFor(one, kind) && (mode === undefined || one.modes.includes(mode)));
  // What is asked of this subject stands before what may be on file for any.
  return [...own].sort((a, b) => Number(b.subjects !== undefined) - Number(a.subjects !== undefined));
}

function missingOf(figures: ArchiveFigures, one: ArchivedDeclaration): string[] {
  const has = new Set(one.codes);
  return (requiredPapersByMode(figures)[one.mode] ?? []).filter((code) => !has.has(code));
}

function rowOf(context: Context, claims: ReadonlyMap<string, string>, one: ArchivedDeclaration): Row {
  const figures = figuresOn(context, one.exportDate);
  const { declarationNo, mode, exportDate, lines, papers } = one;
  return {
    ...{ declarationNo, mode, exportDate, lines, papers },
    claimed: one.claimedPeriod,
    missing: missingOf(figures, one),
    keepUntil: keepUntil(claims, one, figures.retentionYears),
  };
}

/** The bytes of a chosen file. Refusals: `FILE_MISSING`, `FILE_EMPTY`, `ARCHIVE_FILE_TOO_LARGE` {name, limitMb}, `FILE_UNREADABLE`. */
export function fileBytes(path: string, limitMb: number): Uint8Array {
  const name = basename(path);
  try {
    const { size } = statSync(path);
    if (size === 0) throw new PortbookError('FILE_EMPTY', { name });
    if (size > limitMb * 1_048_576) throw new PortbookError('ARCHIVE_FILE_TOO_LARGE', { name, limitMb });
    return readFileSync(path);
  } catch (error) {
    if (error instanceof PortbookError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new PortbookError(error.code === 'ENOENT' ? 'FILE_MISSING' : 'FILE_UNREADABLE', {
      name,
      detail: String(error.code),
    });
  }
}

const changed = (context: Context): void => context.emit({ name: 'book.changed', areas: ['tax'] });

/** What was signed is proved by its scan: the last one stays. Refusal: `ARCHIVE_ONLY_SIGNED` {number}. */
function keepSignedCopy(book: Book, id: number, number: string): void {
  const isOnly = papersOf(book, 'credit-pledge', number).every(
    (one) => one.id === id || one.paper !== 'pledge-signed' || one.removedAt !== null,
  );
  if (isOnly && isPledgeSigned(book, number)) throw new PortbookError('ARCHIVE_ONLY_SIGNED', { number }, 'id');
}

/** Papers on file (单证备案): bytes in the sealed book, by declaration. */
export const archiveHandlers: Handlers<Extract<keyof typeof obligations, `archive.${string}`>> = {
  'archive.list': (input, context) => {
    const { book } = context;
    const required = requiredPapersByMode(figuresOn(context, chinaDate(context.now())));
    const claims = claimDays(book);
    const page = listDeclarations(
      book,
      required,
      { text: input.text, missing: input.missing },
      { after: input.after, limit: input.limit },
    );
    return { ...page, rows: page.rows.map((one) => rowOf(context, claims, one)) };
  },

  'archive.get': ({ subjectKind, subjectId }, context) => {
    const { book } = context;
    const found = subjectKind === 'declaration' ? findDeclaration(book, subjectId) : undefined;
    const date = found?.exportDate ?? chinaDate(context.now());
    const figures = figuresOn(context, date);
    return {
      ...(found === undefined ? {} : { declaration: rowOf(context, claimDays(book), found) }),
      required: papersFor(figures, subjectKind, found?.mode).map(
        ({ code, zh, en, conditionZh, conditionEn, required, subjects }) => ({
          code,
          title: { zh, en },
          condition: { zh: conditionZh, en: conditionEn },
          required: required && (found !== undefined || subjects !== undefined),
        }),
      ),
      papers: papersOf(book, subjectKind, subjectId).map(
        ({ subjectKind: kind, subjectId: id, ...paper }): OutputOf<'archive.get'>['papers'][number] => ({
          ...paper,
          alsoOf: subjectsWithHash(book, paper.sha256, kind, id),
        }),
      ),
      source: sourceOn(context, date),
      retentionYears: figures.retentionYears,
      maxFileMb: figures.maxFileMb,
    };
  },

  'archive.add': (input, context) => {
    const { book } = context;
    const { subjectKind, subjectId, paper, note } = input;
    const found = subjectKind === 'declaration' ? findDeclaration(book, subjectId) : undefined;
    const { papers, maxFileMb } = figuresOn(context, found?.exportDate ?? chinaDate(context.now()));
    if (!papers.some((one) => one.code === paper && isFor(one, subjectKind)))
      throw new PortbookError('ARCHIVE_PAPER_UNKNOWN', { paper }, 'paper');
    const path = context.files.pathOf(input.file, 'read');
    const bytes = fileBytes(path, maxFileMb);
    const at = context.now();
    const result = book.transaction(() => {
      const fileName = basename(path);
      const { id, sha256 } = insertPaper(book, { subjectKind, subjectId, paper, fileName, note, bytes }, at);
      const duplicates = subjectsWithHash(book, sha256, subjectKind, subjectId);
      book.audit(
        'archive.added',
        `${subjectKind} ${subjectId}`,
        // A file is named by whom it is about, at times: the trail is not.
        { paper, id, sha256, duplicates: duplicates.length },
        at,
      );
      return { id, sha256, duplicates };
    });
    changed(context);
    return result;
  },

  'archive.remove': ({ id, removed, reason }, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      const { subjectKind, subjectId, paper, sha256 } = requirePaper(book, id);
      if (removed && subjectKind === 'credit-pledge' && paper === 'pledge-signed') keepSignedCopy(book, id, subjectId);
      setPaperRemoved(book, id, removed ? at : null);
      book.audit(
        removed ? 'archive.removed' : 'archive.restored',
        `${subjectKind} ${subjectId}`,
        { paper, sha256, reason },
        at,
      );
    });
    changed(context);
    return {};
  },

  'archive.verify': async (_input, context) => {
    const { book, signal, progress } = context;
    const ids = paperIds(book);
    const damaged: OutputOf<'archive.verify'>['damaged'] = [];
    for (const [done, id] of ids.entries()) {
      if (signal.aborted) throw new PortbookError('CANCELLED');
      progress({ phase: 'archive.verify', done, total: ids.length });
      const { sha256, subjectId, fileName } = requirePaper(book, id);
      if (sha256Of(paperBytes(book, id)) !== sha256) damaged.push({ id, subjectId, fileName });
      await setImmediate();
    }
    return { papers: ids.length, damaged };
  },

  'archive.export': async (input, context) => {
    const { book } = context;
    const path = context.files.pathOf(input.to, 'write');
    const numbers = input.declarations.length === 0 ? declarationsWithPapers(book) : [...new Set(input.declarations)];
    if (numbers.length === 0) throw new PortbookError('ARCHIVE_NOTHING');
    const at = context.now();
    const claims = claimDays(book);
    const files: PackFile[] = [];
    const index: ArchiveIndex['declarations'][number][] = numbers.map((declarationNo) => {
      const found = findDeclaration(book, declarationNo);
      const figures = figuresOn(context, found?.exportDate ?? chinaDate(at));
      const titles = new Map(figures.papers.map(({ code, zh }) => [code, zh]));
      const live = papersOf(book, 'declaration', declarationNo).filter(({ removedAt }) => removedAt === null);
      const papers = live.map((paper) => {
        const to = `${harmlessName(declarationNo)}/${paper.paper}-${paper.id}-${harmlessName(paper.fileName)}`;
        files.push(packPaper(book, paper, to));
        return { title: titles.get(paper.paper) ?? paper.paper, path: to, size: paper.size, sha256: paper.sha256 };
      });
      return {
        declarationNo,
        mode: found?.mode ?? '',
        exportDate: found?.exportDate ?? '',
        keepUntil: found === undefined ? null : keepUntil(claims, found, figures.retentionYears),
        missing: found === undefined ? [] : missingOf(figures, found).map((code) => titles.get(code) ?? code),
        papers,
      };
    });
    const profile = book.profile();
    const html = archiveIndexHtml({
      firm: profile.name,
      uscc: profile.uscc,
      date: chinaDate(at),
      source: sourceOn(context, chinaDate(at)),
      declarations: index,
    });
    const { bytes, index: form } = await writePack(context, {
      to: path,
      phase: 'archive.export',
      at,
      index: html,
      files,
    });
    book.audit('archive.exported', `${numbers.length}`, { papers: files.length, bytes }, context.now());
    return { declarations: numbers.length, papers: files.length, bytes, index: form };
  },
};

/** Where the list of papers comes from, of the version in force on a date. */
function sourceOn(context: Context, date: string): string {
  return packVersion(context, 'archive-papers', archivePack, date).source;
}
