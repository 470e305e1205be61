import type { OutputOf } from '../../../shared/contract/contract.ts';
import { escapeHtml, printFont } from './html.ts';

const reasonZh = { returned: '退货', unsold: '滞销', other: '其他' } as const;
export const repayWayZh = { payment: '补缴税款', offset: '冲减退税' } as const;
export const kindZh = { repaid: '已补税', notRefunded: '未退税' } as const;

/** The request for 《出口货物已补税/未退税证明》 on A4, to be signed and stamped: the fields of the form, and what is not known of it. */
export function returnCertificatePage(
  view: OutputOf<'returnCertificates.get'>,
  paper: {
    readonly firm: string;
    readonly uscc: string;
    readonly customsCode: string;
    readonly unit: string;
    readonly madeOn: string;
  },
): string {
  const html = escapeHtml;
  const { figures, form } = view;
  const none = '—';
  const rows: readonly (readonly [string, string, string, string])[] = [
    ['原出口报关单号', view.declarationNo, '项号', String(view.lineNo)],
    ['出口日期', view.exportDate, '监管方式', view.mode],
    ['商品代码', view.hsCode, '商品名称', view.name],
    ['出口数量', `${view.out} ${paper.unit}`, '退运数量', `${view.qty} ${paper.unit}`],
    ['退（免）税状态', kindZh[view.kind], '退运原因', reasonZh[view.reason]],
    [
      '申报所属期、批次',
      figures.claimedPeriod === undefined ? none : `${figures.claimedPeriod} / ${figures.claimBatch ?? ''}`,
      '原退税率',
      figures.rates.length === 0 ? none : figures.rates.join('、'),
    ],
    ['原计税金额（元）', figures.baseCny ?? none, '退运计税金额（元）', figures.backBaseCny ?? none],
    [
      '原退税额（元）',
      figures.isRefunded ? (figures.refundCny ?? none) : none,
      '应补税额（元）',
      figures.isRefunded ? (figures.toRepayCny ?? none) : '0.00',
    ],
    ['业务处理方式', figures.isRefunded ? repayWayZh[view.repayWay] : none, '已补税额（元）', view.repaidCny ?? none],
    ['缴款书号码 / 冲减所属期', view.repayPaper || none, '补税（入库）日期', view.repaidOn ?? none],
    ['进货凭证号', figures.invoices.join('、') || none, '退运进口报关单号', view.importDeclarationNo || none],
    ['复运进境日期', view.returnedOn ?? '未进境', '备注', view.note || none],
  ];
  const body = rows
    .map(([a, b, c, d]) => `<tr><th>${html(a)}</th><td>${html(b)}</td><th>${html(c)}</th><td>${html(d)}</td></tr>`)
    .join('');
  const mark =
    view.state === 'void' ? '已作废' : view.gaps.length > 0 ? '未补税' : view.state === 'draft' ? '草稿' : '';
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${html(form.zh)}申请 ${html(view.number)}</title><style>
@page { size: A4 portrait; margin: 18mm 15mm; }
body { margin: 0; font: 10pt/1.5 ${printFont}; color: #000; background: #fff; }
h1 { font-size: 16pt; text-align: center; letter-spacing: 0.08em; margin: 0 0 5mm; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; } tr { break-inside: avoid; }
th, td { border: 0.4pt solid #000; padding: 1.6mm 1.8mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; } th { font-weight: 600; width: 32mm; }
.above { display: grid; grid-template-columns: 1fr 1fr; gap: 1mm 6mm; margin-bottom: 3mm; } .h { font-size: 8pt; color: #444; margin: 2mm 0 0; }
.sign { display: flex; justify-content: space-between; margin-top: 12mm; }
.watermark { position: fixed; inset: 0; display: flex; align-items: center; justify-content: center; font-size: 96pt; opacity: 0.07; transform: rotate(-30deg); z-index: -1; }
</style></head><body>${mark === '' ? '' : `<div class="watermark">${mark}</div>`}
<h1>《${html(form.zh)}》申请</h1>
<div class="above"><span>申请人：${html(paper.firm)}</span><span>纳税人识别号：${html(paper.uscc)}</span>
<span>海关企业代码：${html(paper.customsCode)}</span><span>编号：${html(view.number)}</span></div>
<table>${body}</table>
<p>${
    view.kind === 'repaid'
      ? '上列出口货物发生退运，其已办理的出口退（免）税款已按上述方式补回，申请开具证明。'
      : '上列出口货物发生退运，未办理出口退（免）税，申请开具证明。该数量不再申报退（免）税。'
  }</p>
<p class="h">依据：${html(form.source)}。${html(form.unknownZh)}本页由账套生成，供填报和留底，不是税务机关的表单。制表日期 ${html(paper.madeOn)}。</p>
<div class="sign"><span>申请人（盖章）：</span><span>经办人：</span><span>日期：${html(view.handedOn ?? '　　　年　　月　　日')}</span></div>
</body></html>`;
}
