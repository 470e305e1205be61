import { useTranslation } from 'react-i18next';
import { useQuery } from '../../core-client.ts';
import { formatInstant } from '../../i18n/format.ts';
import { troubleText } from '../outbox/why.ts';
import { useAge } from './way-text.tsx';

/** Which platforms are asked where goods are when syncing, how long ago each was, and why one gave no answer; `none`: where there is none. */
export function AskedPlatforms({ none }: { readonly none?: string }) {
  const { t } = useTranslation();
  const age = useAge();
  const rows = useQuery('way.asked', {}, { areas: ['sync'] }).data?.rows;
  if (rows === undefined) return null;
  if (rows.length === 0) return none === undefined ? null : <span className="muted">{none}</span>;
  const said = ({ name, at, problem }: (typeof rows)[number]): string => {
    if (at === undefined) return t('way.asked.never', { name });
    if (problem === undefined) return t('way.asked.at', { name, age: age(at) });
    return t('way.asked.failed', { name, age: age(at), why: troubleText(t, problem) });
  };
  return (
    <>
      {rows.map((row) => (
        <span
          key={row.name}
          className={row.problem === undefined ? 'muted' : undefined}
          title={row.at === undefined ? undefined : formatInstant(row.at)}
        >
          {said(row)}
        </span>
      ))}
    </>
  );
}
