import { useTranslation } from 'react-i18next';
import { categoryTexts, type PayoutCategory, payoutCategories } from '../../../shared/payouts/index.ts';
import { type Choice, ChoiceBox } from '../../components/ChoiceBox.tsx';
import { useBilingual } from '../obligations/use-bilingual.ts';

/** Charges first: they are what platforms invent new names for. */
const usual: readonly PayoutCategory[] = [
  'commission',
  'fulfilment',
  'storage',
  'advertising',
  'payment-fee',
  'other-fee',
  'reimbursement',
  'adjustment',
  'refund',
];
const offered = [...usual, ...payoutCategories.filter((one) => !usual.includes(one) && one !== 'unknown')];
/** As many as have a digit; the others are found by their name. */
const mostShown = 9;

/** Chooses a category: type a part of its name, or press its digit. */
export function CategoryBox({
  value,
  onTake,
  autoFocus = false,
}: {
  readonly value: PayoutCategory;
  readonly onTake: (category: PayoutCategory) => void;
  readonly autoFocus?: boolean;
}) {
  const { t } = useTranslation();
  const word = useBilingual();
  const search = (text: string): readonly Choice[] =>
    offered
      .map((category) => ({ code: category, name: categoryTexts[category].zh, nameEn: categoryTexts[category].en }))
      .filter(({ code, name, nameEn }) =>
        [code, name, nameEn].some((one) => one.toLowerCase().includes(text.toLowerCase())),
      )
      .slice(0, mostShown);
  return (
    <ChoiceBox
      shown={value === 'unknown' ? '' : word(categoryTexts[value])}
      search={search}
      label={t('payouts.category')}
      placeholder={t('payouts.chooseCategory')}
      hidesCode
      autoFocus={autoFocus}
      onTake={(choice) => {
        const category = payoutCategories.find((one) => one === choice?.code);
        if (category !== undefined) onTake(category);
      }}
    />
  );
}
