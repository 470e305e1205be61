import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../../shared/contract/contract.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { useJob } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';

type Paper = Omit<InputOf<'joint.print'>, 'to'>;

/** Writes a paper of a joint shipment as PDF or workbook where the user says. */
export function usePaper(): {
  readonly write: (name: string, format: 'pdf' | 'xlsx', paper: Paper) => Promise<void>;
  readonly isRunning: boolean;
  readonly notice: ReactNode;
} {
  const { t } = useTranslation();
  const print = useJob('joint.print');
  const sheet = useJob('joint.export');
  const running = print.status === 'running' ? print : sheet.status === 'running' ? sheet : undefined;
  return {
    write: async (name, format, paper) => {
      const kind = format === 'pdf' ? { name: 'PDF', extensions: ['pdf'] } : { name: 'Excel', extensions: ['xlsx'] };
      const file = await chooseSave(name, `${name}.${format}`.replaceAll(/[\\/:*?"<>|]/g, '-'), [kind]);
      if (file === null) return;
      print.clear();
      sheet.clear();
      const done = await (format === 'pdf' ? print : sheet).start({ ...paper, to: file.token });
      if (done !== undefined) notify(t('joint.written', { file: file.name }));
    },
    isRunning: running !== undefined,
    notice:
      running === undefined ? (
        <ErrorNote
          error={print.error ?? sheet.error}
          onClose={() => {
            print.clear();
            sheet.clear();
          }}
        />
      ) : (
        <ProgressBar title={t('joint.writing')} progress={running.progress} onCancel={running.cancel} />
      ),
  };
}
