/** Writing a list to a PDF or a workbook that the user names: what runs and what went wrong is shown above the page. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../../shared/contract/contract.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { useJob } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

type FileJob =
  | 'redFlags.print'
  | 'redFlags.export'
  | 'screening.print'
  | 'screening.export'
  | 'flows.print'
  | 'flows.export'
  | 'refundAgeing.print'
  | 'refundAgeing.export'
  | 'credit.print'
  | 'credit.export'
  | 'insuredLimits.print'
  | 'insuredLimits.export'
  | 'documents.printFindings'
  | 'review.print'
  | 'review.export'
  | 'complaints.export'
  | 'parcels.export'
  | 'bonded.export'
  | 'departures.export'
  | 'barter.export'
  | 'agentCertificates.print'
  | 'liveSessions.print'
  | 'returnCertificates.print'
  | 'returnCertificates.export'
  | 'feeNotes.print'
  | 'feeNotes.export';

export interface FileWriter<N extends FileJob> {
  /** @param title what the file is, which also names it */
  readonly write: (title: string, input: Omit<InputOf<N>, 'to'>) => Promise<void>;
  readonly isRunning: boolean;
  readonly notice: ReactNode;
}

export function useFile<N extends FileJob>(job: N): FileWriter<N> {
  const { t } = useTranslation();
  const run = useJob(job);
  const isPdf = !job.endsWith('.export');
  return {
    write: async (title, input) => {
      const kind = isPdf ? { name: 'PDF', extensions: ['pdf'] } : { name: 'Excel', extensions: ['xlsx'] };
      const name = `${title}.${isPdf ? 'pdf' : 'xlsx'}`.replaceAll(/[\\/:*?"<>|]/g, '-');
      const file = await chooseSave(title, name, [kind]);
      if (file === null) return;
      run.clear();
      // The input of each job with the file put in: the union of the names is told apart by N.
      const done = await run.start({ ...input, to: file.token } as InputOf<N>);
      if (done !== undefined) notify(t('risk.written', { file: file.name, rows: formatCount(done.rows) }));
    },
    isRunning: run.status === 'running',
    notice:
      run.status === 'running' ? (
        <ProgressBar title={t('risk.writing')} progress={run.progress} onCancel={run.cancel} />
      ) : (
        <ErrorNote error={run.error} onClose={run.clear} />
      ),
  };
}
