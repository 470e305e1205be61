/** What the book's own history makes doubtful. */
import { format5, multiply5 } from '../../../money/decimal.ts';
import { decimalOf } from '../context.ts';

import { filled, isFar, ruleList } from './vocabulary.ts';

const { rules, rule } = ruleList();

export { rules as historyRules };

rule(
  'M-PRICE-HISTORY',
  'doubt',
  ['CEB603Message', 'CEB621Message'],
  '企业自评：账套内同货号的单价',
  ({ lines, facts, parameters }, report) => {
    for (const [at, line] of lines.entries()) {
      const [itemNo, currency, price] = [line['itemNo'], line['currency'], decimalOf(line, 'price')];
      if (!filled(itemNo) || !filled(currency) || price === undefined || price === 0n) continue;
      const history = facts.priceHistory?.(itemNo, currency);
      if (
        history !== undefined &&
        history.points >= parameters.historyPoints &&
        isFar(price, history.median, parameters.priceFactor)
      )
        report(
          'price',
          { itemNo, price: format5(price), median: format5(history.median), points: history.points },
          at + 1,
        );
    }
  },
);

rule(
  'M-WEIGHT-PIECE',
  'doubt',
  ['CEB603Message', 'CEB621Message'],
  '企业自评：商品资料的单件净重',
  ({ head, lines, facts, parameters }, report) => {
    const net = decimalOf(head, 'netWeight');
    if (net === undefined || net <= 0n || lines.length === 0) return;
    let expected = 0n;
    for (const line of lines) {
      const [qty, piece] = [decimalOf(line, 'qty'), facts.pieceWeight?.(line['itemNo'] ?? '')];
      if (qty === undefined || piece === undefined || piece === 0n) return;
      expected += multiply5(qty, piece);
    }
    if (isFar(net, expected, parameters.weightFactor))
      report('netWeight', { net: format5(net), expected: format5(expected) });
  },
);

for (const [id, level, field] of [
  ['M-CODE-CHANGED', 'doubt', 'gcode'],
  ['M-NAME-CHANGED', 'note', 'gname'],
  ['M-UNIT-CHANGED', 'doubt', 'unit'],
] as const) {
  rule(id, level, ['CEB603Message'], '企业自评：账套内同货号的上次申报', ({ lines, facts }, report) => {
    for (const [at, line] of lines.entries()) {
      const [itemNo, value] = [line['itemNo'], line[field]];
      const last = filled(itemNo) && filled(value) ? facts.lastDeclared?.(itemNo)?.[field] : undefined;
      if (filled(last) && last !== value) report(field, { itemNo: itemNo ?? '', value: value ?? '', last }, at + 1);
    }
  });
}
