import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { useJob, useQuery } from '../../core-client.ts';
import { codeText } from '../../i18n/catalogue.ts';
import './endpoints.css';

/** Where a draft goes. Another choice checks it by what that endpoint asks for and says what is new and what is gone. */
export function TargetPicker({ id, onChanged }: { readonly id: number; readonly onChanged: () => void }) {
  const { t } = useTranslation();
  const list = useQuery('endpoints.list', {}, { areas: ['sync'] });
  const target = useQuery('documents.target', { id }, { areas: ['sync', 'documents'] });
  const set = useJob('documents.setTarget');
  const [change, setChange] = useState<OutputOf<'documents.setTarget'>['changes'][number]>();
  const endpoints = list.data?.endpoints ?? [];
  // With one way there is nothing to choose.
  if (endpoints.length < 2 || target.data === undefined) return null;
  const { chosen, name } = target.data;
  const say = (findings: NonNullable<typeof change>['added']): string =>
    [...new Set(findings.map(({ rule, params }) => codeText('finding', rule, params)?.what ?? rule))].join(' ');
  return (
    <div className="target-picker">
      <label htmlFor="document-target">{t('endpoints.target')}</label>
      <Select
        id="document-target"
        value={chosen ?? ''}
        loading={set.status === 'running'}
        options={[
          { value: '', label: t('endpoints.targetDefault', { name: name ?? t('outbox.noEndpoint') }) },
          ...endpoints.map((one) => ({ value: one.id, label: one.name })),
        ]}
        onChange={async (endpoint) => {
          const done = await set.start({ ids: [id], ...(endpoint === '' ? {} : { endpoint }) });
          if (done === undefined) return;
          setChange(done.changes[0]);
          target.reload();
          onChanged();
        }}
      />
      <ErrorNote error={set.error} isInline onClose={set.clear} />
      {change === undefined ? null : (
        <p className="muted" role="status">
          {change.added.length === 0
            ? null
            : t('endpoints.targetAdded', { count: change.added.length, what: say(change.added) })}{' '}
          {change.resolved.length === 0
            ? null
            : t('endpoints.targetResolved', { count: change.resolved.length, what: say(change.resolved) })}
        </p>
      )}
    </div>
  );
}
