/** 集货单, 分摊表 and 成员结算单 of a joint shipment (联合出海), each adding up: grams, cartons, fen. */
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type {
  costKinds,
  JointStatements,
  jointPapers,
  payMethods,
  proceedsKinds,
} from '../../../shared/contract/joint.ts';
import type { ShareBasis } from '../../../shared/joint/shares.ts';
import { kilogramText } from '../../../shared/lots/mass.ts';
import { groupThousands, parseScaled } from '../../../shared/money/decimal.ts';
import { reportColumn, type SheetRow } from '../../../shared/reports/sheet.ts';
import { yuanText } from '../obligations.ts';
import type { ReportDocument } from './report-document.ts';

type Joint = OutputOf<'joint.get'>;
type Member = JointStatements['members'][number];
type Kind = (typeof costKinds)[number] | (typeof proceedsKinds)[number];

const bases: Readonly<Record<ShareBasis, string>> = {
  weight: '按净重',
  value: '按货值',
  cartons: '按箱数',
  sold: '按销售额',
};
const kinds: Readonly<Record<Kind, string>> = {
  freight: '运费',
  customs: '报关费',
  inspection: '检验检疫费',
  packing: '包装费',
  storage: '仓储冷藏费',
  insurance: '保险费',
  commission: '代理费',
  bank: '银行费用',
  other: '其他费用',
  sale: '货款',
  refund: '退税款',
  subsidy: '补贴',
  otherIncome: '其他收入',
};
const methods: Readonly<Record<(typeof payMethods)[number], string>> = {
  bank: '银行转账',
  cash: '现金',
  wallet: '支付账户',
  offset: '抵账',
};

const fen = (text: string): number => Number(parseScaled(text, 2));
const total = (texts: readonly string[]): string => yuanText(texts.reduce((sum, text) => sum + fen(text), 0));
const minus = (text: string): string => yuanText(-fen(text));
const nameOf = ({ kind, note, by, party }: JointStatements['costs'][number]): string =>
  `${kinds[kind]}${note === '' ? '' : ` ${note}`}（${party === undefined ? bases[by] : `${party}自己的`}）`;

export interface JointPaperInput {
  readonly paper: (typeof jointPapers)[number];
  readonly view: Joint;
  /** Undefined: as it stands, a draft. */
  readonly version: number | undefined;
  /** One member's statement; undefined: each member's. */
  readonly partyId: number | undefined;
  readonly goods: OutputOf<'joint.goods'>['rows'];
  /** Numbers of the cartons on the dispatches, by lot. */
  readonly cartons: ReadonlyMap<number, readonly string[]>;
  readonly firm: string;
  /** Today: until when payments are counted. */
  readonly on: string;
}

type Papers = readonly [ReportDocument, ...ReportDocument[]];

/** The papers that are asked for. A statement of each member: there is at least one, or none was issued. */
export function jointReports(input: JointPaperInput): Papers {
  const { paper, partyId, view } = input;
  if (paper === 'consolidation') return [consolidation(input)];
  if (paper === 'shares') return [sharesReport(input)];
  const [first, ...more] = view.statements.members.filter((one) => partyId === undefined || one.partyId === partyId);
  if (first === undefined) return [sharesReport(input)];
  return [statement(input, first, 0), ...more.map((member, at) => statement(input, member, at + 1))];
}

const edition = (version: number | undefined): string => (version === undefined ? '未出具' : `第 ${version} 版`);
const headOf = ({ view: { statements }, firm }: JointPaperInput) => {
  const { number, title, on, source } = statements;
  return { form: number, firm, period: `${title} ${on}${source === '' ? '' : ` 发运 ${source}`}` };
};

/** Ranges of cartons a line shows; the rest is counted. */
const SHOWN_RANGES = 8;

function consolidation(input: JointPaperInput): ReportDocument {
  const { goods, cartons } = input;
  const owners = new Map<string, JointPaperInput['goods'][number][]>();
  for (const row of goods) {
    const owner = row.party === '' ? '货主待定' : row.party;
    owners.set(owner, [...(owners.get(owner) ?? []), row]);
  }
  const sums = (all: readonly { readonly cartons: number; readonly massG: number }[]): string[] => [
    String(all.reduce((sum, one) => sum + one.cartons, 0)),
    kilogramText(all.reduce((sum, one) => sum + one.massG, 0)),
  ];
  const numbersOf = (lotId: number | undefined): string => {
    const all = (lotId === undefined ? undefined : cartons.get(lotId)) ?? [];
    return all.length > SHOWN_RANGES ? `${all.slice(0, SHOWN_RANGES).join('、')}等 ${all.length} 段` : all.join('、');
  };
  const rows: SheetRow[] = [...owners].flatMap(([owner, own], at) => [
    ...own.map((row) => ({
      key: String(row.id),
      cells: [owner, row.goods, row.lot, row.place, numbersOf(row.lotId), ...sums([row])],
    })),
    { key: `owner-${at}`, tone: 'total' as const, cells: [`${owner} 小计`, '', '', '', '', ...sums(own)] },
  ]);
  rows.push({ key: 'total', tone: 'total', cells: [`合计 ${owners.size} 户`, '', '', '', '', ...sums(goods)] });
  return {
    ...headOf(input),
    title: '集货单',
    unit: '单位：箱、千克',
    columns: [
      reportColumn('owner', '货主', 'text', 22),
      reportColumn('goods', '货物', 'text', 22),
      reportColumn('lot', '批次', 'code', 18),
      reportColumn('place', '产地', 'text', 20),
      reportColumn('numbers', '箱号', 'text', 34),
      reportColumn('cartons', '箱数', 'figure', 9),
      reportColumn('mass', '净重', 'figure', 12),
    ],
    rows,
    signs: ['集货仓', '承运人', '制单'],
  };
}

function sharesReport(input: JointPaperInput): ReportDocument {
  const { view, version } = input;
  const { members, totals } = view.statements;
  const rows: SheetRow[] = members.map((one) => ({
    key: String(one.partyId),
    cells: [
      one.name,
      kilogramText(one.weightG),
      String(one.cartons),
      one.value,
      one.sold,
      total(one.proceeds),
      total(one.costs),
      one.net,
    ],
  }));
  rows.push({
    key: 'total',
    tone: 'total',
    cells: [
      `合计 ${members.length} 户`,
      kilogramText(totals.weightG),
      String(totals.cartons),
      totals.value,
      totals.sold,
      totals.proceeds,
      totals.costs,
      totals.net,
    ],
  });
  return {
    ...headOf(input),
    title: `联合出海分摊表（${edition(version)}）`,
    unit: '单位：千克、箱、人民币元',
    columns: [
      reportColumn('name', '成员', 'text', 26),
      reportColumn('weight', '净重', 'figure', 12),
      reportColumn('cartons', '箱数', 'figure', 9),
      reportColumn('value', '货值', 'amount', 14),
      reportColumn('sold', '销售额', 'amount', 14),
      reportColumn('proceeds', '应分货款', 'amount', 14),
      reportColumn('costs', '应摊费用', 'amount', 14),
      reportColumn('net', '应付成员', 'amount', 14),
    ],
    rows,
  };
}

/** What one member brought, its part of each amount, what is due, what was paid until today, what is left. */
function statement(input: JointPaperInput, member: Member, at: number): ReportDocument {
  const { view, version, on } = input;
  const { goods, costs, proceeds } = view.statements;
  const rows: SheetRow[] = [];
  const add = (cells: readonly string[], tone?: 'total'): void => {
    rows.push({ key: String(rows.length), cells, ...(tone === undefined ? {} : { tone }) });
  };
  const brought = ({ weightG, cartons, value, sold }: Pick<Member, 'weightG' | 'cartons' | 'value' | 'sold'>): string =>
    [
      `${kilogramText(weightG)} 千克 ${cartons} 箱`,
      ...(fen(value) === 0 ? [] : [`货值 ${groupThousands(value)}`]),
      ...(fen(sold) === 0 ? [] : [`销售额 ${groupThousands(sold)}`]),
    ].join('，');
  for (const one of goods.filter(({ partyId }) => partyId === member.partyId))
    add([
      '货物',
      `${one.goods}${one.lot === '' ? '' : ` 批次 ${one.lot}`} ${brought({ ...one, weightG: one.massG })}`,
      '',
      '',
    ]);
  add(['货物小计', brought(member), '', ''], 'total');
  // What is one member's alone is no other's business. Its share says whose it is; two members may be of one name.
  const isOthers = ({ party }: JointStatements['costs'][number], share: string): boolean =>
    party !== undefined && fen(share) === 0;
  const lines = (
    kind: string,
    all: JointStatements['costs'],
    shares: readonly string[],
    sign: (text: string) => string,
  ) => {
    for (const [place, one] of all.entries()) {
      const share = shares[place] ?? '0';
      if (!isOthers(one, share)) add([kind, nameOf(one), sign(one.amount), sign(share)]);
    }
  };
  lines('货款收入', proceeds, member.proceeds, (text) => text);
  lines('费用', costs, member.costs, minus);
  add(['应付成员', '收入减费用', view.statements.totals.net, member.net], 'total');
  const own = view.payments.filter((one) => one.partyId === member.partyId && one.voidedAt === undefined);
  for (const one of own)
    add([
      fen(one.amount) < 0 ? '已收' : '已付',
      [one.on, methods[one.method], one.account, one.note].filter((part) => part !== '').join(' '),
      '',
      minus(one.amount),
    ]);
  const left = fen(member.net) - own.reduce((sum, one) => sum + fen(one.amount), 0);
  add([left < 0 ? '应向成员收' : '尚应付', `付款截至 ${on}`, '', yuanText(left)], 'total');
  return {
    ...headOf(input),
    title: `成员结算单（${edition(version)}）`,
    sheet: `${at + 1} ${member.name}`,
    period: `${member.name}　${headOf(input).period}`,
    unit: '单位：人民币元',
    columns: [
      reportColumn('kind', '项目', 'text', 14),
      reportColumn('what', '内容', 'text', 52),
      reportColumn('whole', '全部金额', 'amount', 16),
      reportColumn('own', '本成员', 'amount', 16),
    ],
    rows,
    signs: ['成员签收', '日期', '经办', '制单'],
  };
}
