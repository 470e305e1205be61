import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTable, tableSet } from '../tables/index.ts';
import { documentArbitrary, guidArbitrary } from './arbitraries.testing.ts';
import {
  type AnyDocument,
  catalogue,
  ceb303,
  ceb603,
  ceb604,
  characterLength,
  type DocumentOf,
  decImportResponse,
  decMessage,
  decResult,
  describe as describeMessage,
  draftSchemaOf,
  fieldsOf,
  fx101,
  fx201,
  headersOf,
  insertSignature,
  type MessageName,
  type MessageSpec,
  messageNames,
  parseReturnInfo,
  pathSegments,
  readAs,
  readMessage,
  requestNames,
  schemaEntriesOf,
  schemaOf,
  specOf,
  type Transfer,
  UNBOUNDED,
  validateAny,
  validateDocument,
  validateTransfer,
  WriteError,
  writeDocument,
  writeMessage,
} from './index.ts';
import type { FieldSpec } from './spec.ts';

const GUID = 'A1B2C3D4-0000-4000-8000-0000000000F0';
const transfer: Transfer = {
  copCode: '4601960123',
  copName: '演示商贸有限公司',
  dxpMode: 'DXP',
  dxpId: 'DXPENT0000000001',
};
const tables = tableSet(
  [
    'country',
    'currency',
    'customs_district',
    'port',
    'trade_mode',
    'transport_mode',
    'unit',
    'wrap_type_old',
    'fee_mark',
    'return_status',
  ].map((id) =>
    buildTable(JSON.parse(readFileSync(new URL(`../../resources/tables/${id}.json`, import.meta.url), 'utf8'))),
  ),
);

const list: DocumentOf<typeof ceb603> = {
  InventoryHead: {
    guid: 'A1B2C3D4-0000-4000-8000-000000000001',
    appType: '1',
    appTime: '20261120093000',
    appStatus: '2',
    customsCode: '6407',
    ebpCode: '无',
    ebpName: 'Marketplace',
    orderNo: 'PB-1',
    logisticsCode: '4601960123',
    logisticsName: '演示物流',
    logisticsNo: 'W1',
    copNo: 'COP1',
    ieFlag: 'E',
    portCode: '6407',
    ieDate: '20261121',
    statisticsFlag: 'A',
    agentCode: '4601960123',
    agentName: '演示商贸',
    ebcCode: '4601960123',
    ebcName: '演示商贸',
    ownerCode: 'NO',
    ownerName: 'NO',
    tradeMode: '9610',
    trafMode: '5',
    country: '502',
    POD: '502',
    freight: '0',
    fCurrency: '502',
    fFlag: '3',
    insuredFee: '0',
    iCurrency: '502',
    iFlag: '3',
    wrapType: '2',
    packNo: '1',
    grossWeight: '0.5',
    netWeight: '0.4',
  },
  InventoryList: [
    {
      gnum: '1',
      itemNo: 'SKU1',
      gcode: '6912001000',
      gname: '陶瓷杯',
      gmodel: '无品牌',
      barCode: '无',
      country: '502',
      currency: '502',
      qty: '1',
      qty1: '0.4',
      unit: '007',
      unit1: '035',
      price: '12.5',
      totalPrice: '12.5',
    },
  ],
};

function findings(
  change: (copy: { InventoryHead: Record<string, string>; InventoryList: Record<string, string>[] }) => void,
) {
  const copy = structuredClone(list) as unknown as {
    InventoryHead: Record<string, string>;
    InventoryList: Record<string, string>[];
  };
  change(copy);
  return validateAny(ceb603, copy, tables).map((f) => `${f.rule} ${f.path}`);
}

it('a declaration has the lengths that its schema gives as exact', () => {
  const exact = {
    ...{
      SeqNo: 18,
      EntryId: 18,
      PreEntryId: 9,
      TgdNo: 18,
      CopCodeScc: 18,
      UseTo: 2,
      RelManNo: 12,
      ICCode: 13,
      SignDate: 16,
    },
    ...{ TrnPreId: 18, TransNo: 16, TurnNo: 16, TrafCustomsNo: 13, ContractorCode: 10, ApplCodeScc: 18 },
  };
  const groups = [
    decMessage.head,
    decMessage.lines,
    ...decMessage.parts.filter(({ name }) => !/^(Sdd|DecRisk)/.test(name)),
  ];
  const found = groups
    .flatMap(({ fields }): readonly FieldSpec[] => fields)
    .filter(({ name }) => Object.hasOwn(exact, name));
  expect(Object.fromEntries(found.map((field) => [field.name, field.kind === 'text' ? field.length : 0]))).toEqual(
    exact,
  );
  const short = { DecHead: { IEFlag: 'E', SeqNo: 'E2026' }, DecList: [{ UseTo: '1' }], DecSign: { ICCode: '8930' } };
  const wrong = validateAny(decMessage, short, tables).filter(({ rule }) => rule === 'DOC-LENGTH');
  expect(wrong.map((finding) => finding.path)).toEqual(['DecHead/SeqNo', 'DecList[1]/UseTo', 'DecSign/ICCode']);
});

describe('write and read', () => {
  it.each(messageNames)('%s comes back as it went', (name) => {
    const spec: MessageSpec = catalogue[name];
    fc.assert(
      fc.property(
        fc.array(documentArbitrary(spec), { minLength: 1, maxLength: Math.min(3, spec.maxNodes) }),
        guidArbitrary,
        (documents, guid) => {
          const isBare = spec.bare !== undefined;
          const frame = { guid, ...(spec.kind === 'request' && !isBare ? { transfer } : {}) };
          const xml = writeMessage(spec, { ...frame, documents: documents as DocumentOf<typeof spec>[] });
          const result = readMessage(xml);
          expect(result.problems).toEqual([]);
          expect(result).toMatchObject({
            ok: true,
            message: name,
            guid: isBare ? '' : guid,
            version: isBare ? (spec.bare?.version ?? '') : '1.0',
            signed: false,
          });
          expect(result.documents).toEqual(documents);
          if (spec.kind === 'request' && !isBare) expect(result.transfer).toEqual(transfer);
          // And the other way: what was read is written as it was.
          const form = { ...result, documents: result.documents as DocumentOf<typeof spec>[] };
          expect(writeMessage(spec, form)).toBe(xml);
          for (const document of documents)
            expect(validateAny(spec, document, new Map()).filter((f) => f.level === 'reject')).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(requestNames.filter((name) => specOf(name)?.bare === undefined))('%s keeps what frames it', (name) => {
    const spec: MessageSpec = catalogue[name];
    const [document] = fc.sample(documentArbitrary(spec), 1);
    const word = fc.string({
      unit: fc.constantFrom('a', 'Z', '0', '中', '&', '<', '>', '"'),
      minLength: 1,
      maxLength: 20,
    });
    const inside = word.map((text) => `<x:a xmlns:x="urn:x" b="1">${text.replace(/[&<>]/g, '-')}</x:a>`);
    const frames = fc.record(
      {
        transfer: fc.record({ note: word }).map((more) => ({ ...transfer, ...more })),
        subscriptions: fc.array(
          fc.record({ status: fc.constantFrom('ALL', 'DATA', 'RET'), dxpMode: fc.constant('DXP'), dxpAddress: word }),
          { maxLength: 5 },
        ),
        extend: fc.record({ name: word, version: word, message: inside }),
        signature: inside.map(
          (text) => `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${text}</ds:Signature>`,
        ),
      },
      { requiredKeys: ['transfer', 'subscriptions'] },
    );
    fc.assert(
      fc.property(frames, (frame) => {
        const content = { guid: GUID, ...frame, documents: [document] as DocumentOf<typeof spec>[] };
        const xml = writeMessage(spec, content);
        const { transfer: stated, subscriptions, extend, signature, problems } = readMessage(xml);
        expect(problems).toEqual([]);
        expect({ transfer: stated, subscriptions, ...(extend && { extend }), ...(signature && { signature }) }).toEqual(
          frame,
        );
        expect(
          writeMessage(spec, {
            ...content,
            transfer: frame.transfer,
            subscriptions,
            ...(extend && { extend }),
            ...(signature && { signature }),
          }),
        ).toBe(xml);
      }),
      { numRuns: 30 },
    );
  });

  it('takes elements of no table along with the namespaces they need', () => {
    const plain = writeMessage(ceb604, {
      guid: GUID,
      documents: [fc.sample(documentArbitrary(ceb604), 1)[0] as never],
    });
    const odd = plain
      .replace('<ceb:CEB604Message ', '<ceb:CEB604Message xmlns:y="urn:y" ')
      .replace('</ceb:InventoryReturn>', '<y:more><y:deep a="1">x</y:deep></y:more></ceb:InventoryReturn><ceb:Own/>');
    const { unknown, documents } = readMessage(odd);
    expect(unknown).toEqual([
      { within: 'InventoryReturn[1]/', xml: '<y:more xmlns:y="urn:y"><y:deep a="1">x</y:deep></y:more>' },
      { within: '', xml: '<ceb:Own/>' },
    ]);
    const again = writeMessage(ceb604, { guid: GUID, documents: documents as never[], unknown });
    expect(readMessage(again)).toMatchObject({ unknown, documents });
    expect(readMessage(writeMessage(ceb604, { guid: GUID, documents: documents as never[] })).unknown).toEqual([]);
    // Of a group that is not there, the nearest around it takes them.
    const astray = [{ within: 'InventoryReturn[7]/Head/', xml: '<ceb:Own/>' }];
    expect(writeMessage(ceb604, { guid: GUID, documents: documents as never[], unknown: astray })).toMatch(
      /<ceb:Own\/><\/ceb:CEB604Message>$/,
    );
  });

  it('writes one line of XML in table order without empty elements', () => {
    const xml = writeMessage(ceb603, {
      guid: GUID,
      transfer,
      documents: [{ ...list, InventoryHead: { ...list.InventoryHead, trafName: '', note: 'a<b & "c"\r\n' } }],
    });
    expect(xml).toContain(
      `<?xml version="1.0" encoding="UTF-8"?>\n<ceb:CEB603Message xmlns:ceb="http://www.chinaport.gov.cn/ceb" guid="${GUID}" version="1.0"><ceb:Inventory><ceb:InventoryHead><ceb:guid>`,
    );
    expect(xml).not.toContain('trafName');
    expect(xml).toContain('<ceb:note>a&lt;b &amp; "c"&#xD;\n</ceb:note>');
    expect(xml.replace(/^.*\n/, '')).not.toMatch(/>\s+</);
    const order = [...xml.matchAll(/<ceb:(\w+)>/g)].map((m) => m[1] ?? '');
    const wanted = schemaEntriesOf(ceb603).map((e) => e.path.split('/').pop() ?? '');
    expect(order.filter((n) => n !== 'note').every((n) => wanted.includes(n))).toBe(true);
  });

  it.each(messageNames)('writes %s the same in whatever order its values stand', (name) => {
    const spec: MessageSpec = catalogue[name];
    const shuffled = (value: unknown, from: number): unknown => {
      if (typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map((row) => shuffled(row, from));
      const entries = Object.entries(value).map(([key, one]) => [key, shuffled(one, from)] as const);
      const at = entries.length === 0 ? 0 : from % entries.length;
      return Object.fromEntries([...entries.slice(at), ['unheardOf', 'x'], ...entries.slice(0, at)]);
    };
    const write = (document: unknown) => writeDocument(spec, document as DocumentOf<typeof spec>);
    fc.assert(
      fc.property(documentArbitrary(spec), fc.nat(50), (document, from) => {
        expect(write(shuffled(document, from))).toBe(write(document));
      }),
      { numRuns: 20 },
    );
  });

  it('writes and reads each family under its own namespace', () => {
    const form = fc.sample(documentArbitrary(fx201), 1)[0] as DocumentOf<typeof fx201>;
    const xml = writeMessage(fx201, { guid: GUID, transfer, documents: [form] });
    expect(xml).toContain(`<fx:FX201Message xmlns:fx="urn:portbook:fx:1" guid="${GUID}"`);
    expect(xml).not.toContain('ceb');
    expect(insertSignature(xml, '<s/>')).toContain('</fx:BaseTransfer><s/></fx:FX201Message>');
    const astray = xml.replaceAll('urn:portbook:fx:1', 'http://www.chinaport.gov.cn/ceb');
    expect(readMessage(astray).problems).toMatchObject([{ rule: 'READ-NAMESPACE', source: 'portbook/1 总体' }]);
    expect(() => insertSignature('<x:Other/>', '<s/>')).toThrow(RangeError);
  });

  it('lets lines be missing where the table says so', () => {
    const [sample] = fc.sample(documentArbitrary(fx101), 1);
    const form = { ...sample, DeclarationList: [] } as AnyDocument as DocumentOf<typeof fx101>;
    expect(validateDocument(fx101, form, new Map())).toEqual([]);
    expect(schemaOf(fx101).safeParse(form).success).toBe(true);
    const read = readMessage(writeMessage(fx101, { guid: GUID, transfer, documents: [form] }));
    expect(read.problems).toEqual([]);
    expect(read.documents).toEqual([form]);
  });

  it('puts signature and extension into their places', () => {
    const signature = '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo/></ds:Signature>';
    const extend = { name: 'LOCAL', version: '1', message: '<x:a xmlns:x="urn:x"><x:b>1</x:b></x:a>' };
    const content = {
      guid: GUID,
      transfer,
      subscriptions: [{ status: 'ALL', dxpMode: 'DXP', dxpAddress: 'DXPENT2' }],
      extend,
      documents: [list],
    };
    const plain = writeMessage(ceb603, content);
    const signed = insertSignature(plain, signature);
    expect(signed).toBe(writeMessage(ceb603, { ...content, signature }));
    expect(signed.replace(signature, '')).toBe(plain);
    const result = readMessage(signed);
    expect(result.problems).toEqual([]);
    expect(result).toMatchObject({ signed: true, extend, subscriptions: content.subscriptions });
    // Found by its place in the text, which a byte order mark must not shift, with either parser.
    expect(readMessage(`\uFEFF${signed}`).extend).toEqual(extend);
    const simple = { ...extend, message: '<a><b>1</b></a>' };
    for (const message of [simple.message, ''])
      expect(
        readMessage(`\uFEFF${writeMessage(ceb603, { ...content, extend: { ...simple, message } })}`),
      ).toMatchObject({
        problems: [],
        extend: { ...simple, message },
      });
    expect(readMessage(signed.replace(/<ceb:Message>.*<\/ceb:Message>/, '<ceb:Message/>')).extend?.message).toBe('');
    expect(insertSignature(writeMessage(ceb603, { guid: GUID, transfer, documents: [list] }), signature)).toContain(
      `</ceb:BaseTransfer>${signature}</ceb:CEB603Message>`,
    );
  });

  it('refuses what XML or the message cannot hold', () => {
    const write = (head: Record<string, string | undefined>) => () =>
      writeDocument(ceb603, {
        ...list,
        InventoryHead: { ...list.InventoryHead, ...head } as typeof list.InventoryHead,
      });
    expect(write({ note: 'a\u0000b' })).toThrow(WriteError);
    expect(write({ note: 'x\uD800' })).toThrow(/U\+D800/);
    expect(write({ copNo: '' })).toThrow(/WRITE-MISSING InventoryHead\/copNo/);
    const without = (name: 'copNo' | 'netWeight') => () => {
      const { [name]: _, ...head } = list.InventoryHead;
      return writeDocument(ceb603, { ...list, InventoryHead: head as typeof list.InventoryHead });
    };
    expect(without('copNo')).toThrow(/WRITE-MISSING InventoryHead\/copNo/);
    expect(without('netWeight')).toThrow(/WRITE-MISSING InventoryHead\/netWeight/);
    expect(write({ note: '😀 \t\n' })).not.toThrow();
    expect(() => writeDocument(ceb603, { ...list, InventoryList: [] })).toThrow(/WRITE-COUNT/);
    expect(() => writeMessage(ceb603, { guid: GUID, documents: [list] })).toThrow(/WRITE-TRANSFER/);
    expect(() => writeMessage(ceb603, { guid: GUID, transfer, documents: [] })).toThrow(/WRITE-COUNT/);
    expect(() =>
      writeMessage(ceb603, { guid: GUID, transfer, documents: Array.from({ length: 101 }, () => list) }),
    ).toThrow(/WRITE-COUNT/);
  });
});

describe('reading what others wrote', () => {
  const receipt = (body: string, root = 'CEB604Message') =>
    `<ceb:${root} xmlns:ceb="http://www.chinaport.gov.cn/ceb" guid="${GUID}" version="1.0">${body}</ceb:${root}>`;
  const node =
    '<ceb:InventoryReturn><ceb:guid>g</ceb:guid><ceb:copNo>C1</ceb:copNo><ceb:preNo/><ceb:returnStatus>120</ceb:returnStatus></ceb:InventoryReturn>';
  const rules = (xml: string) => readMessage(xml).problems.map((p) => `${p.rule} ${p.level}`);

  it('reads receipts, with other prefixes and CDATA too', () => {
    expect(readMessage(receipt(node))).toMatchObject({
      ok: true,
      message: 'CEB604Message',
      documents: [{ guid: 'g', copNo: 'C1', returnStatus: '120' }],
      problems: [],
    });
    const other = `<m:CEB604Message xmlns:m="http://www.chinaport.gov.cn/ceb" guid="${GUID}" version="1.0"><m:InventoryReturn><m:returnInfo><![CDATA[<退单>]]></m:returnInfo></m:InventoryReturn></m:CEB604Message>`;
    expect(readMessage(`\uFEFF${other}`)).toMatchObject({
      ok: true,
      documents: [{ returnInfo: '<退单>' }],
      problems: [],
    });
    expect(readAs(ceb604, receipt(node)).documents?.[0]?.copNo).toBe('C1');
    expect(readAs(ceb303, receipt(node)).documents).toBeUndefined();
  });
  it('reads a hundred nodes, and tells of more', () => {
    expect(readMessage(receipt(node.repeat(100))).problems).toEqual([]);
    expect(rules(receipt(node.repeat(101)))).toEqual(['READ-COUNT doubt']);
    expect(rules(receipt(''))).toEqual(['READ-COUNT doubt']);
  });
  it('says what is odd and reads on', () => {
    const odd = receipt(
      node
        .replace(
          '<ceb:copNo>C1</ceb:copNo>',
          '<ceb:copNo>C1</ceb:copNo><ceb:copNo>C2</ceb:copNo><ceb:extra><ceb:deep>1</ceb:deep></ceb:extra>stray',
        )
        .replace('<ceb:preNo/>', '<ceb:guid>h</ceb:guid>'),
    );
    const result = readMessage(odd);
    expect(result.documents).toEqual([{ guid: 'g', copNo: 'C1', returnStatus: '120' }]);
    expect(result.problems.map((p) => p.rule).sort()).toEqual([
      'READ-DUPLICATE',
      'READ-DUPLICATE',
      'READ-TEXT',
      'READ-UNKNOWN',
    ]);
    expect(rules(receipt(node).replace(GUID, GUID.toLowerCase()))).toEqual(['READ-GUID note']);
    expect(rules(receipt(node).replace('http://www.chinaport.gov.cn/ceb', 'urn:other'))).toEqual([
      'READ-NAMESPACE doubt',
    ]);
    const swapped = '<ceb:InventoryReturn><ceb:copNo>C</ceb:copNo><ceb:guid>g</ceb:guid></ceb:InventoryReturn>';
    expect(rules(receipt(swapped))).toEqual(['READ-ORDER note']);
  });
  it('takes the first of two BaseTransfer', () => {
    const xml = writeMessage(ceb603, { guid: GUID, transfer, documents: [list] });
    const block = /<ceb:BaseTransfer>.*<\/ceb:BaseTransfer>/.exec(xml)?.[0] ?? '';
    const result = readMessage(xml.replace(block, block + block.replace('DXPENT0000000001', 'OTHER')));
    expect(result.transfer?.dxpId).toBe('DXPENT0000000001');
    expect(result.problems.map((p) => p.rule)).toEqual(['READ-DUPLICATE']);
    expect(rules(xml.replace(block, ''))).toEqual(['READ-TRANSFER doubt']);
  });
  it('answers garbage with data', () => {
    expect(rules('')).toEqual(['READ-SYNTAX reject']);
    expect(rules('{"a":1}')).toEqual(['READ-SYNTAX reject']);
    expect(rules(receipt(node).slice(0, -9))).toEqual(['READ-SYNTAX reject']);
    expect(rules(receipt('<ceb:InventoryReturn>&nbsp;</ceb:InventoryReturn>'))).toEqual(['READ-SYNTAX reject']);
    expect(rules(receipt(node, 'CEB999Message'))).toEqual(['READ-ROOT reject']);
    expect(rules(`<!DOCTYPE x [<!ENTITY e "boom">]>${receipt(node)}`)).toEqual(['READ-DOCTYPE reject']);
    expect(readMessage(`<!DOCTYPE x>${receipt(node)}`)).toMatchObject({ ok: false, documents: [] });
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('<', '>', '/', '&', ';', 'c', 'e', 'b', ':', '"', '=', ' ', '!', '[', ']', '-', '中'),
        }),
        (text) => !readMessage(text).ok,
      ),
    );
    fc.assert(
      fc.property(
        fc.nat(400),
        (cut) => readMessage(receipt(node).slice(0, cut)).documents.length === 0 || cut >= receipt(node).length,
      ),
    );
  });
  it('takes coded remarks out of a receipt text', () => {
    expect(parseReturnInfo('[Code:1800;Desc:逻辑校验通过][Code:2600;Desc:放行]')).toEqual([
      { code: '1800', text: '逻辑校验通过' },
      { code: '2600', text: '放行' },
    ]);
    expect(parseReturnInfo('[Code:1300 人工退单]')).toEqual([{ code: '1300', text: '人工退单' }]);
    expect(parseReturnInfo('新增申报成功[4CDE]')).toEqual([]);
  });
});

describe('field checks', () => {
  it('pass a sound document', () => {
    expect(validateDocument(ceb603, list, tables)).toEqual([]);
    expect(validateTransfer(transfer)).toEqual([]);
    expect(validateTransfer({ ...transfer, dxpMode: 'ABC' }).map((f) => f.rule)).toEqual(['DOC-VALUE']);
  });
  it.each<[string, Record<string, string>]>([
    ['DOC-REQUIRED InventoryHead/orderNo', { orderNo: '' }],
    ['DOC-REQUIRED InventoryHead/orderNo', { orderNo: '  ' }],
    ['DOC-TOO-LONG InventoryHead/logisticsNo', { logisticsNo: 'x'.repeat(33) }],
    ['DOC-TOO-SHORT InventoryHead/POD', { POD: '50' }],
    ['DOC-LENGTH InventoryHead/customsCode', { customsCode: '640' }],
    ['DOC-CODE InventoryHead/customsCode', { customsCode: '6499' }],
    ['DOC-CODE InventoryHead/country', { country: 'USA' }],
    // A name where a code belongs is no code, whatever its length.
    ['DOC-CODE InventoryHead/country', { country: '火星殖民地' }],
    ['DOC-VALUE InventoryHead/statisticsFlag', { statisticsFlag: 'C' }],
    ['DOC-DATE InventoryHead/ieDate', { ieDate: '20260230' }],
    ['DOC-TIME InventoryHead/appTime', { appTime: '20261120250000' }],
    ['DOC-GUID InventoryHead/guid', { guid: 'a1b2c3d4-0000-4000-8000-000000000001' }],
    ['DOC-NOT-DECIMAL InventoryHead/freight', { freight: '1,000' }],
    ['DOC-NOT-DECIMAL InventoryHead/freight', { freight: '1e5' }],
    ['DOC-FRACTION InventoryHead/netWeight', { netWeight: '0.123456' }],
    ['DOC-DIGITS InventoryHead/netWeight', { netWeight: '123456789012345' }],
    ['DOC-NEGATIVE InventoryHead/freight', { freight: '-1' }],
    ['DOC-NOT-INTEGER InventoryHead/packNo', { packNo: '1.0' }],
    ['DOC-DIGITS InventoryHead/packNo', { packNo: '1234567890' }],
    ['DOC-CHARACTER InventoryHead/note', { note: 'a\u0001' }],
    ['DOC-BLANKS InventoryHead/copNo', { copNo: 'C1 ' }],
    ['DOC-EXPONENT InventoryHead/copNo', { copNo: '6.93E+12' }],
    ['DOC-REQUIRED-WHEN InventoryHead/emsNo', { tradeMode: '1210', iacCode: '1', iacName: '1' }],
  ])('find %s', (expected, head) => {
    expect(findings((copy) => Object.assign(copy.InventoryHead, head))).toContain(expected);
  });
  it('find lines by number, none and too many', () => {
    expect(findings((copy) => copy.InventoryList.push({ ...copy.InventoryList[0], unit: 'kg' }))).toEqual([
      'DOC-LENGTH InventoryList[2]/unit',
    ]);
    expect(findings((copy) => copy.InventoryList.splice(0))).toEqual(['DOC-NO-LINES InventoryList']);
    expect(
      findings((copy) => copy.InventoryList.push(...Array.from({ length: 100 }, () => ({ ...copy.InventoryList[0] })))),
    ).toEqual(['DOC-TOO-MANY-LINES InventoryList']);
    expect(validateAny(ceb603, {}, tables).length).toBeGreaterThan(20);
  });
  it('count characters, not code units', () => {
    expect(characterLength('😀'.repeat(32))).toBe(32);
    expect(characterLength('\uD800\uD800')).toBe(2);
    expect(findings((copy) => Object.assign(copy.InventoryHead, { logisticsNo: '😀'.repeat(32) }))).toEqual([]);
  });
});

describe('the goods declaration', () => {
  const head =
    '<DecHead><SeqNo>I20260000000000001</SeqNo><IEFlag>E</IEFlag><AgentCode>4601960123</AgentCode><AgentName>演示报关行</AgentName>' +
    '<CustomMaster>6407</CustomMaster><DistinatePort>USA000</DistinatePort><GrossWet>12.5</GrossWet><IEPort>6407</IEPort><NetWt>11</NetWt>' +
    '<OwnerName>演示商贸</OwnerName><PackNo>2</PackNo><TradeCode>4601960123</TradeCode><TradeCountry>USA</TradeCountry><TradeMode>0110</TradeMode>' +
    '<TradeName>演示商贸</TradeName><TrafMode>5</TrafMode><TransMode>3</TransMode><WrapType>22</WrapType><EdiId>1</EdiId><CopName>演示商贸</CopName>' +
    '<CopCode>4601960123</CopCode><EntryType>M</EntryType><TypistNo>8930000012345</TypistNo><InputerName>王五</InputerName><DeclTrnRel>0</DeclTrnRel>' +
    '<OwnerCodeScc>91460000MA5DEMQ01X</OwnerCodeScc><AgentCodeScc>91460000MA5DEMQ01X</AgentCodeScc><TradeCoScc>91460000MA5DEMQ01X</TradeCoScc>' +
    '<PromiseItmes>00000</PromiseItmes><TradeAreaCode>USA</TradeAreaCode><DespPortCode></DespPortCode><EntyPortCode>460101</EntyPortCode>' +
    '<GoodsPlace></GoodsPlace><DeclareName>王五</DeclareName><NoOtherPack>0</NoOtherPack></DecHead>';
  const item = (no: string, licences = '') =>
    `<DecList><CodeTS>6912001000</CodeTS><DeclPrice>12.5</DeclPrice><DutyMode>1</DutyMode><GModel>1|0|陶瓷&amp;瓷</GModel><GName>陶瓷杯</GName><GNo>${no}</GNo>` +
    '<OriginCountry>USA</OriginCountry><TradeCurr>USD</TradeCurr><DeclTotal>25</DeclTotal><GQty>2</GQty><FirstQty>5.5</FirstQty><GUnit>007</GUnit>' +
    '<FirstUnit>035</FirstUnit><DestinationCountry>CHN</DestinationCountry><CiqCode></CiqCode><DistrictCode>46019</DistrictCode>' +
    `${licences}</DecList>`;
  const licences =
    '<DecGoodsLimits><DecGoodsLimit><GoodsNo>2</GoodsNo><LicTypeCode>619</LicTypeCode><LicenceNo>L1</LicenceNo></DecGoodsLimit>' +
    '<DecGoodsLimit><GoodsNo>2</GoodsNo><LicTypeCode>411</LicTypeCode><LicenceNo>L2</LicenceNo>' +
    '<DecGoodsLimitVin><LicenceNo>L2</LicenceNo><LicTypeCode>411</LicTypeCode><VinNo>1</VinNo></DecGoodsLimitVin></DecGoodsLimit></DecGoodsLimits>' +
    '<MnufctrRegNo>R1</MnufctrRegNo>';
  const rest =
    '<DecContainers><Container><ContainerId>TEMU1234567</ContainerId><ContainerMd>21</ContainerMd><GoodsNo>1,2</GoodsNo></Container></DecContainers>' +
    '<DecLicenseDocus></DecLicenseDocus><DecFreeTxt><VoyNo>123</VoyNo></DecFreeTxt>' +
    '<DecSign><OperType>G</OperType><ClientSeqNo>P20261120000000001</ClientSeqNo><Sign></Sign><SignDate>2026112009300000</SignDate><HostId></HostId></DecSign>' +
    '<EdocRealation><EdocID>PB-1</EdocID><EdocCode>10000004</EdocCode><EdocFomatType>S</EdocFomatType><OpNote></OpNote><EdocCopId></EdocCopId>' +
    '<EdocOwnerCode></EdocOwnerCode><SignUnit></SignUnit><SignTime></SignTime></EdocRealation>';
  const golden =
    '<?xml version="1.0" encoding="UTF-8"?>\n<DecMessage xmlns="http://www.chinaport.gov.cn/dec" Version="3.1">' +
    `${head}<DecLists>${item('1')}${item('2', licences)}</DecLists>${rest}</DecMessage>`;

  it('is read with its groups and written back as it was', () => {
    const read = readAs(decMessage, golden);
    expect(read.problems).toEqual([]);
    expect(read).toMatchObject({ ok: true, message: 'DecMessage', guid: '', version: '3.1', signed: false });
    const document = read.documents?.[0];
    if (document === undefined) throw new Error('nothing read');
    expect(document).toMatchObject({
      DecHead: { SeqNo: 'I20260000000000001', TradeMode: '0110' },
      DecList: [
        { GNo: '1', GModel: '1|0|陶瓷&瓷' },
        { DecGoodsLimit: [{ LicenceNo: 'L1' }, { DecGoodsLimitVin: [{ VinNo: '1' }] }], MnufctrRegNo: 'R1' },
      ],
      Container: [{ ContainerId: 'TEMU1234567', GoodsNo: '1,2' }],
      DecFreeTxt: { VoyNo: '123' },
      DecSign: { ClientSeqNo: 'P20261120000000001' },
      EdocRealation: [{ EdocCode: '10000004' }],
    });
    expect(document.LicenseDocu).toBeUndefined();
    expect(validateDocument(decMessage, document, new Map())).toEqual([]);
    expect(schemaOf(decMessage).safeParse(document).success).toBe(true);
    expect(draftSchemaOf(decMessage).safeParse({ ...document, Container: [{ odd: '1' }] }).success).toBe(false);
    expect(writeMessage(decMessage, { guid: GUID, documents: [document] })).toBe(golden);
  });

  it('says what is odd in its groups and reads on', () => {
    const odd = golden
      .replace('<VoyNo>123</VoyNo>', '<VoyNo>123</VoyNo><VoyNo>4</VoyNo><Extra><a>1</a></Extra>stray')
      .replace('</DecContainers>', '<Odd/></DecContainers>')
      .replace('<DecSign>', '<DecSign><Note>n</Note>');
    const read = readMessage(odd);
    expect(read.problems.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
      'READ-UNKNOWN Odd',
      'READ-DUPLICATE DecFreeTxt/VoyNo',
      'READ-UNKNOWN DecFreeTxt/Extra',
      'READ-TEXT DecFreeTxt/',
      'READ-ORDER DecSign/OperType',
      ...['ClientSeqNo', 'Sign', 'SignDate', 'HostId'].map((name) => `READ-ORDER DecSign/${name}`),
    ]);
    expect(read.documents[0]).toMatchObject({ DecFreeTxt: { VoyNo: '123' }, DecSign: { Note: 'n', OperType: 'G' } });
    expect(readMessage(golden.replaceAll('/dec"', '/ceb"')).problems.map(({ rule }) => rule)).toEqual([
      'READ-NAMESPACE',
    ]);
    expect(readMessage(golden.slice(0, -20))).toMatchObject({ ok: false, documents: [] });
    expect(readMessage(golden.replace(/<DecSign>.*<\/DecSign>/, '')).problems).toMatchObject([
      { rule: 'READ-COUNT', path: 'DecSign' },
    ]);
  });

  it('is checked in every group, with paths that lead there', () => {
    const { documents } = readMessage(golden);
    const [document = {}] = documents;
    const copy = structuredClone(document) as Record<string, Record<string, unknown>[]> & {
      DecSign?: Record<string, string>;
    };
    Object.assign(copy['Container']?.[0] ?? {}, { LclFlag: '10' });
    Object.assign(copy.DecSign ?? {}, { ClientSeqNo: '1' });
    Object.assign(copy['DecList']?.[1] ?? {}, { DecGoodsLimit: [{ GoodsNo: '2', LicTypeCode: '619' }] });
    expect(validateAny(decMessage, copy, new Map()).map(({ rule, path }) => `${rule} ${path}`)).toEqual([
      'DOC-REQUIRED DecList[2]/DecGoodsLimit[1]/LicenceNo',
      'DOC-LENGTH Container[1]/LclFlag',
      'DOC-LENGTH DecSign/ClientSeqNo',
    ]);
    const { DecSign: _, ...unsigned } = structuredClone(document) as Record<string, unknown>;
    expect(validateAny(decMessage, unsigned, new Map()).map(({ rule }) => rule)).toEqual(['DOC-NO-LINES']);
    expect(() => writeMessage(decMessage, { guid: GUID, documents: [unsigned as never] })).toThrow(/DecSign\/OperType/);
    const many = { ...document, LicenseDocu: Array.from({ length: 8 }, () => ({ DocuCode: '1', CertCode: 'c' })) };
    expect(() => writeMessage(decMessage, { guid: GUID, documents: [many as never] })).toThrow(
      /WRITE-COUNT LicenseDocu/,
    );
  });

  it('is answered by messages of other roots', () => {
    const technical =
      '<DecImportResponse xmlns="http://www.chinaport.gov.cn/dec"><ResponseCode>0</ResponseCode><ErrorMessage>成功</ErrorMessage>' +
      '<ClientSeqNo>P20261120000000001</ClientSeqNo><SeqNo>I20260000000000001</SeqNo></DecImportResponse>';
    const response = readAs(decImportResponse, technical);
    expect(response.problems).toEqual([]);
    expect(response.documents?.[0]).toMatchObject({ ResponseCode: '0', SeqNo: 'I20260000000000001' });
    expect(writeMessage(decImportResponse, { guid: '', documents: response.documents ?? [] })).toContain(technical);
    const business =
      '<DEC_RESULT><CUS_CIQ_NO>I20260000000000001</CUS_CIQ_NO><ENTRY_ID>640720260000000001</ENTRY_ID>' +
      '<NOTICE_DATE>2026-11-20T10:00:00</NOTICE_DATE><CHANNEL>P</CHANNEL><NOTE>放行</NOTE></DEC_RESULT>';
    const state = readAs(decResult, business);
    expect(state.problems).toEqual([]);
    expect(state.documents?.[0]?.CHANNEL).toBe('P');
    const old = readMessage(`<DEC_DATA>${business.replaceAll('CUS_CIQ_NO', 'SEQ_NO')}</DEC_DATA>`);
    expect(old.problems).toEqual([]);
    expect(old.documents[0]).toMatchObject({ DEC_RESULT: { SEQ_NO: 'I20260000000000001', CHANNEL: 'P' } });
  });
});

describe('what is made from the tables', () => {
  it('zod schemas speak with rule ids', () => {
    const schema = schemaOf(ceb603, tables);
    expect(schema.safeParse(list).success).toBe(true);
    const wrong = schema.safeParse({ ...list, InventoryList: [{ ...list.InventoryList[0], gcode: '61' }] });
    expect(wrong.error?.issues.map((i) => [i.message, i.path])).toEqual([
      ['DOC-LENGTH', ['InventoryList', 0, 'gcode']],
    ]);
    expect(schema.safeParse({ ...list, extra: 1 }).success).toBe(false);
    expect(draftSchemaOf(ceb603).safeParse({ InventoryHead: { orderNo: '1' }, InventoryList: [] }).success).toBe(true);
    expect(draftSchemaOf(ceb603).safeParse({ InventoryHead: { orderNo: 1 }, InventoryList: [] }).success).toBe(false);
    expect(pathSegments('InventoryList[2]/gcode')).toEqual(['InventoryList', 1, 'gcode']);
  });
  it.each(messageNames)('%s has labels, headers and a page', (name: MessageName) => {
    const spec: MessageSpec = catalogue[name];
    for (const field of fieldsOf(spec)) {
      expect(field.spec.zh, field.path).toMatch(/\S/);
      expect(field.spec.en, field.path).toMatch(/^[A-Z]/);
    }
    const headers = headersOf(spec);
    expect(new Set(headers.map((h) => h.zh)).size).toBe(headers.length);
    expect(new Set(headers.map((h) => h.code)).size).toBe(headers.length);
    expect(describeMessage(spec)).toContain(name);
    expect(describeMessage(spec, 'en')).toContain('| Field |');
    const names = [spec.head, ...(spec.parts ?? [])].flatMap(({ fields }) => fields.map((f) => f.name));
    for (const key of [...spec.businessKey, ...Object.keys(spec.answers?.match ?? {})]) expect(names).toContain(key);
    const answer = spec.receipt === undefined ? undefined : specOf(spec.receipt);
    if (spec.receipt !== undefined) expect(answer?.answers?.message).toBe(name);
    // Every request says by which number it is known, and its receipt brings that number back.
    expect(spec.kind === 'request').toBe(spec.number !== undefined);
    expect(answer?.head.fields.map((f) => f.name) ?? [spec.number]).toContain(spec.number);
    for (const group of [spec.head, spec.lines, ...(spec.parts ?? [])])
      for (const field of group?.main ?? []) expect(group?.fields.map((f) => f.name)).toContain(field);
  });
});

// The specification itself lies beside the project on some machines only.
const beside = new URL('../../../shared/domain/', import.meta.url);
const hasBeside = existsSync(new URL('ceb-fields.json', beside));
interface OfficialField {
  readonly path: string;
  readonly occurs: readonly [number, number | null];
  readonly group?: boolean;
  readonly kind?: string;
  readonly length?: number;
  readonly min?: number;
  readonly max?: number;
  readonly digits?: number;
  readonly fraction?: number;
  readonly values?: Record<string, string>;
}

const officialNames = messageNames.filter((name) => catalogue[name].family === 'ceb');
describe.skipIf(!hasBeside)(
  'against the official field tables (skipped: no ../shared/domain beside the project)',
  () => {
    const official = hasBeside
      ? (JSON.parse(readFileSync(new URL('ceb-fields.json', beside), 'utf8')) as Record<
          string,
          { fields: OfficialField[] }
        >)
      : {};
    it.each(officialNames)('%s agrees field by field', (name) => {
      const ours = schemaEntriesOf(catalogue[name]).map(({ path, occurs, field }) => ({
        path,
        occurs: occurs.map((bound) => (bound === UNBOUNDED ? null : bound)),
        kind: field?.kind,
        length: field?.kind === 'text' ? field.length : undefined,
        min: field?.kind === 'text' ? field.min : undefined,
        max: field?.kind === 'text' ? field.max : undefined,
        digits: field?.kind === 'text' ? undefined : field?.digits,
        fraction: field?.kind === 'decimal' ? field.fraction : undefined,
      }));
      // Where the schema leaves an integer open we hold it to the digits of its kind; an element that must be there is never empty.
      const open = new Set(
        (official[name]?.fields ?? []).filter((f) => f.kind === 'integer' && f.digits === undefined).map((f) => f.path),
      );
      for (const one of ours) if (open.has(one.path)) one.digits = undefined;
      const theirs = (official[name]?.fields ?? []).map((f) => ({
        path: f.path,
        occurs: [...f.occurs],
        kind: f.kind === 'signature' || f.kind === 'xml' || f.group ? undefined : f.kind,
        length: f.length,
        min: f.path === 'BaseTransfer/copCode' ? undefined : f.min,
        max: f.max,
        digits: f.digits,
        fraction: f.fraction,
      }));
      expect(ours).toEqual(theirs);
    });
    it.each(officialNames)('%s allows no value that the schema does not know', (name) => {
      const theirs = new Map((official[name]?.fields ?? []).map((f) => [f.path, f.values]));
      for (const { path, field } of schemaEntriesOf(catalogue[name])) {
        const values = theirs.get(path);
        if (field?.kind === 'text' && field.values !== undefined && values !== undefined)
          for (const code of Object.keys(field.values)) expect(Object.keys(values), path).toContain(code);
      }
    });
    const folder = (name: string): string[] =>
      hasBeside ? readdirSync(new URL(`samples/${name}/`, beside)).filter((f) => f.endsWith('.xml')) : [];
    it.each(folder('valid'))('reads %s and writes it back', (file) => {
      const xml = readFileSync(new URL(`samples/valid/${file}`, beside), 'utf8');
      const result = readMessage(xml);
      expect(result.problems).toEqual([]);
      expect(result.documents.length).toBe(1);
      const spec = specOf(result.message ?? '');
      if (spec === undefined || result.transfer === undefined) throw new Error(file);
      for (const document of result.documents)
        expect(validateAny(spec, document, tables).filter((f) => f.level === 'reject')).toEqual([]);
      const signature = /<ds:Signature.*<\/ds:Signature>/s.exec(xml)?.[0];
      const again = writeMessage(spec, {
        guid: result.guid,
        transfer: result.transfer,
        ...(signature === undefined ? {} : { signature }),
        documents: result.documents as AnyDocument[] as DocumentOf<typeof spec>[],
      });
      expect(again.replace(/^.*\n/, '').replace(/>\s+</g, '><')).toBe(
        xml.replace(/^.*\n/, '').replace(/>\s+</g, '><').trim(),
      );
    });
    it.each(folder('ceb-2022'))('reads the official sample %s, says what is odd and writes it back', (file) => {
      const xml = readFileSync(new URL(`samples/ceb-2022/${file}`, beside), 'utf8');
      const result = readMessage(xml);
      expect(result.ok).toBe(true);
      expect(result.problems.filter((p) => p.level === 'reject')).toEqual([]);
      const isOdd = !/^[0-9A-F-]{36}$/.test(result.guid);
      expect(result.problems.some((p) => p.rule === 'READ-GUID')).toBe(isOdd);
      const unknown = new Set(result.problems.filter((p) => p.rule === 'READ-UNKNOWN').map((p) => p.params['element']));
      const spec = specOf(result.message ?? '');
      if (spec === undefined) throw new Error(file);
      // Every value that stands between two tags of the sample's documents is in what was read.
      const nodes = xml.slice(xml.search(new RegExp(`[<:]${spec.node}>`)), xml.lastIndexOf(`${spec.node}>`));
      const leaves = [...nodes.matchAll(/<(?:\w+:)?(\w+)>([^<]+)<\//g)].flatMap(([, name, text]) =>
        text === undefined || text.trim() === '' || unknown.has(name ?? '') ? [] : [text],
      );
      const values = (value: unknown): string[] =>
        typeof value === 'string' ? [value] : Object.values(value as object).flatMap(values);
      const read = values(result.documents).map((text) =>
        text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
      );
      expect(read.sort()).toEqual(leaves.map((text) => text.replaceAll('&quot;', '"')).sort());
      const again = readMessage(
        writeMessage(spec, {
          guid: result.guid,
          ...(result.transfer === undefined ? {} : { transfer: result.transfer }),
          documents: result.documents as AnyDocument[] as DocumentOf<typeof spec>[],
        }),
      );
      expect(again.documents).toEqual(result.documents);
      expect(again.transfer).toEqual(result.transfer);
    });
  },
);
