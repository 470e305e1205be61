import { useMemo } from 'react';
import type { FlagRule } from '../../../shared/contract/risk.ts';
import { hitText, riskText } from '../../../shared/risk/texts.ts';
import { useView } from '../../stores/view-store.ts';

type Params = Readonly<Record<string, string | number>>;

export interface RiskText {
  readonly say: (key: string, params?: Params) => string;
  readonly sayHit: (rule: FlagRule, params: Params) => string;
}

/** Texts of rules, reasons and states that paper and desk share, in the desk's language. */
export function useRiskText(): RiskText {
  const language = useView((view) => view.language);
  return useMemo(
    () => ({
      say: (key, params) => riskText(language, key, params),
      sayHit: (rule, params) => hitText(language, rule, params),
    }),
    [language],
  );
}
