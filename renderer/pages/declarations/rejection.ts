import { decMessage } from '../../../shared/documents/catalogue.ts';
import { pathOf } from '../../../shared/documents/spec.ts';
import { remedyFieldsOf } from '../../../shared/sync/rejections.ts';
import { type DocumentKind, fieldAt, linePath, requireSpec } from './document-model.ts';

interface Reason {
  readonly pattern: RegExp;
  readonly head?: string;
  readonly line?: string;
  /** A field of a group beside head and lines, by its whole path. */
  readonly path?: string;
}

/**
 * Fields that the published reasons speak about, so that the user need not look for them; the first that fits is meant, so a longer term
 * stands before one that is a part of it.
 */
export const reasonsOfLists: readonly Reason[] = [
  { pattern: /毛重/, head: 'grossWeight' },
  { pattern: /净重/, head: 'netWeight' },
  { pattern: /件数/, head: 'packNo' },
  { pattern: /提运单|提单|总运单|舱单/, head: 'billNo' },
  { pattern: /运单/, head: 'logisticsNo' },
  { pattern: /订单编号/, head: 'orderNo' },
  { pattern: /支付企业|收款/, head: 'payName' },
  { pattern: /运抵国|目的国/, head: 'country' },
  { pattern: /商品编码|税号/, line: 'gcode' },
  { pattern: /单价/, line: 'price' },
  { pattern: /总价/, line: 'totalPrice' },
  { pattern: /商品项|数量/, line: 'qty' },
];

/** The same of a goods declaration (报关单); boxes by their official names, for exports and imports. */
export const reasonsOfDeclarations: readonly Reason[] = [
  { pattern: /毛重/, head: 'GrossWet' },
  { pattern: /净重/, head: 'NetWt' },
  { pattern: /件数/, head: 'PackNo' },
  { pattern: /航次/, path: 'DecFreeTxt/VoyNo' },
  { pattern: /提运单|提单|总运单|舱单|运单/, head: 'BillNo' },
  { pattern: /运输工具/, head: 'TrafName' },
  { pattern: /运输方式/, head: 'TrafMode' },
  { pattern: /监管方式|贸易方式/, head: 'TradeMode' },
  { pattern: /征免性质/, head: 'CutMode' },
  { pattern: /征免/, line: 'DutyMode' },
  { pattern: /成交方式/, head: 'TransMode' },
  { pattern: /包装种类/, head: 'WrapType' },
  { pattern: /贸易国/, head: 'TradeAreaCode' },
  { pattern: /启运国|运抵国/, head: 'TradeCountry' },
  { pattern: /启运港/, head: 'DespPortCode' },
  { pattern: /经停港|指运港/, head: 'DistinatePort' },
  { pattern: /[入离]境口岸/, head: 'EntyPortCode' },
  { pattern: /申报地海关/, head: 'CustomMaster' },
  { pattern: /[进出]境关别|进出口岸/, head: 'IEPort' },
  { pattern: /[进出]口日期|进出口日期/, head: 'IEDate' },
  { pattern: /运费/, head: 'FeeRate' },
  { pattern: /保费|保险费/, head: 'InsurRate' },
  { pattern: /杂费/, head: 'OtherRate' },
  { pattern: /许可证/, head: 'LicenseNo' },
  { pattern: /备案号|手册|账册/, head: 'ManualNo' },
  { pattern: /合同/, head: 'ContrNo' },
  { pattern: /境外收货人/, head: 'OverseasConsigneeEname' },
  { pattern: /境外发货人/, head: 'OverseasConsignorEname' },
  { pattern: /境内[收发]|收发货人|经营单位/, head: 'TradeCode' },
  { pattern: /生产销售单位|消费使用单位/, head: 'OwnerName' },
  { pattern: /申报单位/, head: 'AgentCode' },
  { pattern: /唛/, head: 'MarkNo' },
  { pattern: /价格说明|特殊关系|特许权|公式定价|暂定价格/, head: 'PromiseItmes' },
  { pattern: /集装箱/, path: 'Container[1]/ContainerId' },
  { pattern: /随附单证/, path: 'LicenseDocu[1]/DocuCode' },
  { pattern: /商品编[码号]|税号/, line: 'CodeTS' },
  { pattern: /规格|型号|申报要素/, line: 'GModel' },
  { pattern: /商品名称|品名/, line: 'GName' },
  { pattern: /单价/, line: 'DeclPrice' },
  { pattern: /总价|价格|金额/, line: 'DeclTotal' },
  { pattern: /币制/, line: 'TradeCurr' },
  { pattern: /第二(法定)?(数量|单位)/, line: 'SecondQty' },
  { pattern: /法定(第一)?数量|第一(法定)?数量/, line: 'FirstQty' },
  { pattern: /计量单位/, line: 'GUnit' },
  // On export the two elements carry each other's value; the label of either names both.
  { pattern: /原产国/, line: 'DestinationCountry' },
  { pattern: /目的国/, line: 'OriginCountry' },
  { pattern: /货源地|境内目的地/, line: 'DistrictCode' },
  { pattern: /商品项|数量/, line: 'GQty' },
  { pattern: /备注/, head: 'NoteS' },
];

/** On import the elements of origin and destination carry what their names say. */
const importLines: Readonly<Record<string, string>> = {
  DestinationCountry: 'OriginCountry',
  OriginCountry: 'DestinationCountry',
};

/**
 * The path a reason most likely speaks about: what its text names, else what its code is about; undefined when neither names anything the
 * document has.
 * @param isImport of a goods declaration
 */
export function pathOfReason(kind: DocumentKind, text: string, code = '', isImport = false): string | undefined {
  const spec = requireSpec(kind);
  const line = Number(/第\s*\[?(\d+)\]?\s*[项行]/.exec(text)?.[1] ?? '1');
  const place = (name: string): string | undefined => {
    if (spec.head.fields.some((field) => field.name === name)) return pathOf(spec, name);
    if (spec.lines?.fields.some((field) => field.name === name) === true) return linePath(kind, name, line);
    return undefined;
  };
  const isDeclaration = kind === decMessage.message;
  for (const { pattern, head, line: inLine, path } of isDeclaration ? reasonsOfDeclarations : reasonsOfLists) {
    if (!pattern.test(text)) continue;
    const name = inLine !== undefined && isImport ? (importLines[inLine] ?? inLine) : (head ?? inLine);
    const found = path !== undefined && fieldAt(kind, path) !== undefined ? path : place(name ?? '');
    if (found !== undefined) return found;
  }
  for (const name of remedyFieldsOf(code)) {
    const found = place(name);
    if (found !== undefined) return found;
  }
  return undefined;
}
