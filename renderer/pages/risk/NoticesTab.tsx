/** 风险通报: notices on countries, goods and counterparties, as they were imported; what they concern is among the flags (R14). */
import { Button } from 'antd';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { useCodeNames } from '../../components/code-names.ts';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { severityTone } from './FlagsTab.tsx';
import { useRiskText } from './use-risk-text.ts';

type Notice = OutputOf<'notices.list'>['rows'][number];

export function NoticesTab({ tabs }: { readonly tabs: ReactNode }) {
  const { t } = useTranslation();
  const { say } = useRiskText();
  const notices = useQuery('notices.list', {}, { areas: ['risk', 'imports'] });
  const remove = useCommand('notices.remove');
  const rows = notices.data?.rows;
  const countryName = useCodeNames(
    'country',
    (rows ?? []).flatMap(({ country }) => (country === '' ? [] : [country])),
  );
  const toImport = (): void => navigate('import', { kind: 'notices' });
  useKeys([
    { key: 'Ctrl+I', label: t('risk.notice.import'), run: toImport, isMain: true },
    { key: 'Enter', label: t('risk.notice.flags'), isMain: true },
  ]);
  const { run: runRemove } = remove;
  const columns = useMemo(
    (): readonly Column<Notice>[] => [
      {
        id: 'level',
        title: t('risk.notice.level'),
        width: 84,
        render: (row) => <ToneTag tone={severityTone[row.level]} label={say(`severity.${row.level}`)} />,
      },
      {
        id: 'country',
        title: t('risk.notice.country'),
        width: 104,
        render: (row) => (row.country === '' ? '–' : (countryName(row.country) ?? row.country)),
      },
      { id: 'hs', title: t('risk.notice.hs'), width: 96, render: (row) => <Code>{row.hsPrefix}</Code> },
      {
        id: 'party',
        title: t('risk.notice.party'),
        width: 150,
        render: (row) => <span title={row.counterparty}>{row.counterparty}</span>,
      },
      { id: 'text', title: t('risk.notice.text'), render: (row) => <span title={row.text}>{row.text}</span> },
      {
        id: 'source',
        title: t('risk.notice.source'),
        width: 130,
        render: (row) => <span title={row.source}>{row.source}</span>,
      },
      {
        id: 'valid',
        title: t('risk.notice.valid'),
        width: 190,
        render: (row) => `${row.validFrom ?? '…'} – ${row.validTo ?? '…'}`,
      },
      {
        id: 'remove',
        title: '',
        width: 210,
        ellipsis: false,
        render: (row) => (
          <ConfirmInline
            isSmall
            label={t('risk.notice.remove')}
            question={t('risk.notice.removeQuestion')}
            confirmLabel={t('risk.notice.remove')}
            onConfirm={async () => {
              if ((await runRemove({ id: row.id })) !== undefined) notify(t('risk.notice.removed'));
            }}
          />
        ),
      },
    ],
    [t, say, countryName, runRemove],
  );
  return (
    <Page
      title={t('risk.title')}
      summary={
        rows === undefined
          ? undefined
          : t('risk.notice.summary', {
              n: formatCount(rows.length),
              inForce: formatCount(rows.filter(({ isInForce }) => isInForce).length),
            })
      }
      actions={<KeyButton kind="primary" label={t('risk.notice.import')} keys="Ctrl+I" onPress={toImport} />}
      filters={tabs}
      notice={<ErrorNote error={remove.error} onClose={remove.clear} />}
    >
      <DataTable<Notice>
        label={t('risk.tab.notices')}
        pages={plainPages(rows, notices.error, notices.reload)}
        columns={columns}
        rowKey={(row) => row.id}
        autoFocus
        rowTone={(row) => (row.isInForce ? undefined : 'muted')}
        onOpen={() => navigate('risk', { text: 'R14' })}
        empty={
          <EmptyState
            title={t('risk.notice.empty')}
            hint={t('risk.notice.emptyHint')}
            actions={<Button onClick={toImport}>{t('risk.notice.import')}</Button>}
          />
        }
      />
    </Page>
  );
}
