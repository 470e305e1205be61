/** What stands around the business nodes of every request: transfer, subscriptions, signature, extension. */
import type { FamilyName, FieldSpec, FieldsOf } from './spec.ts';

/** What messages of one specification have in common. */
export interface MessageFamily {
  /** In everything we write; others may use another. Empty: the namespace is the default one. */
  readonly prefix: string;
  readonly namespace: string;
  /** The specification, of which findings about the form of a message speak. */
  readonly source: string;
}

/**
 * The families of messages. `fx` is no public format: the forms of foreign exchange go to the provincial platform as payloads
 * of the platform protocol (docs/openapi.yaml), in the envelope that customs' messages have, under a namespace of our own. `plat` is the
 * same for the platform's other services: registration, product library, statistics, pledges; no public format of them exists either.
 */
export const families: Readonly<Record<FamilyName, MessageFamily>> = {
  ceb: {
    prefix: 'ceb',
    namespace: 'http://www.chinaport.gov.cn/ceb',
    source: '跨境统一版报文规范 2022-05 总体',
  },
  dec: {
    prefix: '',
    namespace: 'http://www.chinaport.gov.cn/dec',
    source: '国际贸易单一窗口接口说明 2018-08 报关单',
  },
  fx: { prefix: 'fx', namespace: 'urn:portbook:fx:1', source: 'portbook/1 总体' },
  plat: { prefix: 'plat', namespace: 'urn:portbook:plat:1', source: 'portbook/1 总体' },
};
/** Namespace of the signature. */
export const DSIG_NAMESPACE = 'http://www.w3.org/2000/09/xmldsig#';
/** The message version of edition 2022-05. */
export const MESSAGE_VERSION = '1.0';

const note = {
  name: 'note',
  zh: '备注',
  en: 'Remark',
  kind: 'text',
  max: 1000,
  occurs: [0, 1],
  required: false,
} as const satisfies FieldSpec;
const dxpMode = {
  name: 'dxpMode',
  zh: '报文传输模式',
  en: 'Transfer mode',
  kind: 'text',
  length: 3,
  occurs: [1, 1],
  required: true,
  default: 'DXP',
  values: { DXP: { zh: '数据交换平台', en: 'data exchange platform' } },
} as const satisfies FieldSpec;

export const baseTransfer = {
  name: 'BaseTransfer',
  zh: '传输信息',
  en: 'Transfer',
  occurs: [1, 1],
  fields: [
    {
      name: 'copCode',
      zh: '传输企业代码',
      en: 'Transmitting firm code',
      kind: 'text',
      max: 18,
      occurs: [1, 1],
      required: true,
      from: 'profile.customsCode',
      help: { zh: '与传输客户端（卡）的企业一致。', en: 'The firm whose client or key transmits.' },
    },
    {
      name: 'copName',
      zh: '传输企业名称',
      en: 'Transmitting firm name',
      kind: 'text',
      max: 100,
      occurs: [1, 1],
      required: true,
      from: 'profile.name',
    },
    dxpMode,
    {
      name: 'dxpId',
      zh: '报文传输编号',
      en: 'Transfer id',
      kind: 'text',
      max: 30,
      occurs: [1, 1],
      required: true,
      from: 'profile.dxpId',
      help: {
        zh: '加入数据交换平台时分配，企业以 DXPENT 开头。',
        en: 'Given on joining the data-exchange platform; DXPENT… for firms.',
      },
    },
    note,
  ],
} as const;

export const baseSubscribe = {
  name: 'BaseSubscribe',
  zh: '订阅信息',
  en: 'Subscription',
  occurs: [0, 5],
  fields: [
    {
      name: 'status',
      zh: '用户订阅单证业务状态',
      en: 'Subscribed states',
      kind: 'text',
      max: 100,
      occurs: [1, 1],
      required: true,
      values: {
        ALL: { zh: '数据和回执', en: 'data and receipts' },
        DATA: { zh: '只订阅数据', en: 'data only' },
        RET: { zh: '只订阅回执', en: 'receipts only' },
      },
    },
    dxpMode,
    {
      name: 'dxpAddress',
      zh: '订阅方传输地址',
      en: 'Subscriber address',
      kind: 'text',
      max: 100,
      occurs: [1, 1],
      required: true,
    },
    note,
  ],
} as const;

/** Local extension data: name, version, and one element of any kind as XML text. */
export const extendMessage = {
  name: 'ExtendMessage',
  zh: '自定义报文',
  en: 'Extension',
  occurs: [0, 1],
  fields: [
    { name: 'name', zh: '自定义报文名称', en: 'Extension name', kind: 'text', max: 30, occurs: [1, 1], required: true },
    {
      name: 'version',
      zh: '自定义报文版本',
      en: 'Extension version',
      kind: 'text',
      max: 30,
      occurs: [1, 1],
      required: true,
    },
  ],
} as const;

export type Transfer = FieldsOf<typeof baseTransfer.fields>;
export type Subscription = FieldsOf<typeof baseSubscribe.fields>;
/** `message` is well-formed XML, put inside `<ceb:Message>` as it is. */
export interface Extension {
  readonly name: string;
  readonly version: string;
  readonly message: string;
}

/** An element that no table has, kept as it was read. */
export interface UnknownElement {
  /** Path of the group it stands in, with a slash behind it; empty for the root. */
  readonly within: string;
  /** The element as XML. */
  readonly xml: string;
}

export const guidField = {
  name: 'guid',
  zh: '报文编号',
  en: 'Message id',
  kind: 'text',
  length: 36,
  format: 'guid',
  occurs: [1, 1],
  required: true,
} as const satisfies FieldSpec;
export const versionField = {
  name: 'version',
  zh: '版本号',
  en: 'Version',
  kind: 'text',
  min: 1,
  max: 10,
  occurs: [1, 1],
  required: true,
  default: '1.0',
} as const satisfies FieldSpec;
