import { SaxesParser } from 'saxes';
import { catalogue } from '../../shared/documents/catalogue.ts';
import { readMessage } from '../../shared/documents/read.ts';
import { assembleMessage, writeAny } from '../../shared/documents/write.ts';
import { compare, type Figure, timed } from './harness.ts';

const LISTS = 10_000;
/** Documents in a message. */
const PER_MESSAGE = 100;

const head = {
  guid: 'A1B2C3D4-0000-4000-8000-000000000001',
  appType: '1',
  appTime: '20261121093000',
  appStatus: '2',
  customsCode: '6407',
  ebpCode: '无',
  ebpName: '境外平台',
  orderNo: '536365',
  logisticsCode: '91469002MA5T0TE5TR',
  logisticsName: '测试物流有限公司',
  logisticsNo: 'YT536365',
  copNo: '4603960TST2026112100000001',
  ieFlag: 'E',
  portCode: '6407',
  ieDate: '20261124',
  statisticsFlag: 'A',
  agentCode: '91469002MA5T0TE5TR',
  agentName: '琼海测试贸易有限公司',
  ebcCode: '91469002MA5T0TE5TR',
  ebcName: '琼海测试贸易有限公司',
  ownerCode: 'NO',
  ownerName: 'NO',
  tradeMode: '9610',
  trafMode: '5',
  country: '303',
  POD: '303',
  freight: '3.5',
  fCurrency: '303',
  fFlag: '3',
  insuredFee: '0',
  iCurrency: '303',
  iFlag: '3',
  wrapType: '2',
  packNo: '1',
  grossWeight: '2.5',
  netWeight: '2.3',
};
const line = {
  gnum: '1',
  itemNo: '85123A',
  itemName: '心形挂式烛台',
  gcode: '3406000010',
  gname: '心形挂式烛台',
  gmodel: '品牌类型:无品牌|种类:烛台',
  barCode: '无',
  country: '303',
  currency: '303',
  qty: '6',
  qty1: '6',
  unit: '007',
  unit1: '007',
  price: '2.55',
  totalPrice: '15.3',
};
type List = { InventoryHead: typeof head; InventoryList: (typeof line)[] };

/** List number n, as it comes out of a book: an object of its own, of 1 to 8 lines, with values of its own. */
function listOf(n: number): List {
  const own = {
    InventoryHead: {
      ...head,
      guid: `A1B2C3D4-0000-4000-8000-${String(n).padStart(12, '0')}`,
      orderNo: String(536_365 + n),
      logisticsNo: `YT${536_365 + n}`,
      copNo: `4603960TST20261121${String(n).padStart(8, '0')}`,
      country: n % 3 === 0 ? '303' : '304',
      grossWeight: `${2 + (n % 17)}.${n % 10}`,
    },
    InventoryList: Array.from({ length: 1 + (n % 8) }, (_, at) => {
      const qty = 1 + ((n + at) % 12);
      const price = (n * 7 + at * 31) % 9973;
      return {
        ...line,
        gnum: String(at + 1),
        itemNo: `8${(n * 13 + at) % 9999}A`,
        gname: `${line.gname} ${(n + at) % 977} 号`,
        gmodel: (n + at) % 29 === 0 ? '品牌类型:无品牌|种类:烛台 & 灯 <套>' : line.gmodel,
        qty: String(qty),
        qty1: String(qty),
        price: (price / 100).toFixed(2),
        totalPrice: ((price * qty) / 100).toFixed(2),
      };
    }),
  };
  return JSON.parse(JSON.stringify(own)) as List;
}

const frame = {
  guid: head.guid,
  transfer: { copCode: '4603960TST', copName: head.ebcName, dxpMode: 'DXP', dxpId: 'DXPENT4603960TST' },
};

/** The floor: the same text by a template literal, with no escaping, no order, no check. */
function template({ InventoryHead: h, InventoryList: lines }: List): string {
  const rows = lines
    .map(
      (l) =>
        `<ceb:InventoryList><ceb:gnum>${l.gnum}</ceb:gnum><ceb:itemNo>${l.itemNo}</ceb:itemNo><ceb:itemName>${l.itemName}</ceb:itemName><ceb:gcode>${l.gcode}</ceb:gcode><ceb:gname>${l.gname}</ceb:gname><ceb:gmodel>${l.gmodel}</ceb:gmodel><ceb:barCode>${l.barCode}</ceb:barCode><ceb:country>${l.country}</ceb:country><ceb:currency>${l.currency}</ceb:currency><ceb:qty>${l.qty}</ceb:qty><ceb:qty1>${l.qty1}</ceb:qty1><ceb:unit>${l.unit}</ceb:unit><ceb:unit1>${l.unit1}</ceb:unit1><ceb:price>${l.price}</ceb:price><ceb:totalPrice>${l.totalPrice}</ceb:totalPrice></ceb:InventoryList>`,
    )
    .join('');
  return `<ceb:Inventory><ceb:InventoryHead><ceb:guid>${h.guid}</ceb:guid><ceb:appType>${h.appType}</ceb:appType><ceb:appTime>${h.appTime}</ceb:appTime><ceb:appStatus>${h.appStatus}</ceb:appStatus><ceb:customsCode>${h.customsCode}</ceb:customsCode><ceb:ebpCode>${h.ebpCode}</ceb:ebpCode><ceb:ebpName>${h.ebpName}</ceb:ebpName><ceb:orderNo>${h.orderNo}</ceb:orderNo><ceb:logisticsCode>${h.logisticsCode}</ceb:logisticsCode><ceb:logisticsName>${h.logisticsName}</ceb:logisticsName><ceb:logisticsNo>${h.logisticsNo}</ceb:logisticsNo><ceb:copNo>${h.copNo}</ceb:copNo><ceb:ieFlag>${h.ieFlag}</ceb:ieFlag><ceb:portCode>${h.portCode}</ceb:portCode><ceb:ieDate>${h.ieDate}</ceb:ieDate><ceb:statisticsFlag>${h.statisticsFlag}</ceb:statisticsFlag><ceb:agentCode>${h.agentCode}</ceb:agentCode><ceb:agentName>${h.agentName}</ceb:agentName><ceb:ebcCode>${h.ebcCode}</ceb:ebcCode><ceb:ebcName>${h.ebcName}</ceb:ebcName><ceb:ownerCode>${h.ownerCode}</ceb:ownerCode><ceb:ownerName>${h.ownerName}</ceb:ownerName><ceb:tradeMode>${h.tradeMode}</ceb:tradeMode><ceb:trafMode>${h.trafMode}</ceb:trafMode><ceb:country>${h.country}</ceb:country><ceb:POD>${h.POD}</ceb:POD><ceb:freight>${h.freight}</ceb:freight><ceb:fCurrency>${h.fCurrency}</ceb:fCurrency><ceb:fFlag>${h.fFlag}</ceb:fFlag><ceb:insuredFee>${h.insuredFee}</ceb:insuredFee><ceb:iCurrency>${h.iCurrency}</ceb:iCurrency><ceb:iFlag>${h.iFlag}</ceb:iFlag><ceb:wrapType>${h.wrapType}</ceb:wrapType><ceb:packNo>${h.packNo}</ceb:packNo><ceb:grossWeight>${h.grossWeight}</ceb:grossWeight><ceb:netWeight>${h.netWeight}</ceb:netWeight></ceb:InventoryHead>${rows}</ceb:Inventory>`;
}

/** The floor's message: its frame by a template literal too. */
const framed = (nodes: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ceb:CEB603Message xmlns:ceb="http://www.chinaport.gov.cn/ceb" guid="${frame.guid}" version="1.0">${nodes.join('')}<ceb:BaseTransfer><ceb:copCode>${frame.transfer.copCode}</ceb:copCode><ceb:copName>${frame.transfer.copName}</ceb:copName><ceb:dxpMode>${frame.transfer.dxpMode}</ceb:dxpMode><ceb:dxpId>${frame.transfer.dxpId}</ceb:dxpId></ceb:BaseTransfer></ceb:CEB603Message>`;

/** Splits into what goes into one message. */
const portions = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / PER_MESSAGE) }, (_, at) =>
    all.slice(at * PER_MESSAGE, (at + 1) * PER_MESSAGE),
  );

/** 10,000 lists written into messages, and the receipts of the same lists read. */
export async function draftsFigures(): Promise<Figure[]> {
  const lists = Array.from({ length: LISTS }, (_, n) => listOf(n));
  return [await draftsFigure(portions(lists)), await receiptsFigure(portions(lists))];
}

async function draftsFigure(messages: readonly List[][]): Promise<Figure> {
  let bytes = 0;
  const run = (write: (lists: readonly List[]) => string) => () =>
    timed(() => {
      for (const lists of messages) bytes += write(lists).length;
    });
  const spec = catalogue.CEB603Message;
  const ours = run((lists) =>
    assembleMessage(
      spec,
      frame,
      lists.map((list) => writeAny(spec, list)),
    ),
  );
  const floor = run((lists) => framed(lists.map(template)));
  await ours();
  await floor();
  const ms = await compare(9, ours, floor);
  if (bytes === 0) throw new Error('nothing was written');
  const perSecond = (time: number) => LISTS / (time / 1000);
  return {
    name: `${LISTS} lists of 1 to 8 lines written into messages of ${PER_MESSAGE}, a second`,
    unit: 'documents/s',
    ours: perSecond(ms.ours),
    floor: perSecond(ms.floor),
    floorName: 'a bare string template, nothing escaped',
    goal: '≥ 0.5 ×',
    isMet: ms.floor / ms.ours >= 0.5,
  };
}

/** The floor: the parser itself over the same text, its events counted and thrown away. */
function parseBare(xml: string): number {
  let events = 0;
  const parser = new SaxesParser({ xmlns: true, position: true });
  const count = (): void => {
    events += 1;
  };
  parser.on('opentag', count);
  parser.on('text', count);
  parser.on('closetag', count);
  parser.write(xml).close();
  return events;
}

/** The receipts of the lists read, a hundred to a message as customs sends them. */
async function receiptsFigure(messages: readonly List[][]): Promise<Figure> {
  const spec = catalogue.CEB604Message;
  const receipt = ({ InventoryHead: of }: List): string =>
    writeAny(spec, {
      guid: of.guid,
      customsCode: of.customsCode,
      ebpCode: of.ebpCode,
      ebcCode: of.ebcCode,
      agentCode: of.agentCode,
      copNo: of.copNo,
      preNo: 'B20261121000000001',
      invtNo: `64072026E${of.copNo.slice(-9)}`,
      returnStatus: '800',
      returnTime: '20261121120000000',
      returnInfo: '[Code:2600;Desc:放行]',
    });
  const texts = messages.map((lists) => assembleMessage(spec, { guid: head.guid }, lists.map(receipt)));
  let seen = 0;
  const run = (read: (xml: string) => number) => () =>
    timed(() => {
      for (const xml of texts) seen += read(xml);
    });
  const ours = run((xml) => readMessage(xml).documents.length);
  const floor = run(parseBare);
  await ours();
  await floor();
  const ms = await compare(9, ours, floor);
  if (seen === 0) throw new Error('nothing was read');
  const perSecond = (time: number) => LISTS / (time / 1000);
  return {
    name: `the receipts of ${LISTS} lists read, a second`,
    unit: 'receipts/s',
    ours: perSecond(ms.ours),
    floor: perSecond(ms.floor),
    floorName: 'the bare SAX parser',
    goal: '≥ 1 ×',
    isMet: ms.floor / ms.ours >= 1,
  };
}
