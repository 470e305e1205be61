import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, DetailSection } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Facts, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { useBilingual } from './use-bilingual.ts';

type Rule = OutputOf<'deadlines.rules'>['rows'][number];

/** Every rule with its source; one is switched off, or on again, with a reason. */
export function DeadlineRules() {
  const { t } = useTranslation();
  const words = useBilingual();
  const rules = useQuery('deadlines.rules', {}, { areas: ['tax'] });
  const change = useCommand('deadlines.switchRule');
  const [active, setActive] = useState<string>();
  const [reason, setReason] = useState('');
  const chosen = rules.data?.rows.find(({ id }) => id === active) ?? rules.data?.rows[0];
  const columns: readonly Column<Rule>[] = [
    {
      id: 'state',
      title: t('obligations.deadlines.state'),
      width: 84,
      render: (row) =>
        row.off === undefined ? t('obligations.on') : <ToneTag tone="action" label={t('obligations.off')} />,
    },
    {
      id: 'kind',
      title: t('obligations.deadlines.kind'),
      width: 92,
      render: (row) => t(`obligations.kind.${row.kind}`),
    },
    { id: 'title', title: t('obligations.deadlines.rule'), width: 260, render: (row) => words(row.title) },
    {
      id: 'ladder',
      title: t('obligations.deadlines.ladder'),
      width: 120,
      render: (row) => row.ladder.map((days) => `T-${days}`).join(' '),
    },
    { id: 'source', title: t('obligations.deadlines.source'), render: (row) => row.source },
  ];
  return (
    <Split
      ratio="list"
      list={
        <DataTable
          label={t('obligations.deadlines.views.rules')}
          pages={plainPages(rules.data?.rows, rules.error, rules.reload)}
          columns={columns}
          rowKey={(row) => row.id}
          activeKey={chosen?.id}
          onActivate={(row) => setActive(row.id)}
          empty={<EmptyState title={t('obligations.deadlines.empty')} />}
        />
      }
      detail={
        chosen === undefined ? (
          <DetailPlaceholder text={t('obligations.deadlines.choose')} />
        ) : (
          <DetailPane title={words(chosen.title)}>
            <DetailSection title={t('obligations.deadlines.why')}>
              <Facts
                columns={1}
                rows={[
                  [t('obligations.deadlines.source'), chosen.source],
                  [t('obligations.deadlines.inForce'), `${chosen.inForceFrom} – ${chosen.inForceTo ?? ''}`],
                  [t('obligations.deadlines.shift'), t(`obligations.shift.${chosen.shift}`)],
                  [
                    t('obligations.deadlines.verified'),
                    `${t(`obligations.reliability.${chosen.reliability}`)} · ${chosen.verifiedBy.name} ${chosen.verifiedBy.on} · ${chosen.verifiedBy.how}`,
                  ],
                  [t('obligations.deadlines.note'), words(chosen.note)],
                  ...(chosen.off === undefined ? [] : ([[t('obligations.off'), chosen.off.reason]] as const)),
                ]}
              />
            </DetailSection>
            <DetailSection title={t('obligations.deadlines.switch')}>
              <Input
                value={reason}
                aria-label={t('obligations.reason')}
                placeholder={t('obligations.reason')}
                onChange={(event) => setReason(event.target.value)}
              />
              <ErrorNote error={change.error} isInline />
              <div className="card-actions">
                <Button
                  disabled={reason.trim() === ''}
                  loading={change.isRunning}
                  onClick={() =>
                    void change
                      .run({ id: chosen.id, off: chosen.off === undefined, reason: reason.trim() })
                      .then(() => setReason(''))
                  }
                >
                  {chosen.off === undefined
                    ? t('obligations.deadlines.switchOff')
                    : t('obligations.deadlines.switchOn')}
                </Button>
              </div>
            </DetailSection>
          </DetailPane>
        )
      }
    />
  );
}
