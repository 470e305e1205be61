/** What the firm itself has to have in order. */
import { partiesOf } from '../../../documents/parties.ts';

import { DECLARED, dayOf, ruleList } from './vocabulary.ts';

const { rules, rule } = ruleList();

export { rules as firmRules };

// FX101 takes its account from the one the receipt was booked on, and is stopped by its table where that one has no number.
rule(
  'M-ACCOUNT',
  'doubt',
  [...DECLARED, 'CEB403Message'],
  '综合试验区实施方案：统一社会信用代码与银行账户主体认证',
  ({ spec, body, facts }, report) => {
    const { principal } = partiesOf(spec, body);
    if (facts.account?.(principal.codes) === false) report(principal.field, { code: principal.code });
  },
);

rule(
  'M-CREDIT-CLASS',
  'note',
  DECLARED,
  '海关注册登记和备案企业信用管理办法（海关总署令第251号）；海关总署令第282号',
  ({ spec, body, facts }, report) => {
    const { principal, filedAt } = partiesOf(spec, body);
    const day = dayOf(filedAt) ?? facts.today;
    const held = day === undefined ? undefined : facts.customsClass?.(principal.codes, day);
    if (held?.standing !== 'bad') return;
    const said = [...held.effects, ...(held.unknown === null ? [] : [held.unknown])];
    report(principal.field, {
      name: held.name.zh,
      nameEn: held.name.en,
      effects: said.map(({ zh }) => zh.replace(/。$/, '')).join('；'),
      effectsEn: said.map(({ en }) => en.replace(/\.$/, '')).join('; '),
      basis: held.source,
    });
  },
);
