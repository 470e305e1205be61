import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentArbitrary } from './arbitraries.testing.ts';
import { ceb604 } from './index.ts';
import { writeMessage } from './write.ts';
import { parsePlain, parseXml, type XmlEvents, XmlFault } from './xml.ts';

/** What a parser tells, in words; neighbouring texts are one. */
function heard(parse: (events: XmlEvents) => unknown): { readonly said: readonly string[]; readonly answer: unknown } {
  const said: string[] = [];
  let text = '';
  const say = (words: string): void => {
    if (text !== '') said.push(`text ${text}`);
    text = '';
    said.push(words);
  };
  const answer = parse({
    root: (local, uri, attribute) =>
      say(`root {${uri}}${local} ${['guid', 'version', 'xmlns', 'a', 'b'].map(attribute).join('|')}`),
    open: (local, uri, end) => say(`open {${uri}}${local} ${end}`),
    text: (chunk) => {
      // Blanks around the root are nobody's text.
      if (said.length > 0) text += chunk;
    },
    close: (end) => say(`close ${end}`),
  });
  return { said, answer };
}

const plain = (xml: string) => heard((events) => parsePlain(xml, events));
const full = (xml: string) =>
  heard((events) => {
    try {
      parseXml(xml, events);
      return true;
    } catch (fault) {
      if (!(fault instanceof XmlFault)) throw fault;
      return false;
    }
  });

/** The quick parser may leave a text to the other; what it takes, both tell alike. */
function agree(xml: string): void {
  const quick = plain(xml);
  if (quick.answer === true) expect(quick).toEqual(full(xml));
}

describe('the plain form', () => {
  const receipts = (count: number): string =>
    writeMessage(ceb604, {
      guid: 'A1B2C3D4-0000-4000-8000-0000000000F0',
      documents: Array.from({ length: count }, (_, at) => ({
        guid: 'g',
        customsCode: '6407',
        ebpCode: '无',
        ebcCode: 'e',
        agentCode: 'a',
        orderNo: `O${at}`,
        statisticsFlag: 'A',
        copNo: `C${at}`,
        preNo: 'p',
        invtNo: 'i',
        returnStatus: '800',
        returnTime: '20261121120000000',
        returnInfo: '[Code:2600;Desc:放行]，好',
      })),
    });

  it.each([
    receipts(3),
    '<a/>'.replace('/', '></a'),
    '\n<a >\n <b/>\t<c>x>y ] ]] "</c></a> \n',
    '<?xml version="1.0"?><p:a xmlns:p="urn:p" xmlns="urn:d" a="1 > 2"><p:b/><b>é中</b></p:a>',
  ])('is told as by the full parser: %s', (xml) => {
    expect(plain(xml).answer).toBe(true);
    expect(plain(xml)).toEqual(full(xml));
  });

  it.each([
    '',
    'a',
    '<a>',
    '<a><b',
    '<a><b>',
    '<a></b>',
    '<a><b></a></b>',
    '<a></a >',
    '<a></a><a></a>',
    '<a></a>x',
    'x<a></a>',
    '<a>]]></a>',
    '<a>&amp;</a>',
    '<a>&e;</a>',
    '<a>\r\n</a>',
    '<a>\u0001</a>',
    '<a>\ufffe</a>',
    '<a>\ud800</a>',
    '<a>😀</a>',
    '<a><!-- --></a>',
    '<a><![CDATA[x]]></a>',
    '<a><?p q?></a>',
    '<!DOCTYPE a><a></a>',
    '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
    '<?xml version="1.1"?><a></a>',
    ' <?xml version="1.0"?><a></a>',
    '<p:a></p:a>',
    '<a><p:b/></a>',
    '<a><xml:b/></a>',
    '<a><xmlns:b/></a>',
    '<a><b c="d"/></a>',
    '<a><1/></a>',
    '<a><b:/></a>',
    '<a></></a>',
    '<a a="1" a="2"></a>',
    '<a a="<"></a>',
    '<a a="&lt;"></a>',
    '<a a="\t"></a>',
    "<a a='1'></a>",
    '<a a="1"b="2"></a>',
    '<a p:a="1"></a>',
    '<a xmlns:p=""></a>',
    '<a xmlns:p=" "></a>',
    '<a xmlns:xml="urn:x"></a>',
    '<a xmlns:xmlns="urn:x"></a>',
    '<a xmlns:p="http://www.w3.org/2000/xmlns/"></a>',
    '<a xmlns="http://www.w3.org/XML/1998/namespace"></a>',
  ])('is not %j', (xml) => {
    expect(plain(xml).answer).toBe(false);
  });

  it('is told as by the full parser, whatever is done to it', () => {
    const scraps = [
      '<',
      '>',
      '/',
      '</',
      '/>',
      '&',
      ';',
      '"',
      '=',
      ':',
      ' ',
      '\n',
      '\r',
      '!',
      '?',
      '-',
      ']]>',
      'a',
      'p:',
    ];
    const more = [
      'xmlns="u"',
      'xmlns:p="u"',
      ' a="1"',
      '<a>',
      '</a>',
      '<p:a>',
      '</p:a>',
      '<a/>',
      '中',
      '\ud83d',
      '\u0002',
    ];
    const scrap = fc.constantFrom(...scraps, ...more);
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 14 }), (between) => {
        agree(between.join(''));
        agree(`<a>${between.join('')}</a>`);
        agree(`<p:a xmlns:p="urn:p" ${between.join('')}</p:a>`);
      }),
      { numRuns: 2000 },
    );
    const whole = receipts(1);
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(6), scrap, (at, cut, put) => {
        agree(whole.slice(0, at) + put + whole.slice(at + cut));
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(documentArbitrary(ceb604), (document) =>
        agree(writeMessage(ceb604, { guid: 'G', documents: [document as never] })),
      ),
      { numRuns: 100 },
    );
  });
});
