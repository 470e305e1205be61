import type { OutputOf } from '../../../shared/contract/contract.ts';
import { flagRules } from '../../../shared/contract/risk.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context, Handlers } from '../context.ts';
import type { Book } from '../store/book.ts';
import { firmPack, removeFirmPack, saveFirmPack, setRuleSetting, switchRule } from '../store/worksheets/facts.ts';
import {
  calculators,
  checkedPack,
  isPackEditable,
  packInForce,
  packRows,
  packView,
  Rules,
  requireCalculator,
  ruleInputs,
  ruleOutputs,
  ruleRow,
  ruleSettings,
  settingView,
  shippedPack,
  usersOf,
} from '../worksheets/rules.ts';

type RuleOperation =
  | 'rules.list'
  | 'rules.explain'
  | 'rules.run'
  | 'rules.settings'
  | 'rules.set'
  | 'rules.pack'
  | 'rules.savePack'
  | 'rules.resetPack'
  | 'rules.switchOff';

/** The open book; undefined without one: rules work as they are shipped. */
const openBook = (context: Context): Book | undefined => (context.session.isOpen ? context.book : undefined);
const rulesOf = (context: Context): Rules => new Rules(context.resources, openBook(context));

function packOf(context: Context, id: string): OutputOf<'rules.pack'>['inForce'] {
  const book = openBook(context);
  const own = book === undefined ? undefined : firmPack(book, id);
  return packView(packInForce(context.resources, book, id), own);
}

/** Rules: what they are, what they compute, and where the firm decides otherwise. */
export const ruleHandlers: Handlers<RuleOperation> = {
  'rules.list': (_input, context) => {
    const rules = rulesOf(context);
    return { rows: calculators.map((calculator) => ruleRow(rules, calculator)), packs: packRows(rules) };
  },

  'rules.explain': ({ id }, context) => {
    const calculator = requireCalculator(id);
    const rules = rulesOf(context);
    return {
      ...ruleRow(rules, calculator),
      inputs: ruleInputs(calculator),
      outputs: ruleOutputs(calculator),
      packDetails: calculator.packs.map((pack) => packOf(context, pack)),
      settingDetails: calculator.settings.map((setting) => settingView(rules, setting)),
    };
  },

  'rules.run': ({ calculator, input }, context) => rulesOf(context).run(calculator, input),

  'rules.settings': (_input, context) => {
    const rules = rulesOf(context);
    return { rows: ruleSettings.map((setting) => settingView(rules, setting)) };
  },

  'rules.set': ({ id, option, reason }, { book, now, emit }) => {
    const setting = ruleSettings.find((one) => one.id === id);
    if (setting === undefined || (option !== null && !setting.options.includes(option)))
      throw new PortbookError(
        'RULE_SETTING',
        { setting: id, option: option ?? '' },
        setting === undefined ? 'id' : 'option',
      );
    book.transaction(() => {
      setRuleSetting(book, id, option ?? undefined, reason);
      book.audit('rule.set', id, { option, reason }, now());
    });
    emit({ name: 'book.changed', areas: ['tax'] });
    return {};
  },

  'rules.pack': ({ id }, context) => ({
    inForce: packOf(context, id),
    shipped: packView(shippedPack(context.resources, id), undefined),
    usedBy: usersOf(id),
    isEditable: isPackEditable(id),
  }),

  'rules.savePack': ({ id, body, reason }, context) => {
    const { book, resources, now, emit } = context;
    checkedPack(resources, id, body);
    const at = now();
    book.transaction(() => {
      saveFirmPack(book, id, body, reason, at);
      book.audit('rule.pack', id, { reason }, at);
    });
    emit({ name: 'book.changed', areas: ['tax'] });
    return packOf(context, id);
  },

  'rules.resetPack': ({ id, reason }, context) => {
    const { book, resources, now, emit } = context;
    shippedPack(resources, id);
    book.transaction(() => {
      removeFirmPack(book, id);
      book.audit('rule.packReset', id, { reason }, now());
    });
    emit({ name: 'book.changed', areas: ['tax'] });
    return packOf(context, id);
  },

  'rules.switchOff': ({ rule, off, reason }, { book, now, emit }) => {
    if (!calculators.some((one) => one.rule === rule) && !flagRules.some((one) => one === rule))
      throw new PortbookError('RULE_UNKNOWN', { id: rule }, 'rule');
    const at = now();
    book.transaction(() => {
      switchRule(book, rule, off, reason, at);
      book.audit(off ? 'rule.off' : 'rule.on', rule, { reason }, at);
    });
    emit({ name: 'book.changed', areas: ['tax', 'risk'] });
    return {};
  },
};
