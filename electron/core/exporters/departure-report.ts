/** 集拼清单 of a departure as a workbook: sums by mode, shipment and owner, the papers, and what still stands in the way. */

import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { documentStates } from '../../../shared/contract/filing.ts';
import type { departureFindingCodes } from '../../../shared/logistics/departure.ts';
import { reportColumn, type SheetRow } from '../../../shared/reports/sheet.ts';
import type { ReportDocument } from './report-document.ts';

type View = OutputOf<'departures.get'>;

const states: Readonly<Record<(typeof documentStates)[number], string>> = {
  draft: '草稿',
  checked: '已检查',
  queued: '待发',
  sending: '发送中',
  unknown: '待查',
  sent: '待回执',
  accepted: '已接受',
  rejected: '被退回',
  released: '已放行',
  closed: '已结关',
  withdrawn: '已撤销',
  superseded: '已改单',
};
const levels: Readonly<Record<View['findings'][number]['level'], string>> = {
  stop: '不能离境',
  missing: '待办',
  note: '提示',
};
const said: Readonly<Record<(typeof departureFindingCodes)[number], string>> = {
  EMPTY: '没有单证随本票离境',
  TWICE: '同一批货物在清单和报关单上重复申报',
  REJECTED: '被海关退回',
  NOT_RELEASED: '尚未放行',
  CUT_OFF_OVER: '截止时间已过',
  BILL_MISSING: '未填总运单号',
  BILL_DIFFERS: '提运单号与总运单不一致',
  VEHICLE_MISSING: '未填运输工具或航次',
  VEHICLE_DIFFERS: '运输工具或航次不一致',
  EXIT_DIFFERS: '出境关别不一致',
  PACKAGES_UNKNOWN: '未录入总运单件数',
  PACKAGES_DIFFER: '件数与总运单不一致',
  WEIGHT_UNKNOWN: '未录入总运单毛重',
  WEIGHT_DIFFERS: '毛重（千克）与总运单不一致',
  UNWEIGHED: '单证未填件数或毛重',
  WAYBILL_MISSING: '清单未填分运单号',
  NO_MASTER: '没有清单总分单（CEB607）',
  NOT_ON_MASTER: '清单不在总分单上',
  MASTER_UNKNOWN: '总分单上的分运单不在本票',
  MASTER_TWICE: '分运单在总分单上重复',
  MASTER_WEIGHT: '总分单毛重与清单合计不一致',
  MASTER_NOT_ACCEPTED: '总分单尚未被海关接受',
  CONTAINERS_MISSING: '海运未录入集装箱号',
  SEALS_MISSING: '未录入锁号（封志）',
};

/** The three sheets. */
export function departureReport(view: View, firm: string): readonly ReportDocument[] {
  const { totals, stated } = view;
  const head = {
    form: view.shipmentNo,
    firm,
    period: `总运单 ${view.bill} ${view.vehicle} ${view.voyage}`.trim(),
    unit: '单位：件、千克',
  };
  const form = (isList: boolean): string => (isList ? '清单' : '报关单');
  const groups: SheetRow[] = view.groups.map((one, at) => ({
    key: String(at),
    cells: [
      ...[one.mode, form(one.isList), one.shipmentNo, one.owner, String(one.papers), String(one.packages)],
      ...[one.gross, one.net, one.unknown === 0 ? '' : String(one.unknown)],
    ],
  }));
  groups.push({
    key: 'total',
    tone: 'total',
    cells: [
      ...['合计', '', '', '', String(totals.papers), String(totals.packages), totals.gross, totals.net],
      totals.unknown === 0 ? '' : String(totals.unknown),
    ],
  });
  groups.push({
    key: 'stated',
    tone: 'total',
    cells: ['总运单（舱单）', '', '', '', '', stated.packages, stated.gross, '', ''],
  });
  return [
    {
      ...head,
      title: '集拼清单',
      sheet: '汇总',
      columns: [
        reportColumn('mode', '监管方式', 'code', 14),
        reportColumn('form', '单证', 'text', 8),
        reportColumn('shipment', '货运编号', 'code', 16),
        reportColumn('owner', '货主', 'text', 34),
        reportColumn('papers', '份数', 'figure', 8),
        reportColumn('packages', '件数', 'figure', 9),
        reportColumn('gross', '毛重', 'figure', 12),
        reportColumn('net', '净重', 'figure', 12),
        reportColumn('unknown', '未填件数毛重', 'figure', 12),
      ],
      rows: groups,
      signs: ['承运人', '复核', '制单'],
    },
    {
      ...head,
      title: '随本票离境的单证',
      sheet: '单证',
      columns: [
        reportColumn('number', '企业内部编号', 'code', 30),
        reportColumn('form', '单证', 'text', 8),
        reportColumn('mode', '监管方式', 'code', 10),
        reportColumn('shipment', '货运编号', 'code', 16),
        reportColumn('owner', '货主', 'text', 34),
        reportColumn('waybill', '分运单号', 'code', 20),
        reportColumn('state', '状态', 'text', 10),
        reportColumn('packages', '件数', 'figure', 9),
        reportColumn('gross', '毛重', 'figure', 12),
      ],
      rows: view.papers.map((one) => ({
        key: String(one.id),
        cells: [
          ...[one.number, form(one.kind === 'CEB603Message'), one.mode, one.shipmentNo, one.owner, one.waybill],
          ...[states[one.state], one.packages, one.gross],
        ],
      })),
    },
    {
      ...head,
      title: '离境前待办与不一致',
      sheet: '待办',
      columns: [
        reportColumn('level', '类别', 'text', 10),
        reportColumn('what', '事项', 'text', 30),
        reportColumn('count', '数量', 'figure', 8),
        reportColumn('stated', '总运单（总分单）', 'text', 16),
        reportColumn('found', '单证合计', 'text', 16),
        reportColumn('numbers', '单证（分运单）', 'text', 60),
      ],
      rows: view.findings.map((one) => ({
        key: one.code,
        cells: [
          ...[
            levels[one.level],
            said[one.code],
            one.count === 0 ? '' : String(one.count),
            one.stated ?? '',
            one.found ?? '',
          ],
          `${one.numbers.slice(0, 20).join('、')}${one.count > 20 ? ' 等' : ''}`,
        ],
      })),
    },
  ];
}
