import type { evidence } from '../../../shared/contract/evidence.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Handlers } from '../context.ts';
import { electronicData } from '../evidence/electronic-data.ts';
import { writeElectronicData } from '../evidence/electronic-files.ts';
import { gather } from '../evidence/gather.ts';
import { evidenceView, writeEvidence } from '../evidence/pack.ts';
import { fileSha256 } from '../files/hash.ts';
import { matchDue } from '../matching.ts';

/** Evidence packs, electronic transaction data. */
export const evidenceHandlers: Handlers<keyof typeof evidence> = {
  'evidence.preview': ({ of }, context) => evidenceView(gather(context, of)),

  'evidence.export': async ({ of, to }, context) => {
    const { book } = context;
    const path = context.files.pathOf(to, 'write');
    // The pack says what the records say now.
    book.transaction(() => matchDue(context, context.now()));
    const gathered = gather(context, of);
    const { number } = gathered.subject;
    const { files, bytes, index } = await writeEvidence(context, gathered, path);
    const sha256 = await fileSha256(path);
    const [papers, gaps] = [gathered.papers.length, gathered.gaps.length];
    book.audit('evidence.exported', number, { files, papers, gaps, sha256 }, context.now());
    return { number, files, papers, bytes, gaps, index, sha256 };
  },

  'electronicData.preview': (scope, context) => electronicData(context, scope),

  'electronicData.export': async ({ scope, to }, context) => {
    const folder = context.files.pathOf(to, 'directory');
    const data = electronicData(context, scope);
    if (data.rows.length === 0) throw new PortbookError('ELECTRONIC_DATA_EMPTY');
    const { rows, out, ...summary } = data;
    const { sha256, files, cover } = await writeElectronicData(context, scope, data, folder);
    context.book.audit(
      'electronicData.exported',
      scope.recordId === undefined ? `${scope.from}..${scope.to}` : `money-record:${scope.recordId}`,
      { transactions: rows.length, leftOut: out.length, sha256 },
      context.now(),
    );
    return { ...summary, sha256, files, cover };
  },
};
