/** 记账规则: which event posts to which accounts, since when, by which source. */
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { navigate } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Facts, Split } from '../../components/Page.tsx';
import { useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { useView } from '../../stores/view-store.ts';

type Rule = OutputOf<'postingRules.list'>['rows'][number];

type RuleLine = Rule['lines'][number];

/** Accounts, amounts and conditions of a rule in the user's words; what this version has no word for stands as it is. */
export function useRuleWords(): {
  readonly account: (line: RuleLine) => string;
  readonly amount: (line: RuleLine) => string;
  readonly when: (line: RuleLine) => string;
} {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const part = (name: string): string => t(`ledger.part.${name}`, { defaultValue: name });
  return {
    account: (line) =>
      line.account.startsWith('$')
        ? part(line.account.slice(1))
        : `${line.account} ${language === 'en' ? line.nameEn : line.nameZh}`,
    amount: (line) => line.amount.replace(/[A-Za-z]\w*/g, part),
    when: ({ when = '' }) => {
      const [field = '', value] = when.split('=');
      const plain = value === undefined ? when.replace('!', 'no-') : `${field}-${value}`;
      const known = t(`ledger.when.${plain}`, { defaultValue: '' });
      return known !== '' || value === undefined
        ? known || when
        : t(`ledger.choice.${field}.${value}`, { defaultValue: when });
    },
  };
}

export function RulesTab() {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const words = useRuleWords();
  const [date, setDate] = useState(() => localDate());
  const [id, setId] = useState<string>();
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(date);
  const rules = useQuery('postingRules.list', isDate ? { date } : null);
  const shown = rules.data?.rows.find((row) => row.id === id);
  const columns = useMemo(
    (): readonly Column<Rule>[] => [
      {
        id: 'title',
        title: t('ledger.rule'),
        render: (row) => (language === 'en' ? row.titleEn : row.titleZh),
      },
      { id: 'event', title: t('ledger.ruleId'), width: 210, render: (row) => <Code>{row.id}</Code> },
      { id: 'from', title: t('ledger.inForceFrom'), width: 110, render: (row) => row.inForceFrom },
      { id: 'to', title: t('ledger.inForceTo'), width: 110, render: (row) => row.inForceTo ?? '' },
    ],
    [t, language],
  );
  return (
    <div className="ledger-tab">
      <div className="page-filters">
        <label htmlFor="rules-date">{t('ledger.rulesOn')}</label>
        <DateInput id="rules-date" value={date} onChange={setDate} />
      </div>
      <Split
        list={
          <DataTable
            label={t('ledger.tab.rules')}
            autoFocus
            pages={plainPages(rules.data?.rows, rules.error, rules.reload)}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={id}
            onActivate={(row) => setId(row.id)}
            empty={<EmptyState title={t('ledger.noRules')} />}
          />
        }
        detail={
          shown === undefined ? (
            <DetailPlaceholder text={t('ledger.ruleNone')} />
          ) : (
            <DetailPane title={language === 'en' ? shown.titleEn : shown.titleZh}>
              <DetailSection title={t('ledger.why')}>
                <Facts
                  columns={1}
                  rows={[
                    [t('ledger.ruleSource'), shown.source],
                    [t('ledger.inForceFrom'), shown.inForceFrom],
                  ]}
                />
                <p>
                  <button type="button" className="link" onClick={() => navigate('ledger', { rule: shown.id })}>
                    {t('ledger.seeVouchers')}
                  </button>
                </p>
              </DetailSection>
              <DetailSection title={t('ledger.ruleLines')}>
                <div className="reval-scroll">
                  <table className="voucher-table">
                    <thead>
                      <tr>
                        <th>{t('ledger.column.side')}</th>
                        <th>{t('ledger.column.account')}</th>
                        <th>{t('ledger.column.amount')}</th>
                        <th>{t('ledger.ruleWhen')}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {shown.lines.map((line) => (
                        <tr key={`${line.side} ${line.account} ${line.amount} ${line.when ?? ''}`}>
                          <td>{t(`ledger.side.${line.side}`)}</td>
                          <td>{words.account(line)}</td>
                          <td>{words.amount(line)}</td>
                          <td>{words.when(line)}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              </DetailSection>
            </DetailPane>
          )
        }
      />
    </div>
  );
}
