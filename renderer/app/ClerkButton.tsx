/** Who sits at the desk, at the right of the top bar: shown in books that keep clerks, and changed here. */
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { call, useQuery } from '../core-client.ts';
import { navigate } from './route-store.ts';

const MANAGE = 'manage';
const NOBODY = 'nobody';

export function ClerkButton() {
  const { t } = useTranslation();
  const { data } = useQuery('clerks.list', {}, { areas: ['documents'] });
  if (data === undefined || data.rows.length === 0) return null;
  const take = (value: string): void => {
    if (value === MANAGE) navigate('review', { tab: 'clerks' });
    // The list is read again when the book says it changed; a refusal shows where clerks are managed.
    // A PIN is asked for where clerks are managed, as it is after opening the book and after a lock.
    else if (data.rows.some(({ id, hasPin }) => String(id) === value && hasPin))
      navigate('review', { tab: 'clerks', sit: Number(value) });
    else call('clerks.choose', { id: value === NOBODY ? null : Number(value) }).catch(() => take(MANAGE));
  };
  return (
    <Select
      className="top-clerk"
      size="small"
      variant="borderless"
      aria-label={t('broker.clerk.pick')}
      title={t('broker.clerk.pick')}
      value={data.current === undefined ? NOBODY : String(data.current.id)}
      onSelect={take}
      popupMatchSelectWidth={false}
      options={[
        { value: NOBODY, label: t('broker.clerk.none') },
        ...data.rows
          .filter(({ isActive }) => isActive)
          .map(({ id, name }) => ({
            value: String(id),
            label: id === data.current?.id && !data.isProved ? t('broker.clerk.unprovedName', { name }) : name,
          })),
        { value: MANAGE, label: t('broker.clerk.manage') },
      ]}
    />
  );
}
