import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../../shared/contract/contract.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { chooseSave } from '../../components/FilePicker.tsx';
import { useCommand } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

type Input = Omit<InputOf<'match.certificate'>, 'out'>;

/** Prints the certificate of some orders into a file the user chooses, and says what it holds. `name` is theirs on the file. */
export function useCertificate(): {
  readonly print: (input: Input, name: string) => Promise<void>;
  readonly isRunning: boolean;
  readonly error: ContractError | undefined;
} {
  const { t } = useTranslation();
  const command = useCommand('match.certificate');
  const print = async (input: Input, name: string): Promise<void> => {
    const file = await chooseSave(t('recordMatch.certificate'), t('recordMatch.certificateFile', { name }), [
      { name: 'PDF', extensions: ['pdf'] },
    ]);
    if (file === null) return;
    const done = await command.run({ ...input, out: file.token });
    if (done === undefined) return;
    const { orders, excepted, leftOut, keptWith } = done;
    const text = t('recordMatch.certified', {
      orders: formatCount(orders),
      excepted: formatCount(excepted),
      leftOut: formatCount(leftOut),
      file: file.name,
    });
    notify(keptWith === undefined ? text : `${text}${t('recordMatch.certificateKept', { number: keptWith })}`);
  };
  return { print, isRunning: command.isRunning, error: command.error };
}
