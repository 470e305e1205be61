/** The tax period (税款所属期): its kind where there are several, then the period itself, with a step back and on. */
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { PeriodKind } from '../../../shared/contract/tax.ts';
import { useKeys } from '../../app/keys.ts';
import { Chips } from '../../components/Chips.tsx';
import { localDate } from '../../i18n/format.ts';
import { lastMonth, periodChoices, periodKind, periodOf, shiftPeriod } from './period.ts';

export interface PeriodPickerProps {
  readonly kinds: readonly PeriodKind[];
  readonly months: readonly string[];
  readonly value: string;
  readonly onChange: (period: string) => void;
}

export function PeriodPicker({ kinds, months, value, onChange }: PeriodPickerProps) {
  const { t } = useTranslation();
  const kind = periodKind(value) ?? kinds[0] ?? 'month';
  const [back, on] = [shiftPeriod(value, -1), shiftPeriod(value, 1)];
  useKeys([
    { key: 'Ctrl+PageUp', label: t('tax.period.before'), run: () => onChange(back) },
    { key: 'Ctrl+PageDown', label: t('tax.period.after'), run: () => onChange(on) },
  ]);
  return (
    <div className="period-picker">
      {kinds.length < 2 ? null : (
        <Chips
          label={t('tax.period.kind')}
          value={kind}
          onChange={(next) => onChange(periodOf(next, lastMonth(value)))}
          chips={kinds.map((one) => ({ value: one, label: t(`tax.period.${one}`) }))}
        />
      )}
      <button type="button" className="chip" aria-label={t('tax.period.before')} onClick={() => onChange(back)}>
        ‹
      </button>
      <Select
        className="filter-select period-select"
        aria-label={t('tax.period.title')}
        value={value}
        onChange={onChange}
        options={periodChoices(kind, months, localDate(), value).map((one) => ({ value: one, label: one }))}
      />
      <button type="button" className="chip" aria-label={t('tax.period.after')} onClick={() => onChange(on)}>
        ›
      </button>
    </div>
  );
}
