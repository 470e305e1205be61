import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type RowPlan, type RowPlans, rowPlan } from '../../../shared/contract/imports.ts';
import { Chips } from '../../components/Chips.tsx';
import { ToneMark } from '../../components/StateTag.tsx';

const tones = { insert: 'accepted', update: 'ready', same: 'draft', skip: 'draft', refuse: 'rejected' } as const;

/** What each row of a trial run would do under the key that was chosen. */
export function RowPlanList({ plans, isMended }: { readonly plans: RowPlans; readonly isMended: boolean }) {
  const { t } = useTranslation();
  const [does, setDoes] = useState<RowPlan['does'] | 'all'>('all');
  const { counts, rows } = plans;
  const shown = rows.filter((row) => does === 'all' || row.does === does);
  const kinds = rowPlan.shape.does.options.filter((one) => counts[one] > 0);
  const total = kinds.reduce((sum, one) => sum + counts[one], 0);
  const hasRecords = shown.some(({ record }) => record !== undefined);
  return (
    <div className="import-plan-list" data-testid="import-plans">
      <div className="import-note">
        <Chips
          label={t('imports.plans.title')}
          value={does}
          onChange={setDoes}
          chips={[
            { value: 'all' as const, label: t('imports.plans.all'), count: total },
            ...kinds.map((one) => ({ value: one, label: t(`imports.plans.does.${one}`), count: counts[one] })),
          ]}
        />
        {rows.length < total ? <span className="muted">{t('imports.plans.first')}</span> : null}
        {isMended ? <span className="muted">{t('imports.plans.stale')}</span> : null}
      </div>
      <div className="preview-scroll">
        <table className="preview">
          <thead>
            <tr>
              <th className="preview-no">{t('imports.plans.row')}</th>
              <th>{t('imports.plans.key')}</th>
              <th>{t('imports.plans.what')}</th>
              {hasRecords ? <th>{t('imports.plans.record')}</th> : null}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.rowNo} data-does={row.does}>
                <td className="preview-no">{row.rowNo}</td>
                <td className="mono" title={row.key}>
                  {row.key}
                </td>
                <td>
                  <ToneMark tone={tones[row.does]} /> {t(`imports.plans.does.${row.does}`)}
                </td>
                {hasRecords ? <td className="mono">{row.record}</td> : null}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
