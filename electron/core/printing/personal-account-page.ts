import type { PersonQuota } from '../../../shared/contract/person.ts';
import type { IdentityDocument } from '../../../shared/identity/index.ts';
import { groupThousands } from '../../../shared/money/index.ts';
import type { PersonalAccount } from '../store/money/personal-accounts.ts';
import { cssText, escapeHtml, printFont } from './html.ts';

export interface PersonalAccountPaper {
  readonly account: PersonalAccount & { readonly form: NonNullable<PersonalAccount['form']> };
  /** As they are printed: masked or whole. */
  readonly number: string;
  readonly idNumber: string;
  readonly papers: readonly { readonly title: string; readonly condition: string; readonly files: readonly string[] }[];
  readonly year: string;
  readonly quota: PersonQuota | undefined;
  readonly madeOn: string;
}

const documents: Readonly<Record<IdentityDocument, string>> = {
  residentId: '居民身份证',
  hkMacaoPermit: '港澳居民来往内地通行证',
  taiwanPermit: '台湾居民来往大陆通行证',
  passport: '护照',
  other: '其他证件',
};
const natures = { settlement: '外汇结算账户（经营性收支）', savings: '外汇储蓄账户' } as const;
const states = { preparing: '准备材料', applied: '已申请', opened: '已开立', closed: '已销户' } as const;
const residency = { resident: '境内个人（中国居民）', nonResident: '境外个人（非中国居民）' } as const;
const statuses: Readonly<Record<PersonQuota['status'], string>> = {
  WITHIN: '额度内',
  OVER_QUOTA: '超出额度',
  NOT_COUNTED: '未占用',
  INSTITUTION_RULES: '按机构管理',
};

/**
 * Data of an individual forex account on A4, for the counter of the bank: who, what account, which papers there are, what of the yearly quota
 * is used. It is no form of the bank or of SAFE and says so. Nothing is fetched, no script runs.
 */
export function personalAccountPage({
  account,
  number,
  idNumber,
  papers,
  year,
  quota,
  madeOn,
}: PersonalAccountPaper): string {
  const { form } = account;
  const html = escapeHtml;
  const row = (a: string, b: string, c: string, d: string): string =>
    `<tr><th>${a}</th><td>${html(b)}</td><th>${c}</th><td>${html(d)}</td></tr>`;
  const wide = (a: string, b: string): string => `<tr><th>${a}</th><td colspan="3">${html(b)}</td></tr>`;
  const usd = (text: string): string => `${groupThousands(text)} 美元`;
  const rows = papers
    .map(
      ({ title, condition, files }, at) =>
        `<tr><td class="c">${at + 1}</td><td>${html(title)}${condition === '' ? '' : `<br><span class="s">${html(condition)}</span>`}</td><td class="c">${files.length === 0 ? '□' : '☑'}</td><td>${files.map(html).join('<br>')}</td></tr>`,
    )
    .join('');
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>个人外汇账户资料表 ${html(account.owner)}</title><style>
@page { size: A4 portrait; margin: 16mm 13mm 14mm;
  @top-left { content: ${cssText(`个人外汇账户资料表　${account.owner}`)}; font: 7.5pt ${printFont}; } }
body { margin: 0; font: 10pt/1.5 ${printFont}; color: #000; background: #fff; font-variant-numeric: tabular-nums; }
h1 { font-size: 16pt; text-align: center; letter-spacing: 0.15em; margin: 0 0 2mm; } h2 { font-size: 11pt; margin: 5mm 0 1.5mm; break-after: avoid; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; } tr { break-inside: avoid; }
th, td { border: 0.4pt solid #000; padding: 1.1mm 1.6mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; width: 32mm; } .c { text-align: center; } .s { font-size: 8pt; } .note { font-size: 8.5pt; }
.papers th { width: auto; text-align: center; }
.below { display: flex; justify-content: space-between; margin-top: 12mm; } .below span { min-width: 55mm; }
</style></head><body>
<h1>个人外汇账户资料表</h1>
<p class="note">本表由账户所有人自制，供银行柜台核对；不是银行或外汇局的表格，以银行的开户申请书为准。制表日期：${madeOn}</p>
<table><tbody>
${row('姓名', account.owner, '居民身份', residency[form.residency])}
${row('证件种类', documents[form.idType], '证件号码', idNumber)}
${row('开户银行', account.institution, '开户网点', form.branch)}
${row('账户性质', natures[form.nature], '币种', account.currency)}
${row('账号', number, '办理情况', `${states[form.state]}${form.openedOn === null ? '' : `　${form.openedOn}`}`)}
${wide('工商登记号或备案号', form.registrationNo)}
${wide('账户用途', form.purpose)}
${wide('备注', form.note)}
</tbody></table>
<h2>材料</h2>
<table class="papers"><colgroup><col style="width:10mm"><col><col style="width:14mm"><col></colgroup>
<thead><tr><th>序号</th><th>材料</th><th>已备</th><th>文件</th></tr></thead><tbody>${rows}</tbody></table>
<h2>${year} 年个人年度便利化额度</h2>
${
  quota === undefined
    ? '<p>本账套没有这个人的结汇记录。</p>'
    : quota.status === 'INSTITUTION_RULES'
      ? `<p>个体工商户按机构管理，不适用个人年度便利化额度。本账套登记的结汇 ${quota.settlements} 笔，折 ${usd(quota.outsideUsd)}。</p>`
      : `<table><tbody>${row('年度额度', usd(quota.quotaUsd), '已占用', usd(quota.usedUsd))}${row('凭证明不占用', usd(quota.outsideUsd), '剩余', usd(quota.leftUsd))}${row('状态', statuses[quota.status], '结汇笔数', `${quota.settlements} 笔，其中没有证明 ${quota.unproven} 笔`)}</tbody></table>
<p class="note">只含本账套登记的结汇；有交易额证明材料或交易电子信息的按实际金额办理，不占用年度额度（国家外汇管理局宁夏回族自治区分局2021年外汇知识问答（三十七））。</p>`
}
<div class="below"><span>本人签字：</span><span>日期：</span><span>银行经办：</span></div>
</body></html>`;
}
