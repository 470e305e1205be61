import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import { focusDetail, focusList } from '../../components/DetailPane.tsx';

/**
 * The keys of a list with its form: Ctrl+N begins a new record, Enter looks at the one under the cursor, Esc gives a new one up and else
 * goes back to the list.
 *
 * @param label what Ctrl+N does
 * @param field of the new record, where the cursor goes
 */
export function useAdding(
  label: string,
  field: string,
): { readonly isNew: boolean; readonly setNew: (isNew: boolean) => void; readonly add: () => void } {
  const { t } = useTranslation();
  const [isNew, setNew] = useState(false);
  const add = (): void => {
    setNew(true);
    focusDetail(field);
  };
  useKeys([
    { key: 'Ctrl+N', label, run: add, isMain: true },
    { key: 'Enter', label: t('credit.look'), isMain: true },
    {
      key: 'Esc',
      label: t('credit.back'),
      run: () => {
        if (isNew) setNew(false);
        else focusList();
      },
    },
  ]);
  return { isNew, setNew, add };
}
