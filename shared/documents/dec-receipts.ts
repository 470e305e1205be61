/**
 * What the Single Window answers to a 报关单: the technical receipt of the import (预录入), and customs' states as they come, in the form in
 * use and in the older one, whose RESULT_INFO the field tables do not describe.
 */
import { text } from './dec-fields.ts';
import type { MessageSpec } from './spec.ts';

const SOURCE = '国际贸易单一窗口接口说明 报关单回执';

export const decImportResponse = {
  message: 'DecImportResponse',
  family: 'dec',
  zh: '报关单导入回执',
  en: 'Receipt of import of a declaration',
  direction: 'export',
  kind: 'receipt',
  edition: '2018-08',
  source: SOURCE,
  bare: {},
  node: 'DecImportResponse',
  maxNodes: 1,
  head: {
    name: '',
    zh: '导入回执',
    en: 'Receipt of import',
    fields: [
      text('ResponseCode', 10, '响应代码', 'Response code', {
        required: true,
        help: { zh: '0 成功，其他为失败。', en: '0 is success, anything else failure.' },
      }),
      text('ErrorMessage', 255, '响应信息', 'Message'),
      text('ClientSeqNo', 18, '客户端报关单编号', 'Own number of the declaration', { required: true }),
      text('SeqNo', 18, '数据中心统一编号', 'Unified number'),
      text('TrnPreId', 18, '转关单统一编号', 'Transit, unified number'),
    ],
  },
  businessKey: ['ClientSeqNo'],
  platformNo: ['SeqNo'],
  says: { status: 'ResponseCode', info: 'ErrorMessage' },
  answers: { message: 'DecMessage', match: { ClientSeqNo: 'ClientSeqNo' } },
} as const satisfies MessageSpec;

const noticeDate = text('NOTICE_DATE', 19, '通知时间', 'Time', {
  required: true,
  help: { zh: '年-月-日T时:分:秒。', en: 'yyyy-MM-ddTHH:mm:ss.' },
});
const channel = text('CHANNEL', 3, '处理结果', 'State', { required: true, table: 'dec_channel', open: true });

export const decResult = {
  message: 'DEC_RESULT',
  family: 'dec',
  zh: '报关单业务回执',
  en: 'State of a declaration',
  direction: 'export',
  kind: 'receipt',
  edition: '2018-08',
  source: SOURCE,
  bare: { namespace: '' },
  node: 'DEC_RESULT',
  maxNodes: 1,
  head: {
    name: '',
    zh: '业务回执',
    en: 'State',
    fields: [
      text('CUS_CIQ_NO', 18, '统一编号', 'Unified number', { required: true }),
      text('ENTRY_ID', 18, '报关单号', 'Customs declaration number'),
      noticeDate,
      channel,
      text('NOTE', 255, '说明', 'Note'),
      text('CUSTOM_MASTER', 4, '申报地海关', 'Customs of declaration', { table: 'customs_district', open: true }),
      text('I_E_DATE', 19, '进出口日期', 'Date of exit or entry'),
      text('D_DATE', 19, '申报日期', 'Date of declaration'),
    ],
  },
  businessKey: ['CUS_CIQ_NO'],
  platformNo: ['ENTRY_ID', 'CUS_CIQ_NO'],
  says: { status: 'CHANNEL', time: 'NOTICE_DATE', info: 'NOTE' },
  answers: { message: 'DecMessage', match: { CUS_CIQ_NO: 'SeqNo' } },
} as const satisfies MessageSpec;

export const decData = {
  message: 'DEC_DATA',
  family: 'dec',
  zh: '报关单业务回执（旧）',
  en: 'State of a declaration, older form',
  direction: 'export',
  kind: 'receipt',
  edition: '2018-08',
  source: SOURCE,
  bare: { namespace: '' },
  node: 'DEC_DATA',
  maxNodes: 1,
  head: {
    name: 'DEC_RESULT',
    zh: '业务回执',
    en: 'State',
    fields: [
      text('SEQ_NO', 18, '统一编号', 'Unified number', { required: true }),
      text('ENTRY_ID', 18, '报关单号', 'Customs declaration number'),
      noticeDate,
      channel,
      text('NOTE', 255, '说明', 'Note'),
      text('DECL_PORT', 4, '申报口岸', 'Port of declaration'),
      text('AGENT_NAME', 100, '申报单位名称', 'Declarant'),
      text('DECLARE_NO', 13, '报关员号', 'Declaring person, number'),
      text('TRADE_CO', 18, '经营单位编号', 'Consignor, customs code'),
      text('CUSTOMS_FIELD', 8, '货场代码', 'Yard code'),
      text('BONDED_NO', 32, '监管仓号', 'Supervised warehouse'),
      text('I_E_DATE', 19, '进出口日期', 'Date of exit or entry'),
      text('PACK_NO', 9, '件数', 'Packages'),
      text('BILL_NO', 32, '提单号', 'Bill of lading number'),
      text('TRAF_MODE', 1, '运输方式', 'Mode of transport'),
      text('VOYAGE_NO', 32, '航次号', 'Voyage or flight'),
      text('NET_WT', 20, '净重', 'Net weight'),
      text('GROSS_WT', 20, '毛重', 'Gross weight'),
      text('D_DATE', 19, '申报日期', 'Date of declaration'),
    ],
  },
  businessKey: ['SEQ_NO'],
  platformNo: ['ENTRY_ID', 'SEQ_NO'],
  says: { status: 'CHANNEL', time: 'NOTICE_DATE', info: 'NOTE' },
  answers: { message: 'DecMessage', match: { SEQ_NO: 'SeqNo' } },
} as const satisfies MessageSpec;
