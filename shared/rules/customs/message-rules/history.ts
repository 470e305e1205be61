/** What the book's own history makes doubtful. */
import type { MessageName } from '../../../documents/spec.ts';
import { format5, multiply5 } from '../../../money/decimal.ts';
import { decimalOf } from '../context.ts';

import { DECLARED, filled, isFar, ruleList } from './vocabulary.ts';

const { rules, rule } = ruleList();

export { rules as historyRules };

const listNames = {
  ...{ itemNo: 'itemNo', currency: 'currency', price: 'price', qty: 'qty', net: 'netWeight' },
  ...{ gcode: 'gcode', gname: 'gname', unit: 'unit' },
};
/** What the goods' facts are called in a list and in a declaration (报关单). */
const namesOf = (message: MessageName): typeof listNames =>
  message === 'DecMessage'
    ? {
        ...{ itemNo: 'ExgNo', currency: 'TradeCurr', price: 'DeclPrice', qty: 'GQty', net: 'NetWt' },
        ...{ gcode: 'CodeTS', gname: 'GName', unit: 'GUnit' },
      }
    : listNames;

rule(
  'M-PRICE-HISTORY',
  'doubt',
  DECLARED,
  '企业自评：账套内同货号的单价',
  ({ message, lines, facts, parameters }, report) => {
    const names = namesOf(message);
    for (const [at, line] of lines.entries()) {
      const [itemNo, currency, price] = [line[names.itemNo], line[names.currency], decimalOf(line, names.price)];
      if (!filled(itemNo) || !filled(currency) || price === undefined || price === 0n) continue;
      // The price of a merged item is the mean of several articles.
      if (facts.isMerged?.(at) === true) continue;
      const history = facts.priceHistory?.(itemNo, currency);
      if (
        history !== undefined &&
        history.points >= parameters.historyPoints &&
        isFar(price, history.median, parameters.priceFactor)
      )
        report(
          names.price,
          { itemNo, price: format5(price), median: format5(history.median), points: history.points },
          at + 1,
        );
    }
  },
);

rule(
  'M-WEIGHT-PIECE',
  'doubt',
  DECLARED,
  '企业自评：商品资料的单件净重',
  ({ message, head, lines, facts, parameters }, report) => {
    const names = namesOf(message);
    const net = decimalOf(head, names.net);
    if (net === undefined || net <= 0n || lines.length === 0) return;
    let expected = 0n;
    for (const [at, line] of lines.entries()) {
      // Pieces of several articles under the number of one: what they weigh together is not known.
      if (facts.isMerged?.(at) === true) return;
      const [qty, piece] = [decimalOf(line, names.qty), facts.pieceWeight?.(line[names.itemNo] ?? '')];
      if (qty === undefined || piece === undefined || piece === 0n) return;
      expected += multiply5(qty, piece);
    }
    if (isFar(net, expected, parameters.weightFactor))
      report(names.net, { net: format5(net), expected: format5(expected) });
  },
);

for (const [id, level, field] of [
  ['M-CODE-CHANGED', 'doubt', 'gcode'],
  ['M-NAME-CHANGED', 'note', 'gname'],
  ['M-UNIT-CHANGED', 'doubt', 'unit'],
] as const) {
  rule(
    id,
    level,
    ['CEB603Message', 'DecMessage'],
    '企业自评：账套内同货号的上次申报',
    ({ message, lines, facts }, report) => {
      const names = namesOf(message);
      for (const [at, line] of lines.entries()) {
        const [itemNo, value] = [line[names.itemNo], line[names[field]]];
        const last = filled(itemNo) && filled(value) ? facts.lastDeclared?.(itemNo)?.[field] : undefined;
        if (filled(last) && last !== value)
          report(names[field], { itemNo: itemNo ?? '', value: value ?? '', last }, at + 1);
      }
    },
  );
}
