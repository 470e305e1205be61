import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../../shared/contract/contract.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { chooseSave } from '../../components/FilePicker.tsx';
import { useJob } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';

type PaperJob = 'trace.print' | 'joint.print';

/** Writes a paper as PDF where the user says; what went wrong is shown in plain words by the page. */
export function usePlainPaper<N extends PaperJob>(
  job: N,
): {
  readonly write: (title: string, input: Omit<InputOf<N>, 'to'>) => Promise<void>;
  readonly isRunning: boolean;
  readonly error: ContractError | undefined;
} {
  const { t } = useTranslation();
  const run = useJob(job);
  return {
    write: async (title, input) => {
      const name = `${title}.pdf`.replaceAll(/[\\/:*?"<>|]/g, '-');
      const file = await chooseSave(title, name, [{ name: 'PDF', extensions: ['pdf'] }]);
      if (file === null) return;
      run.clear();
      // The input of each job with the file put in: the union of the names is told apart by N.
      const done = await run.start({ ...input, to: file.token } as InputOf<N>);
      if (done !== undefined) notify(t('simple.paperWritten', { file: file.name }));
    },
    isRunning: run.status === 'running',
    error: run.error,
  };
}
