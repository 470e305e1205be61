/**
 * 报关单 on the practice platform: it stores one as the Single Window does, has it declared, looks at it as customs would and answers with
 * the receipts of the interface: the technical one with the 统一编号, then CHANNEL by CHANNEL.
 */
import { linesOf, type MessageSpec, rowsOf, type Values } from '../shared/documents/spec.ts';
import { tryParse5 } from '../shared/money/decimal.ts';

/** What a declaration runs through when nothing is wrong with it; `decide` becomes L or E. */
export const declarationChain: Readonly<Record<string, string>> = { '2': '7', '7': 'decide', J: 'P', P: 'R' };

/** What is said with each. */
export const declarationInfo: Readonly<Record<string, string>> = {
  '2': '导入成功，已暂存',
  '7': '申报成功',
  L: '海关已接收（入库）',
  J: '通关无纸化审结',
  P: '海关已放行',
  R: '已结关',
};

/** Supervision modes that go by declaration here: general trade and the two of cross-border B2B. */
const modes: ReadonlySet<string> = new Set(['0110', '9710', '9810']);
/** 跨境B2B出口单证. */
const B2B_PAPER = '10000004';
const MOST_ITEMS = 50;

const scaled = (values: Values, name: string): bigint => tryParse5(values[name] ?? '') ?? 0n;

/** The first thing wrong with a declaration of the firm with these codes, in a word; undefined: nothing. */
export function wrongInDeclaration(
  spec: MessageSpec,
  body: Readonly<Record<string, unknown>>,
  head: Values,
  firm: { readonly uscc: string; readonly customsCode: string },
): string | undefined {
  if (head['TradeCoScc'] !== firm.uscc && head['AgentCodeScc'] !== firm.uscc)
    return `境内收发货人、申报单位均与报送企业不符 ${firm.customsCode}`;
  const mode = head['TradeMode'] ?? '';
  if (!modes.has(mode)) return `监管方式 ${mode} 不以报关单申报`;
  const lines = linesOf(spec, body);
  if (lines.length < 1 || lines.length > MOST_ITEMS) return `商品项 ${lines.length} 项，应为 1 至 ${MOST_ITEMS} 项`;
  const [gross, net] = [scaled(head, 'GrossWet'), scaled(head, 'NetWt')];
  if (gross <= 0n || net <= 0n) return '毛重、净重必须大于 0';
  if (net > gross) return '净重大于毛重';
  if (Number(head['PackNo']) < 1) return '件数必须大于 0';
  for (const [index, line] of lines.entries()) {
    const wrong = wrongInItem(line, index + 1);
    if (wrong !== undefined) return `第${index + 1}项${wrong}`;
  }
  const attached = spec.parts?.find(({ name }) => name === 'EdocRealation');
  const papers = attached === undefined ? [] : (rowsOf(attached, body) as readonly Values[]);
  if (mode !== '0110' && !papers.some(({ EdocCode, EdocID }) => EdocCode === B2B_PAPER && (EdocID ?? '') !== ''))
    return `监管方式 ${mode} 未随附跨境B2B出口单证 ${B2B_PAPER}`;
  return undefined;
}

function wrongInItem(line: Values, no: number): string | undefined {
  if (Number(line['GNo']) !== no) return `序号 ${line['GNo'] ?? ''} 不连续`;
  if (!/^\d{10}$/.test(line['CodeTS'] ?? '')) return `商品编号 ${line['CodeTS'] ?? ''} 不是 10 位数字`;
  const [qty, price, total] = [scaled(line, 'GQty'), scaled(line, 'DeclPrice'), scaled(line, 'DeclTotal')];
  if (qty <= 0n || scaled(line, 'FirstQty') <= 0n) return '数量必须大于 0';
  // A price of four decimals may be off by half of the last one for every piece, the total by half of its own.
  const off = total * 100000n - qty * price;
  if ((off < 0n ? -off : off) > 5n * qty + 500000n) return '总价不等于成交数量乘申报单价';
  const hasUnit = (line['SecondUnit'] ?? '') !== '';
  if (hasUnit !== scaled(line, 'SecondQty') > 0n) return '第二法定单位与数量不齐';
  return undefined;
}

/** The numbers and state of a step, as its receipt has them. */
export interface DeclarationReturn {
  readonly status: string;
  readonly info: string;
  readonly clientSeqNo: string;
  /** 统一编号, and 报关单号 once customs has taken it in. */
  readonly seqNo: string;
  readonly entryId: string | undefined;
  readonly customs: string;
  readonly exportDate: string;
  /** Seconds since 1970. */
  readonly at: number;
}

const NOTE_LENGTH = 255;

/** Kind and document of the receipt that answers a step. */
export function declarationReceipt(one: DeclarationReturn): { kind: string; body: Record<string, string | undefined> } {
  const { status, clientSeqNo, seqNo, entryId } = one;
  const note = one.info.slice(0, NOTE_LENGTH);
  if (status === '2')
    return {
      kind: 'DecImportResponse',
      body: { ResponseCode: '0', ErrorMessage: note, ClientSeqNo: clientSeqNo, SeqNo: seqNo },
    };
  // In Chinese time, as everything else that customs says.
  const time = new Date((one.at + 8 * 3600) * 1000).toISOString().slice(0, 19);
  return {
    kind: 'DEC_RESULT',
    body: {
      CUS_CIQ_NO: seqNo,
      ENTRY_ID: entryId,
      NOTICE_DATE: time,
      CHANNEL: status,
      NOTE: note,
      CUSTOM_MASTER: one.customs,
      I_E_DATE: one.exportDate,
      D_DATE: time.slice(0, 10).replaceAll('-', ''),
    },
  };
}
