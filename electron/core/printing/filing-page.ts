import { catalogue, type RequestName } from '../../../shared/documents/catalogue.ts';
import {
  type AnyDocument,
  type FieldSpec,
  type GroupSpec,
  headOf,
  linesOf,
  type MessageSpec,
  rowsOf,
  type Values,
} from '../../../shared/documents/spec.ts';
import { format5, groupThousands, tryParse5 } from '../../../shared/money/index.ts';
import type { DocumentState } from '../../../shared/sync/document-states.ts';
import type { TableSet } from '../../../shared/tables/table.ts';
import { cssText, escapeHtml, printFont } from './html.ts';

/** A form as it is printed. */
export interface PrintedForm {
  readonly kind: RequestName;
  readonly body: Record<string, unknown>;
  readonly version: number;
  readonly state: DocumentState;
  readonly platformNo: string | undefined;
  readonly tables: TableSet;
  /** Shows a secret value, e.g. by its last four characters. */
  readonly mask: (value: string) => string;
  readonly printedOn: string;
}

/** The fields of each row, where there is a paper form: labels and codes come from the catalogue. Filings with the platform have none. */
const layouts: Partial<Record<RequestName, readonly (readonly string[])[]>> = {
  FX101Message: [
    ['declarationNo', 'recordNo'],
    ['bankName', 'settleMethod'],
    ['payeeName', 'payeeCode'],
    ['payeeAccount', 'creditedOn'],
    ['currency', 'amount', 'amountUsd'],
    ['settledAmount', 'settledAccount', 'settledRate'],
    ['spotAmount', 'spotAccount', 'otherAmount'],
    ['domesticFeeCurrency', 'domesticFee'],
    ['foreignFeeCurrency', 'foreignFee'],
    ['payerName', 'payerCountry'],
    ['nature', 'refund', 'bonded'],
    ['code1', 'amount1', 'remark1'],
    ['code2', 'amount2', 'remark2'],
    ['externalDebtNo', 'approvalNo'],
    ['appType', 'declaredOn'],
    ['note'],
  ],
  FX201Message: [
    ['reportNo', 'creditNo'],
    ['reporterName', 'reporterCode'],
    ['creditKind', 'appType'],
    ['baseNo', 'baseDate'],
    ['expectedDate', 'related'],
    ['currency', 'amount', 'balance'],
    ['amountUsd', 'reportedOn'],
    ['partyName', 'partyCountry'],
    ['reason'],
    ['note'],
  ],
};

/** Two fields a row, long ones alone: the form of a filing that has no paper of its own. */
function layoutOf(spec: MessageSpec): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let hasRoom = false;
  for (const field of spec.head.fields) {
    if (field.name === 'guid' || field.name === 'appTime') continue;
    const isLong = field.kind === 'text' && (isTicked(field) || (field.max ?? 0) >= 200);
    const last = rows.at(-1);
    if (hasRoom && !isLong && last !== undefined) {
      last.push(field.name);
      hasRoom = false;
    } else {
      rows.push([field.name]);
      hasRoom = !isLong;
    }
  }
  return rows;
}

/** What stands behind every page until the form was accepted. */
const marks: Readonly<Record<DocumentState, string>> = {
  draft: '草稿',
  checked: '草稿',
  queued: '草稿',
  sending: '草稿',
  unknown: '草稿',
  sent: '草稿',
  rejected: '被退回',
  withdrawn: '已作废',
  superseded: '已被替代',
  accepted: '',
  released: '',
  closed: '',
};
const states: Readonly<Record<DocumentState, string>> = {
  draft: '草稿',
  checked: '草稿（已检查）',
  queued: '草稿（待发送）',
  sending: '草稿（正在发送）',
  unknown: '草稿（结果不明）',
  sent: '草稿（已发送，待回执）',
  accepted: '已接受',
  rejected: '被退回',
  released: '已接受',
  closed: '已接受',
  withdrawn: '已作废',
  superseded: '已被后一版替代',
};

/** Choices are ticked in a row, as on the paper, while they are few and short. */
const isTicked = (field: FieldSpec): boolean =>
  field.kind === 'text' &&
  field.values !== undefined &&
  Object.values(field.values).reduce((sum, { zh }) => sum + zh.length + 2, 0) <= 40;

function valueText(field: FieldSpec, value: string, form: PrintedForm): string {
  const html = escapeHtml;
  if (field.kind !== 'text') {
    // Amounts have two decimals at least.
    const amount = field.kind === 'decimal' && field.fraction === 3 ? tryParse5(value) : undefined;
    const text = amount === undefined ? value : format5(amount, 2);
    return `<span class="n">${html(groupThousands(text).replace('-', '\u2212'))}</span>`;
  }
  if (field.values !== undefined && isTicked(field))
    return Object.entries(field.values)
      .map(([code, { zh }]) => `<span class="tick">${code === value ? '☑' : '☐'} ${html(zh)}</span>`)
      .join(' ');
  if (value === '') return '';
  // A code that is a word of ours says nothing on paper.
  if (field.values !== undefined)
    return /^[A-Za-z]{3,}$/.test(value)
      ? html(field.values[value]?.zh ?? value)
      : `${html(value)} ${html(field.values[value]?.zh ?? '')}`;
  if (field.format === 'date8') return html(value.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'));
  if (field.secret === true) return `<span class="code">${html(form.mask(value))}</span>`;
  // Commodity codes stand alone: the declared name is beside them.
  const table = field.table === 'hs' ? undefined : field.table;
  const name = table === undefined ? undefined : form.tables.get(table)?.lookup(value);
  if (table !== undefined)
    return `${html(value)} ${html(name === undefined ? '' : name.zh === '' ? name.en : name.zh)}`;
  return html(value);
}

/** Label and value of each field; twelve columns, so that one, two or three fields fill a row. */
function rowHtml(spec: MessageSpec, names: readonly string[], head: Values, form: PrintedForm): string {
  const valueSpan = 12 / names.length - 2;
  const cells = names.map((name) => {
    const field = spec.head.fields.find((one) => one.name === name);
    if (field === undefined) throw new Error(`${spec.message} has no field ${name}`);
    return `<th colspan="2">${escapeHtml(field.zh)}<span class="en">${escapeHtml(field.en)}</span></th><td colspan="${valueSpan}">${valueText(field, head[name] ?? '', form)}</td>`;
  });
  return `<tr>${cells.join('')}</tr>`;
}

/** Lines, and the groups beside them. */
function tablesHtml(spec: MessageSpec, form: PrintedForm): string {
  const body: AnyDocument = form.body;
  return [
    spec.lines === undefined ? '' : tableHtml(spec.lines, linesOf(spec, body), form),
    ...(spec.parts ?? []).map((part) => tableHtml(part, rowsOf(part, body) as readonly Values[], form)),
  ].join('');
}

function tableHtml(group: GroupSpec, lines: readonly Values[], form: PrintedForm): string {
  if (lines.length === 0) return '';
  const head = group.fields.map((field) => `<th>${escapeHtml(field.zh)}</th>`).join('');
  const rows = lines
    .map(
      (line) =>
        `<tr>${group.fields
          .map(
            (field) =>
              `<td${field.kind === 'text' ? '' : ' class="n"'}>${
                field.kind === 'text' && field.values !== undefined
                  ? escapeHtml(field.values[line[field.name] ?? '']?.zh ?? '')
                  : valueText(field, line[field.name] ?? '', form)
              }</td>`,
          )
          .join('')}</tr>`,
    )
    .join('');
  return `<h2>${escapeHtml(group.zh)}（${lines.length}）</h2><table class="lines"><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`;
}

/**
 * A filing on A4, black on white, where there is a paper form close to it: boxes with labels and ticks, lines and other groups below,
 * room for signatures. Until it was accepted its state stands behind every page. Nothing is fetched, no script runs.
 * @returns undefined for a kind that has no paper form
 */
export function filingPage(form: PrintedForm): string | undefined {
  const spec: MessageSpec = catalogue[form.kind];
  const isForex = spec.family === 'fx';
  const layout = layouts[form.kind] ?? (spec.family === 'plat' ? layoutOf(spec) : undefined);
  if (layout === undefined) return undefined;
  const head = headOf(spec, form.body);
  const number = spec.number === undefined ? '' : (head[spec.number] ?? '');
  const mark = marks[form.state];
  const title = `${spec.zh}　${number}　${states[form.state]}`;
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${escapeHtml(spec.zh)} ${escapeHtml(number)}</title><style>
@page { size: A4 portrait; margin: 15mm 13mm 14mm;
  @top-left { content: ${cssText(title)}; font: 7.5pt ${printFont}; } }
body { margin: 0; font: 9pt/1.35 ${printFont}; color: #000; background: #fff; font-variant-numeric: tabular-nums; }
h1 { font-size: 16pt; text-align: center; letter-spacing: 0.15em; margin: 0; } .title-en { text-align: center; font-size: 8pt; margin: 0 0 2mm; }
h2 { font-size: 10pt; margin: 4mm 0 1.5mm; break-after: avoid; }
.above, .below { display: flex; justify-content: space-between; margin-bottom: 1.5mm; } .below { margin-top: 6mm; } .below span { min-width: 38mm; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; } thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { border: 0.5pt solid #000; padding: 1mm 1.4mm; text-align: left; vertical-align: middle; overflow-wrap: anywhere; }
.form th { font-weight: 600; background: #f4f4f2; } .form td { height: 7mm; } .en { display: block; font-weight: 400; font-size: 6.5pt; color: #444; line-height: 1.2; }
.lines th { text-align: center; font-weight: 600; } .n { text-align: right; white-space: nowrap; } .tick { white-space: nowrap; } .code { font-family: ${printFont}; }
.watermark { position: fixed; inset: 0; display: flex; align-items: center; justify-content: center; font-size: 110pt; opacity: 0.07; transform: rotate(-30deg); z-index: -1; }
.bank td { height: 16mm; vertical-align: top; }
</style></head><body>${mark === '' ? '' : `<div class="watermark">${mark}</div>`}
<h1>${escapeHtml(spec.zh)}</h1><p class="title-en">${escapeHtml(spec.en)}</p>
<div class="above"><span>状态：${states[form.state]}　第 ${form.version} 版</span><span>${form.platformNo === undefined ? '' : `受理编号：${escapeHtml(form.platformNo)}`}</span><span>打印日期：${form.printedOn}</span></div>
<table class="form"><colgroup>${'<col>'.repeat(12)}</colgroup><tbody>
${layout.map((names) => rowHtml(spec, names, head, form)).join('\n')}
</tbody></table>
${tablesHtml(spec, form)}
<table class="bank" style="margin-top:4mm"><tbody><tr>${(isForex ? ['填报人签章：', '填报人电话：', '银行经办人签章：', '银行业务编号：'] : ['报送单位（盖章）：', '法定代表人签字：', '填报日期：']).map((label) => `<td>${label}</td>`).join('')}</tr></tbody></table>
<p>按平台报文 ${spec.message}（${escapeHtml(spec.edition)}）的栏目打印，供核对和留存；${isForex ? '正式申报以银行或外汇局受理为准' : '是否受理以平台回执为准'}。</p>
</body></html>`;
}
