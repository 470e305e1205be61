/** Printing vouchers to a PDF the user names: what runs and what went wrong is shown above the page. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../../shared/contract/contract.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { useJob } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

export function usePrint(): {
  readonly start: (which: InputOf<'vouchers.print'>['which'], name: string) => Promise<void>;
  readonly isRunning: boolean;
  readonly notice: ReactNode;
} {
  const { t } = useTranslation();
  const job = useJob('vouchers.print');
  return {
    start: async (which, name) => {
      const file = await chooseSave(
        t('ledger.printVouchers'),
        `${t('ledger.voucher')} ${name.replace('记 ', '')}.pdf`,
        [{ name: 'PDF', extensions: ['pdf'] }],
      );
      if (file === null) return;
      job.clear();
      const done = await job.start({ which, to: file.token });
      if (done !== undefined)
        notify(t('ledger.printed', { count: done.vouchers, shown: formatCount(done.vouchers), file: file.name }));
    },
    isRunning: job.status === 'running',
    notice:
      job.status === 'running' ? (
        <ProgressBar title={t('ledger.printing')} progress={job.progress} onCancel={job.cancel} />
      ) : (
        <ErrorNote error={job.error} onClose={job.clear} />
      ),
  };
}
