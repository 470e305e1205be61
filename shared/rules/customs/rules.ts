/**
 * The check list of 9610 retail export: order (303), receipt of payment (403), waybill (505) and list (603) held against each
 * other. Every rule is a pure function; a fact that is not known makes its rule silent rather than wrong. Form of single
 * fields is the business of the `DOC-…` checks and is not repeated here.
 */
import { addMonths, formatCompactDate } from '../../calendar/dates.ts';
import type { FindingLevel } from '../../documents/finding.ts';
import { characterLength, type MessageName, type Values } from '../../documents/spec.ts';
import { listParams } from '../../i18n/words.ts';
import { checkEnterpriseCode } from '../../identity/identity.ts';
import { format5, multiply5, sum5, tryParse5 } from '../../money/decimal.ts';
import { elementsOf, hasHeading } from '../../tables/hs.ts';
import { type Control, controls } from '../customs-modes/router.ts';
import { Num } from '../figures.ts';
import {
  type CheckContext,
  type CustomsFinding,
  type CustomsRule,
  dayOfField,
  decimalOf,
  isProduct,
  openSet,
  type RetailExportSet,
} from './context.ts';

const SPEC = '跨境统一版报文规范 2022-05';
const LIST: MessageName = 'CEB603Message';
const ORDER: MessageName = 'CEB303Message';
const RECEIPT: MessageName = 'CEB403Message';
const WAYBILL: MessageName = 'CEB505Message';

type Params = Readonly<Record<string, string | number>>;
/** Reports one finding of the rule being run. */
type Report = (message: MessageName, path: string, params?: Params) => void;

const rules: CustomsRule[] = [];

function rule(
  id: string,
  level: FindingLevel,
  source: string,
  title: string,
  run: (context: CheckContext, report: Report) => void,
): void {
  rules.push({
    id,
    level,
    source,
    title,
    check: (context) => {
      const found: CustomsFinding[] = [];
      run(context, (message, path, params = {}) => found.push({ rule: id, level, message, path, params, source }));
      return found;
    },
  });
}

const listField = (name: string): string => `InventoryHead/${name}`;
const listLine = (at: number, name: string): string => `InventoryList[${at}]/${name}`;
const orderLine = (at: number, name: string): string => `OrderList[${at}]/${name}`;
const filled = (text: string | undefined): text is string => text !== undefined && text !== '';

/** Decimals are compared by value: 12.5 and 12.50000 are the same number. Unreadable ones are left to the field checks. */
function differ(a: Values, b: Values, name: string): boolean {
  const left = decimalOf(a, name);
  const right = decimalOf(b, name);
  return left !== undefined && right !== undefined && left !== right;
}

// ------------------------------------------------------------------------------------------ order and list

rule('C-ORDER-NO', 'reject', `${SPEC} CEB603 orderNo`, '清单订单号与订单一致', ({ orderHead, listHead }, report) => {
  if (
    orderHead !== undefined &&
    filled(orderHead['orderNo']) &&
    filled(listHead['orderNo']) &&
    orderHead['orderNo'] !== listHead['orderNo']
  ) {
    report(LIST, listField('orderNo'), { list: listHead['orderNo'], order: orderHead['orderNo'] });
  }
});

rule('C-ORDER-CHARS', 'doubt', `${SPEC} CEB303 orderNo`, '订单号只含字母、数字和连接符', ({ listHead }, report) => {
  const orderNo = listHead['orderNo'];
  if (filled(orderNo) && !/^[0-9A-Za-z_.#/-]+$/.test(orderNo)) report(LIST, listField('orderNo'), { value: orderNo });
});

rule(
  'C-LINE-COUNT',
  'reject',
  `${SPEC} §1.3-5; 业务错误 1322`,
  '清单行数与订单一致',
  ({ orderHead, orderLines, listLines }, report) => {
    if (orderHead !== undefined && orderLines.length !== listLines.length)
      report(LIST, 'InventoryList', { list: listLines.length, order: orderLines.length });
  },
);

rule(
  'C-LINE-MATCH',
  'reject',
  `${SPEC} CEB303 gnum`,
  '清单每行在订单中有同序号的一行',
  ({ orderHead, orderLines, listLines }, report) => {
    if (orderHead === undefined) return;
    const known = new Set(orderLines.map((line) => line['gnum']));
    for (const [index, line] of listLines.entries()) {
      if (filled(line['gnum']) && !known.has(line['gnum']))
        report(LIST, listLine(index + 1, 'gnum'), { gnum: line['gnum'] });
    }
  },
);

rule('C-LINE-ITEM', 'reject', `${SPEC} §1.3-5; 业务错误 1322`, '清单货号与订单一致', ({ pairs }, report) => {
  for (const { at, list, order } of pairs) {
    if (filled(list['itemNo']) && filled(order['itemNo']) && list['itemNo'] !== order['itemNo'])
      report(LIST, listLine(at, 'itemNo'), { list: list['itemNo'], order: order['itemNo'] });
  }
});

for (const [id, name, title] of [
  ['C-LINE-QTY', 'qty', '清单数量与订单一致'],
  ['C-LINE-PRICE', 'price', '清单单价与订单一致'],
  ['C-LINE-TOTAL', 'totalPrice', '清单总价与订单一致'],
] as const) {
  rule(id, 'reject', `${SPEC} §1.3-5; 业务错误 1322`, title, ({ pairs }, report) => {
    for (const { at, list, order } of pairs)
      if (differ(list, order, name))
        report(LIST, listLine(at, name), { list: list[name] ?? '', order: order[name] ?? '' });
  });
}

rule('C-LINE-UNIT', 'reject', `${SPEC} §1.3-5`, '清单申报单位与订单一致', ({ pairs }, report) => {
  for (const { at, list, order } of pairs) {
    if (filled(list['unit']) && filled(order['unit']) && list['unit'] !== order['unit'])
      report(LIST, listLine(at, 'unit'), { list: list['unit'], order: order['unit'] });
  }
});

rule(
  'C-LINE-PRODUCT',
  'doubt',
  `${SPEC} CEB603 totalPrice`,
  '总价等于数量乘单价',
  ({ listLines, orderLines }, report) => {
    const check = (
      message: MessageName,
      lines: readonly Values[],
      path: (at: number, name: string) => string,
    ): void => {
      for (const [index, line] of lines.entries()) {
        const qty = decimalOf(line, 'qty');
        const price = decimalOf(line, 'price');
        const total = decimalOf(line, 'totalPrice');
        if (qty === undefined || price === undefined || total === undefined) continue;
        const expected = multiply5(qty, price);
        if (!isProduct(qty, price, total))
          report(message, path(index + 1, 'totalPrice'), {
            total: format5(total),
            expected: format5(expected),
            qty: format5(qty),
            price: format5(price),
          });
      }
    };
    check(LIST, listLines, listLine);
    check(ORDER, orderLines, orderLine);
  },
);

rule(
  'C-ORDER-SUM',
  'reject',
  `${SPEC} CEB303 goodsValue`,
  '商品金额等于各行总价之和',
  ({ orderHead, orderLines }, report) => {
    const value = decimalOf(orderHead, 'goodsValue');
    const totals = orderLines.map((line) => decimalOf(line, 'totalPrice'));
    if (value === undefined || totals.includes(undefined)) return;
    const sum = sum5(totals.filter((total) => total !== undefined));
    if (sum !== value) report(ORDER, 'OrderHead/goodsValue', { goodsValue: format5(value), sum: format5(sum) });
  },
);

rule('C-GNUM', 'reject', `${SPEC} CEB603 gnum`, '序号从 1 起连续', ({ listLines, orderLines }, report) => {
  const check = (message: MessageName, lines: readonly Values[], path: (at: number, name: string) => string): void => {
    for (const [index, line] of lines.entries()) {
      if (!filled(line['gnum']) || line['gnum'] === String(index + 1)) continue;
      report(message, path(index + 1, 'gnum'), { gnum: line['gnum'], expected: index + 1 });
      // One gap shifts all that follow: the first says it all.
      break;
    }
  };
  check(LIST, listLines, listLine);
  check(ORDER, orderLines, orderLine);
});

rule(
  'C-LINES-MAX',
  'reject',
  `${SPEC} CEB303 OrderList, CEB603 InventoryList`,
  '表体行数不超过上限',
  ({ listLines, orderLines, parameters }, report) => {
    if (listLines.length > parameters.maxLines)
      report(LIST, 'InventoryList', { count: listLines.length, max: parameters.maxLines });
    if (orderLines.length > parameters.maxLines)
      report(ORDER, 'OrderList', { count: orderLines.length, max: parameters.maxLines });
  },
);

rule(
  'C-ITEM-LENGTH',
  'reject',
  `${SPEC} CEB603 itemNo (20), CEB303 itemNo (30)`,
  '货号不超过清单的长度',
  ({ orderLines, parameters }, report) => {
    for (const [index, line] of orderLines.entries()) {
      const length = characterLength(line['itemNo'] ?? '');
      if (length > parameters.listItemNoMax)
        report(ORDER, orderLine(index + 1, 'itemNo'), {
          value: line['itemNo'] ?? '',
          actual: length,
          max: parameters.listItemNoMax,
        });
    }
  },
);

rule(
  'C-PARTIES',
  'reject',
  `${SPEC} CEB303, CEB603 ebpCode ebcCode`,
  '平台和企业代码在各单证一致',
  ({ listHead, orderHead, receiptHead, waybillHead }, report) => {
    for (const [message, head, names] of [
      [ORDER, orderHead, ['ebpCode', 'ebcCode']],
      [RECEIPT, receiptHead, ['ebpCode', 'ebcCode']],
      [WAYBILL, waybillHead, ['ebcCode']],
    ] as const) {
      for (const name of names) {
        const other = head?.[name];
        if (filled(other) && filled(listHead[name]) && other !== listHead[name])
          report(LIST, listField(name), { field: name, list: listHead[name], other, document: message });
      }
    }
  },
);

rule(
  'C-MODE',
  'reject',
  `${SPEC} CEB303 orderType, CEB603 tradeMode`,
  '订单类型与监管方式相配',
  ({ orderHead, listHead, parameters }, report) => {
    const type = orderHead?.['orderType'];
    const mode = listHead['tradeMode'];
    if (!filled(type) || !filled(mode)) return;
    const modes = parameters.orderTypeModes[type];
    if (modes !== undefined && !modes.includes(mode))
      report(LIST, listField('tradeMode'), { tradeMode: mode, orderType: type });
  },
);

// ------------------------------------------------------------------------------------------ money

rule(
  'C-CURRENCY',
  'reject',
  `${SPEC} CEB303, CEB403, CEB603 currency`,
  '订单、收款单、清单币制一致',
  ({ orderHead, orderLines, listLines, receiptHead }, report) => {
    const base = orderHead?.['currency'] ?? listLines[0]?.['currency'];
    if (!filled(base)) return;
    const check = (message: MessageName, path: string, value: string | undefined): void => {
      if (filled(value) && value !== base) report(message, path, { value, expected: base });
    };
    for (const [index, line] of orderLines.entries()) check(ORDER, orderLine(index + 1, 'currency'), line['currency']);
    for (const [index, line] of listLines.entries()) check(LIST, listLine(index + 1, 'currency'), line['currency']);
    check(RECEIPT, 'currency', receiptHead?.['currency']);
  },
);

rule('C-PRICE-ZERO', 'doubt', `${SPEC} CEB603 price`, '单价不为零', ({ listLines }, report) => {
  for (const [index, line] of listLines.entries())
    if (decimalOf(line, 'price') === 0n) report(LIST, listLine(index + 1, 'price'), { itemNo: line['itemNo'] ?? '' });
});

rule('C-QTY-ZERO', 'reject', `${SPEC} CEB603 qty qty1`, '数量大于零', ({ listLines }, report) => {
  for (const [index, line] of listLines.entries()) {
    for (const name of ['qty', 'qty1']) {
      const value = decimalOf(line, name);
      if (value !== undefined && value <= 0n) report(LIST, listLine(index + 1, name), { itemNo: line['itemNo'] ?? '' });
    }
  }
});

rule(
  'C-RECEIPT-ORDER',
  'reject',
  `${SPEC} CEB403 orderNo`,
  '收款单订单号与订单一致',
  ({ receiptHead, orderHead, listHead }, report) => {
    const expected = orderHead?.['orderNo'] ?? listHead['orderNo'];
    const value = receiptHead?.['orderNo'];
    if (filled(value) && filled(expected) && value !== expected)
      report(RECEIPT, 'orderNo', { receipt: value, order: expected });
  },
);

rule(
  'C-RECEIPT-CHARGE',
  'doubt',
  `${SPEC} CEB403 charge; 三单比对`,
  '收款金额等于商品金额加运杂费',
  ({ receiptHead, orderHead, parameters }, report) => {
    const charge = decimalOf(receiptHead, 'charge');
    const goods = decimalOf(orderHead, 'goodsValue');
    const freight = decimalOf(orderHead, 'freight');
    if (charge === undefined || goods === undefined || freight === undefined) return;
    const gap = charge - goods - freight;
    const tolerance = tryParse5(parameters.chargeTolerance) ?? 0n;
    if (gap > tolerance || gap < -tolerance)
      report(RECEIPT, 'charge', {
        charge: format5(charge),
        expected: format5(goods + freight),
        difference: format5(gap),
      });
  },
);

rule(
  'C-RECEIPT-MISSING',
  'doubt',
  '海关总署公告 2024 年第 167 号',
  '需要时有收款单',
  ({ orderHead, receiptHead, parameters }, report) => {
    if (parameters.receiptRequired && orderHead !== undefined && receiptHead === undefined)
      report(ORDER, 'OrderHead/orderNo', { orderNo: orderHead['orderNo'] ?? '' });
  },
);

rule(
  'C-FEE-CURRENCY',
  'reject',
  `${SPEC} CEB603 fCurrency iCurrency`,
  '有运费或保费就有币制',
  ({ listHead }, report) => {
    for (const [fee, currency] of [
      ['freight', 'fCurrency'],
      ['insuredFee', 'iCurrency'],
    ] as const) {
      const value = decimalOf(listHead, fee);
      if (value !== undefined && value > 0n && !filled(listHead[currency]))
        report(LIST, listField(currency), { fee: listHead[fee] ?? '' });
    }
  },
);

rule(
  'C-FEE-WAYBILL',
  'doubt',
  `${SPEC} CEB505 freight insuredFee, CEB603 freight insuredFee`,
  '清单运费、保费与运单一致',
  ({ listHead, waybillHead }, report) => {
    if (waybillHead === undefined || listHead['fFlag'] !== '3') return;
    for (const [name, currency] of [
      ['freight', 'fCurrency'],
      ['insuredFee', 'iCurrency'],
    ] as const) {
      const list = decimalOf(listHead, name);
      const waybill = decimalOf(waybillHead, name);
      if (list === undefined || waybill === undefined) continue;
      const sameMoney = list === 0n || listHead[currency] === waybillHead['currency'];
      if (list !== waybill || !sameMoney)
        report(LIST, listField(name), {
          list: `${format5(list)} ${listHead[currency] ?? ''}`,
          waybill: `${format5(waybill)} ${waybillHead['currency'] ?? ''}`,
        });
    }
  },
);

// ------------------------------------------------------------------------------------------ waybill and weight

rule(
  'C-WAYBILL-NO',
  'reject',
  `${SPEC} CEB505, CEB603 logisticsNo logisticsCode`,
  '清单运单号、物流企业与运单一致',
  ({ listHead, waybillHead }, report) => {
    for (const name of ['logisticsNo', 'logisticsCode']) {
      const waybill = waybillHead?.[name];
      const list = listHead[name];
      if (filled(waybill) && filled(list) && waybill !== list) report(LIST, listField(name), { list, waybill });
    }
  },
);

rule('C-WAYBILL-BATCH', 'reject', `${SPEC} CEB505 logisticsNo`, '一批中运单号不重复', ({ listHead, batch }, report) => {
  const no = listHead['logisticsNo'];
  const count = filled(no) ? (batch?.waybillCount?.(listHead['logisticsCode'] ?? '', no) ?? 1) : 1;
  if (count > 1) report(LIST, listField('logisticsNo'), { logisticsNo: no ?? '', count });
});

rule(
  'C-WAYBILL-REUSE',
  'reject',
  `${SPEC} CEB505 logisticsNo（6 个月内不重复）`,
  '运单号在期限内未用过',
  ({ listHead, batch, parameters }, report) => {
    const no = listHead['logisticsNo'];
    const today = dayOfField(listHead, 'appTime');
    if (!filled(no) || today === undefined) return;
    const last = batch?.waybillLastUsed?.(listHead['logisticsCode'] ?? '', no);
    if (last !== undefined && addMonths(last, parameters.waybillReuseMonths) > today)
      report(LIST, listField('logisticsNo'), {
        logisticsNo: no,
        lastUsed: last,
        months: parameters.waybillReuseMonths,
      });
  },
);

rule(
  'C-WEIGHT-NET',
  'reject',
  `${SPEC} CEB603 grossWeight netWeight`,
  '毛重不小于净重，净重大于零',
  ({ listHead }, report) => {
    const gross = decimalOf(listHead, 'grossWeight');
    const net = decimalOf(listHead, 'netWeight');
    if (net !== undefined && net <= 0n)
      report(LIST, listField('netWeight'), { gross: listHead['grossWeight'] ?? '', net: format5(net) });
    else if (gross !== undefined && net !== undefined && gross < net)
      report(LIST, listField('grossWeight'), { gross: format5(gross), net: format5(net) });
  },
);

rule(
  'C-WEIGHT-WAYBILL',
  'reject',
  `${SPEC} CEB505, CEB603 grossWeight`,
  '清单毛重与运单一致',
  ({ listHead, waybillHead }, report) => {
    if (waybillHead !== undefined && differ(listHead, waybillHead, 'grossWeight'))
      report(LIST, listField('grossWeight'), {
        list: listHead['grossWeight'] ?? '',
        waybill: waybillHead['grossWeight'] ?? '',
      });
  },
);

rule('C-PACKAGES', 'reject', `${SPEC} CEB603 packNo`, '件数不少于 1', ({ listHead, waybillHead }, report) => {
  if (/^0+$/.test(listHead['packNo'] ?? '')) report(LIST, listField('packNo'), { packNo: listHead['packNo'] ?? '' });
  if (/^0+$/.test(waybillHead?.['packNo'] ?? '')) report(WAYBILL, 'packNo', { packNo: waybillHead?.['packNo'] ?? '' });
});

rule(
  'C-PACKAGES-WAYBILL',
  'reject',
  `${SPEC} CEB505, CEB603 packNo`,
  '清单件数与运单一致',
  ({ listHead, waybillHead }, report) => {
    if (waybillHead !== undefined && differ(listHead, waybillHead, 'packNo'))
      report(LIST, listField('packNo'), { list: listHead['packNo'] ?? '', waybill: waybillHead['packNo'] ?? '' });
  },
);

rule(
  'C-GOODS-INFO',
  'doubt',
  `${SPEC} CEB505 goodsInfo`,
  '运单货物信息写明货物',
  ({ waybillHead, parameters }, report) => {
    const info = waybillHead?.['goodsInfo'];
    if (!filled(info)) return;
    const bare = info.trim().toLowerCase();
    if (characterLength(bare) < 2 || parameters.vagueGoods.some((word) => bare === word.toLowerCase()))
      report(WAYBILL, 'goodsInfo', { value: info });
  },
);

rule(
  'C-WRAP',
  'reject',
  `${SPEC} CEB603 wrapType（C1 旧代码）`,
  '包装种类用一位旧代码',
  ({ listHead, tables }, report) => {
    const value = listHead['wrapType'];
    const table = tables.get('wrap_type_old');
    if (filled(value) && table !== undefined && !table.has(value)) report(LIST, listField('wrapType'), { value });
  },
);

// ------------------------------------------------------------------------------------------ places and dates

rule(
  'C-COUNTRY',
  'doubt',
  `${SPEC} CEB603 country`,
  '表头运抵国与表体目的国一致',
  ({ listHead, listLines }, report) => {
    const head = listHead['country'];
    for (const [index, line] of listLines.entries()) {
      if (filled(head) && filled(line['country']) && line['country'] !== head)
        report(LIST, listLine(index + 1, 'country'), { line: line['country'], head });
    }
  },
);

rule('C-COUNTRY-HOME', 'doubt', `${SPEC} CEB603 country`, '运抵国不是中国', ({ listHead, parameters }, report) => {
  if (filled(listHead['country']) && listHead['country'] === parameters.homeCountry)
    report(LIST, listField('country'), {});
});

rule(
  'C-POD',
  'doubt',
  `${SPEC} CEB603 POD（表未注明，按海关旧港口代码）`,
  '指运港属于运抵国',
  ({ listHead, tables }, report) => {
    const pod = listHead['POD'];
    const country = listHead['country'];
    const port = filled(pod) ? tables.get('port')?.lookup(pod) : undefined;
    if (port !== undefined && filled(country) && port.more['country'] !== country)
      report(LIST, listField('POD'), {
        pod: pod ?? '',
        port: port.zh,
        portCountry: port.more['country'] ?? '',
        country,
      });
  },
);

rule(
  'C-CUSTOMS-AREA',
  'doubt',
  '关区代码表 2022-06',
  '海关代码是具体海关而非整个关区',
  ({ listHead, tables }, report) => {
    for (const name of ['customsCode', 'portCode']) {
      const code = listHead[name];
      const entry = filled(code) ? tables.get('customs_district')?.lookup(code) : undefined;
      if (entry?.more['level'] === 'region') report(LIST, listField(name), { code: code ?? '', name: entry.zh });
    }
  },
);

rule('C-DATE-PAST', 'doubt', `${SPEC} CEB603 ieDate`, '出口日期不早于申报日', ({ listHead }, report) => {
  const exit = dayOfField(listHead, 'ieDate');
  const filed = dayOfField(listHead, 'appTime');
  if (exit !== undefined && filed !== undefined && exit < filed)
    report(LIST, listField('ieDate'), { ieDate: exit, filed });
});

rule('C-DATE-ORDER', 'doubt', `${SPEC} CEB603 ieDate`, '出口日期不早于下单日', ({ listHead, orderedOn }, report) => {
  const exit = dayOfField(listHead, 'ieDate');
  if (exit !== undefined && orderedOn !== undefined && formatCompactDate(exit) < formatCompactDate(orderedOn))
    report(LIST, listField('ieDate'), { ieDate: exit, orderedOn });
});

// ------------------------------------------------------------------------------------------ goods

rule(
  'C-HS-HEADING',
  'reject',
  `${SPEC} CEB603 gcode statisticsFlag；综试区零售出口简化归类`,
  '商品编码前几位是真实品目',
  ({ listHead, listLines, mode, tables, parameters }, report) => {
    const table = tables.get('hs');
    if (table === undefined) return;
    const digits =
      listHead['statisticsFlag'] === 'A' ? (mode?.simplified?.digits ?? parameters.simplifiedRealDigits) : 4;
    for (const [index, line] of listLines.entries()) {
      const code = line['gcode'];
      if (filled(code) && code.length === 10 && !hasHeading(table, code.slice(0, digits)))
        report(LIST, listLine(index + 1, 'gcode'), { gcode: code, digits, asOf: table.header.asOf });
    }
  },
);

rule(
  'C-HS-CODE',
  'doubt',
  `${SPEC} CEB603 gcode；商品编码表 2022-06`,
  '汇总申报的十位编码在编码表中',
  ({ listHead, listLines, tables, parameters }, report) => {
    const table = tables.get('hs');
    if (table === undefined || listHead['statisticsFlag'] !== 'B') return;
    for (const [index, line] of listLines.entries()) {
      const code = line['gcode'];
      // A heading that does not exist is the harder finding of the rule above; new codes since the table's date are possible here.
      if (
        filled(code) &&
        code.length === 10 &&
        !table.has(code) &&
        hasHeading(table, code.slice(0, parameters.simplifiedRealDigits))
      )
        report(LIST, listLine(index + 1, 'gcode'), { gcode: code, asOf: table.header.asOf });
    }
  },
);

rule(
  'C-GMODEL',
  'doubt',
  '申报要素 2022-06；CEB603 gmodel',
  '规格型号的要素数够',
  ({ listHead, listLines, tables }, report) => {
    const table = tables.get('hs');
    if (table === undefined || listHead['statisticsFlag'] !== 'B') return;
    for (const [index, line] of listLines.entries()) {
      const needed = elementsOf(table, line['gcode'] ?? '');
      const given = (line['gmodel'] ?? '').split(/[|｜;；]/).filter((part) => part.trim() !== '').length;
      if (needed !== undefined && given < needed.length)
        report(LIST, listLine(index + 1, 'gmodel'), {
          given,
          needed: needed.length,
          ...listParams('elements', needed),
        });
    }
  },
);

const subjectTo = {
  licence: { reason: '许可证件（涉证）', reasonEn: 'a licence' },
  inspection: { reason: '出境检验检疫（涉检）', reasonEn: 'inspection on export' },
  exportDuty: { reason: '出口关税（涉税）', reasonEn: 'export duty' },
} as const;
type GoodsControl = keyof typeof subjectTo;
const goodsControls = Object.keys(subjectTo) as GoodsControl[];

/** Lines whose goods are subject to something they may not be subject to, by the product library and the tariff. */
function subjectLines({ listLines, product }: CheckContext, without: readonly Control[]) {
  const barred = goodsControls.filter((control) => without.includes(control));
  return listLines.flatMap((line, index) => {
    const [itemNo, gcode] = [line['itemNo'] ?? '', line['gcode'] ?? ''];
    const facts = product?.(itemNo, gcode);
    return barred
      .filter((control) => facts?.[control] === true)
      .map((control) => ({
        path: listLine(index + 1, 'gcode'),
        params: { goods: itemNo || gcode, ...subjectTo[control] },
      }));
  });
}

rule(
  'C-LIST-GOODS',
  'reject',
  '海关总署公告 2020 年第 75 号',
  '按清单申报的商品不涉证、不涉检、不涉税',
  (context, report) => {
    for (const { path, params } of subjectLines(context, context.mode?.list?.without ?? []))
      report(LIST, path, { ...params, mode: context.listHead['tradeMode'] ?? '' });
  },
);

/** What simplified goods may not be subject to; of a mode that the pack does not know, or that has no such form, all of it. */
const simplifiedWithout = ({ mode }: CheckContext): readonly Control[] => mode?.simplified?.without ?? controls;

rule(
  'C-SIMPLIFIED',
  'reject',
  `${SPEC} CEB603 statisticsFlag；海关总署公告 2018 年第 194 号`,
  '简化申报的商品不涉证、不涉检、不涉税',
  (context, report) => {
    const { listHead } = context;
    if (listHead['statisticsFlag'] !== 'A') return;
    const without = simplifiedWithout(context);
    if (without.includes('licence') && filled(listHead['licenseNo']))
      report(LIST, listField('licenseNo'), { goods: listHead['licenseNo'], ...subjectTo.licence });
    for (const { path, params } of subjectLines(context, without)) report(LIST, path, params);
  },
);

// The firm alone knows on which goods it claims a refund; its profile only says how it files as a rule.
rule('C-SIMPLIFIED-REFUND', 'doubt', '海关总署公告 2018 年第 194 号', '简化申报的商品不退税', (context, report) => {
  if (context.listHead['statisticsFlag'] !== 'A' || context.profile.simplified !== false) return;
  if (simplifiedWithout(context).includes('refund')) report(LIST, listField('statisticsFlag'));
});

// The announcement was not read anew for the figure, so it is a doubt and no refusal.
rule(
  'C-SIMPLIFIED-CAP',
  'doubt',
  '海关总署公告 2018 年第 194 号（限额未重读公告）',
  '简化申报的单票不超过限额',
  ({ listHead, listLines, mode, cnyPerUnit }, report) => {
    const cap = mode?.simplified?.capCny ?? null;
    const day = dayOfField(listHead, 'ieDate') ?? dayOfField(listHead, 'appTime');
    const currency = listLines[0]?.['currency'];
    const totals = listLines.map((line) => decimalOf(line, 'totalPrice'));
    if (listHead['statisticsFlag'] !== 'A' || cap === null || day === undefined || !filled(currency)) return;
    if (totals.includes(undefined) || listLines.some((line) => line['currency'] !== currency)) return;
    const rate = cnyPerUnit?.(currency, day);
    if (rate === undefined) return;
    const cny = new Num(format5(sum5(totals.filter((total) => total !== undefined)))).times(rate);
    if (cny.gt(cap)) report(LIST, listField('statisticsFlag'), { cny: cny.toFixed(2), cap });
  },
);

// A profile that names no zone may only not have been filled in.
rule(
  'C-SIMPLIFIED-ZONE',
  'note',
  '海关总署公告 2018 年第 194 号；综试区简化申报',
  '企业资料写明综试区',
  ({ listHead, profile, parameters }, report) => {
    if (listHead['statisticsFlag'] === 'A' && parameters.simplifiedNeedsZone && profile.inPilotZone === false)
      report(LIST, listField('statisticsFlag'), {});
  },
);

rule(
  'C-SECOND-UNIT',
  'reject',
  `${SPEC} CEB603 qty2 unit2`,
  '第二数量与第二单位同时有或同时无',
  ({ listLines }, report) => {
    for (const [index, line] of listLines.entries()) {
      if (filled(line['unit2']) !== filled(line['qty2']))
        report(LIST, listLine(index + 1, filled(line['unit2']) ? 'qty2' : 'unit2'), {
          unit2: line['unit2'] ?? '',
          qty2: line['qty2'] ?? '',
        });
    }
  },
);

rule('C-LEGAL-QTY', 'doubt', `${SPEC} CEB603 qty1 unit1`, '单位相同时法定数量等于申报数量', ({ listLines }, report) => {
  for (const [index, line] of listLines.entries()) {
    if (!filled(line['unit']) || line['unit'] !== line['unit1']) continue;
    const qty = decimalOf(line, 'qty');
    const qty1 = decimalOf(line, 'qty1');
    if (qty !== undefined && qty1 !== undefined && qty !== qty1)
      report(LIST, listLine(index + 1, 'qty1'), { qty: format5(qty), qty1: format5(qty1) });
  }
});

// ------------------------------------------------------------------------------------------ parties and transfer

rule(
  'C-PLATFORM-FOREIGN',
  'doubt',
  `${SPEC} CEB303 ebpCode`,
  '境外平台的代码填“无”',
  ({ listHead, profile }, report) => {
    const code = listHead['ebpCode'];
    if (profile.foreignPlatform === true && filled(code) && code !== '无')
      report(LIST, listField('ebpCode'), { value: code });
  },
);

rule('C-PLATFORM-DOMESTIC', 'reject', `${SPEC} CEB303 ebpCode`, '境内平台有代码', ({ listHead, profile }, report) => {
  if (profile.foreignPlatform === false && listHead['ebpCode'] === '无') report(LIST, listField('ebpCode'), {});
});

rule(
  'C-CODE-FORM',
  'reject',
  'GB 32100-2015；海关注册编码',
  '企业代码的形式和校验位正确',
  ({ listHead, orderHead, waybillHead, receiptHead }, report) => {
    const seen = new Set<string>();
    const check = (
      message: MessageName,
      path: string,
      value: string | undefined,
      excepted: readonly string[],
    ): void => {
      // One wrong code is told once, at its first place.
      if (!filled(value) || excepted.includes(value) || seen.has(value)) return;
      const result = checkEnterpriseCode(value);
      seen.add(value);
      if (!result.ok)
        report(message, path, {
          value,
          reason: result.code,
          position: '',
          character: '',
          expected: '',
          ...result.params,
        });
    };
    check(LIST, listField('ebcCode'), listHead['ebcCode'], []);
    check(LIST, listField('agentCode'), listHead['agentCode'], []);
    check(LIST, listField('logisticsCode'), listHead['logisticsCode'], []);
    check(LIST, listField('ebpCode'), listHead['ebpCode'], ['无']);
    check(LIST, listField('ownerCode'), listHead['ownerCode'], ['NO']);
    check(ORDER, 'OrderHead/ebcCode', orderHead?.['ebcCode'], []);
    check(WAYBILL, 'logisticsCode', waybillHead?.['logisticsCode'], []);
    check(RECEIPT, 'payCode', receiptHead?.['payCode'], ['无']);
  },
);

rule(
  'C-OWNER',
  'doubt',
  `${SPEC} CEB603 ownerCode ownerName`,
  '生产销售企业代码和名称同为 NO 或同不为 NO',
  ({ listHead }, report) => {
    const code = listHead['ownerCode'];
    const name = listHead['ownerName'];
    if (filled(code) && filled(name) && (code === 'NO') !== (name === 'NO'))
      report(LIST, listField('ownerName'), { ownerCode: code, ownerName: name });
  },
);

rule('C-DXP', 'doubt', `${SPEC} BaseTransfer dxpId`, '传输编号的形式', ({ profile, parameters }, report) => {
  if (filled(profile.dxpId) && !new RegExp(parameters.dxpIdPattern).test(profile.dxpId))
    report(LIST, 'BaseTransfer/dxpId', { value: profile.dxpId });
});

/** All rules, in the order their findings are listed. */
export const customsRules: readonly CustomsRule[] = rules;

/** Checks a set against every rule, or those not switched off. */
export function checkRetailExport(
  set: RetailExportSet,
  options: { readonly off?: ReadonlySet<string> } = {},
): CustomsFinding[] {
  const context = openSet(set);
  return customsRules.flatMap((one) => (options.off?.has(one.id) === true ? [] : one.check(context)));
}
