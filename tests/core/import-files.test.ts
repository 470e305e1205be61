import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delimiterOf, encodingOf } from '../../electron/core/importers/csv.ts';
import { openSource } from '../../electron/core/importers/source.ts';
import { openXlsx } from '../../electron/core/importers/xlsx.ts';
import { XmlScanner } from '../../electron/core/importers/xml-scan.ts';
import { PortbookError } from '../../shared/errors.ts';
import { cellKinds, type SourceRow } from '../../shared/import/cells.ts';

let folder = '';
const at = (name: string) => path.join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-files-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function rowsOf(file: string): Promise<SourceRow[]> {
  const source = await openSource(file);
  const rows: SourceRow[] = [];
  await source.rows.read(source.rows.sheets[0] ?? '', (row) => {
    rows.push(row);
    return true;
  });
  return rows;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof PortbookError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

/** A zip as any program would write it; `lie` changes what the directory claims. */
function zip(files: Readonly<Record<string, string | Buffer>>, lie: { size?: number; crc?: number } = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(8, 8);
    head.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(lie.crc ?? crc32(bytes), 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(lie.size ?? bytes.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, Buffer.from(name));
    parts.push(head, Buffer.from(name), packed);
    offset += 30 + name.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, end]);
}

/** A workbook of one sheet from the text of its rows. */
function workbook(
  rows: string,
  more: { strings?: string; styles?: string; workbookPr?: string } = {},
): Record<string, string> {
  return {
    'xl/workbook.xml': `<x:workbook xmlns:x="m" xmlns:r="r">${more.workbookPr ?? ''}<x:sheets><x:sheet name="A &amp; B" sheetId="9" r:id="rId7"/></x:sheets></x:workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId7" Type="t" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<?xml version="1.0"?><!-- c --><worksheet><sheetData>${rows}</sheetData></worksheet>`,
    ...(more.strings === undefined ? {} : { 'xl/sharedStrings.xml': more.strings }),
    ...(more.styles === undefined ? {} : { 'xl/styles.xml': more.styles }),
  };
}

async function read(files: Record<string, string>, name = 'made.xlsx'): Promise<SourceRow[]> {
  writeFileSync(at(name), zip(files));
  return rowsOf(at(name));
}

describe('an .xlsx', () => {
  it('gives every kind of cell as text with its kind', async () => {
    const { text, number, date, error, empty } = cellKinds;
    const rows = await read(
      workbook(
        `<row r="3"><c r="B3" t="s"><v>0</v></c><c t="inlineStr"><is><r><t>in</t></r><r><t xml:space="preserve"> line</t></r><rPh><t>x</t></rPh></is></c>` +
          `<c t="str"><f>A1</f><v>a &lt;b&gt; &amp;amp; &#x4E2D;</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c s="1"><v>40513.5</v></c>` +
          `<c s="2"><v>40513</v></c><c><v>2.5499999999999998</v></c><c><f>1/3</f></c><c t="d"><v>2026-11-20T08:00:00</v></c><c><v><![CDATA[7]]></v></c></row>` +
          `<row/><row r="9"><c r="A9"/></row><row r="10"><c r="AA10"><v>5</v></c></row>`,
        {
          strings: `<sst><si><r><t>甲</t></r><r><t>_x4E59_</t></r><rPh sb="0"><t>yi</t></rPh></si></sst>`,
          styles: `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="170"/></cellXfs></styleSheet>`,
        },
      ),
    );
    expect(rows.map(({ no }) => no)).toEqual([3, 10]);
    expect(rows[0]?.texts).toEqual([
      '',
      '甲乙',
      'in line',
      'a <b> &amp; 中',
      'TRUE',
      '#N/A',
      '2010-12-01 12:00:00',
      '2010-12-01',
      '2.55',
      '#FORMULA',
      '2026-11-20 08:00:00',
      '7',
    ]);
    expect(rows[0]?.kinds).toEqual([empty, text, text, text, text, error, date, date, number, error, date, number]);
    expect(rows[1]?.texts).toHaveLength(27);
  });

  it('may count its days from 1904', async () => {
    const styles = `<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>`;
    const rows = await read(
      workbook(`<row><c><v>39051</v></c></row>`, { styles, workbookPr: `<x:workbookPr date1904="1"/>` }),
    );
    expect(rows[0]?.texts).toEqual(['2010-12-01']);
  });

  it('is read as exceljs has written it, in shared strings and inline, however odd', async () => {
    const cell = fc.oneof(
      fc
        .string({ unit: 'grapheme', maxLength: 20 })
        .map((text) => text.replace(/\p{Cc}/gu, '').replace(/_x[0-9a-f]{4}_/gi, '')),
      fc.integer({ min: -999_999, max: 999_999 }),
      fc.integer({ min: 1, max: 9_999_999 }).map((n) => n / 100),
      fc.constant(null),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        async (rows, useSharedStrings) => {
          const file = at('property.xlsx');
          const writer = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: file, useSharedStrings, useStyles: false });
          const sheet = writer.addWorksheet('S');
          for (const row of rows) sheet.addRow(row).commit();
          sheet.commit();
          await writer.commit();
          const texts = rows.map((row) => row.map((value) => (value === null ? '' : String(value))));
          const expected = texts.filter((row) => row.some((text) => text !== ''));
          const trim = (row: readonly string[]) => row.slice(0, row.findLastIndex((text) => text !== '') + 1);
          const seen = (await rowsOf(file)).map((row) => trim(row.texts));
          expect(seen).toEqual(expected.map(trim));
        },
      ),
      { numRuns: 40, seed: 20261121 },
    );
  });

  it('is refused when it is damaged, lies about its size, or holds more than it should', async () => {
    const files = workbook(`<row><c><v>1</v></c></row>`);
    const write = (bytes: Buffer) => {
      writeFileSync(at('bad.xlsx'), bytes);
      return codeOf(rowsOf(at('bad.xlsx')));
    };
    const good = zip(files);
    expect(await write(good)).toBe('nothing thrown');
    expect(await write(good.subarray(0, good.length - 30))).toBe('FILE_DAMAGED');
    expect(await write(zip(files, { crc: 1 }))).toBe('FILE_DAMAGED');
    expect(await write(zip(files, { size: 5 }))).toBe('FILE_DAMAGED');
    const flipped = Buffer.from(good);
    flipped[60] = (flipped[60] ?? 0) ^ 0xff;
    expect(await write(flipped)).toBe('FILE_DAMAGED');
    expect(await write(zip({ 'a.txt': 'x' }))).toBe('FILE_DAMAGED');

    const bomb = zip(workbook(`<row><c t="str"><v>${' '.repeat(3_000_000)}</v></c></row>`));
    expect(bomb.length).toBeLessThan(20_000);
    const limit = { rows: 10, fileBytes: 1e9, unpackedBytes: 1_000_000, columns: 10 } as unknown as Parameters<
      typeof openXlsx
    >[1];
    const source = await openXlsx(bomb, limit);
    expect(await codeOf(source.read('A & B', () => true))).toBe('FILE_TOO_LARGE_UNPACKED');
    const lying = await openXlsx(
      zip(workbook(`<row><c t="str"><v>${' '.repeat(3_000_000)}</v></c></row>`), { size: 100 }),
      limit,
    ).catch((error: unknown) => error);
    expect(lying).toMatchObject({ code: 'FILE_DAMAGED' });
    const many = await openXlsx(zip(workbook(`<row><c><v>1</v></c></row>`.repeat(11))), limit);
    expect(await codeOf(many.read('A & B', () => true))).toBe('FILE_TOO_MANY_ROWS');
  });
});

describe('the XML of a sheet', () => {
  const scan = (pieces: readonly string[]): string => {
    let seen = '';
    const scanner = new XmlScanner('part', {
      open: (name, attributes) => {
        seen += `<${name}${attributes.get('r') === undefined ? '' : ` ${attributes.get('r')}`}>`;
      },
      close: (name) => {
        seen += `</${name}>`;
      },
      text: (text) => {
        seen += text;
      },
    });
    for (const piece of pieces) scanner.write(piece);
    scanner.close();
    return seen;
  };

  it('is the same however it is cut into pieces', () => {
    const xml = `<?xml version="1.0"?><!-- <no> --><x:a xmlns:x='u' xmlns:r="n"><b r = '1>2' q="&lt;"/>t&amp;u<![CDATA[<raw>]]><c\n r="&#65;"></c ></x:a>`;
    const whole = scan([xml]);
    expect(whole).toBe('<a><b 1>2></b>t&u<raw><c A></c></a>');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: xml.length }), { maxLength: 12 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), xml.length];
        expect(scan(places.slice(1).map((to, i) => xml.slice(places[i], to)))).toBe(whole);
      }),
      { numRuns: 300, seed: 20261121 },
    );
  });

  it.each([
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<a>&unknown;</a>',
    '<a>&amp</a>',
    '<a>&#0;</a>',
    '<a><b></a></b>',
    '<a',
    '<a></a><b></b>',
    '<a></a>text',
    '<a b=1></a>',
    '<a b></a>',
    '<a <b></b>',
    '',
    '<a>'.repeat(200),
  ])('is refused: %s', (xml) => {
    expect(() => scan([xml])).toThrow(PortbookError);
  });
});

describe('other files', () => {
  it.each([
    ['an old workbook or one with a password', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'FILE_OLD_EXCEL'],
    ['a web page under the name of a workbook', Buffer.from('  <html><table></table></html>'), 'FILE_IS_HTML'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000', 'hex'), 'FILE_NOT_TABLE'],
    ['an XML of no known kind', Buffer.from('<?xml version="1.0"?>\n<note>hello</note>'), 'FILE_XML_UNKNOWN'],
    ['a web page as XML', Buffer.from('<?xml version="1.0"?>\n<html><body/></html>'), 'FILE_IS_HTML'],
    ['nothing', Buffer.alloc(0), 'FILE_EMPTY'],
    ['a quote that never ends', Buffer.from('a,b\n"x,y\n1,2\n'), 'CSV_BROKEN'],
  ])('%s', async (_, bytes, code) => {
    writeFileSync(at('other.xlsx'), bytes);
    expect(await codeOf(rowsOf(at('other.xlsx')))).toBe(code);
  });

  it('that are not there', async () => {
    expect(await codeOf(rowsOf(at('nowhere.csv')))).toBe('FILE_MISSING');
    expect(await codeOf(rowsOf(folder))).toBe('FILE_UNREADABLE');
  });
});

describe('a text file', () => {
  it('shows its encoding and its delimiter', () => {
    expect(encodingOf(Buffer.from('中文'))).toBe('utf8');
    expect(encodingOf(Buffer.from([0xd6, 0xd0, 0xce, 0xc4]))).toBe('gb18030');
    expect(encodingOf(Buffer.from([0xff, 0xfe, 0x41, 0]))).toBe('utf16le');
    expect(delimiterOf('a;b;c\n"1,2";3,5;4\n')).toBe(';');
    expect(delimiterOf('a\tb\n1,5\t2\n')).toBe('\t');
    expect(delimiterOf('one column\nonly\n')).toBe(',');
    expect(delimiterOf('"a, b","c; d"\n"1","2"\n')).toBe(',');
  });

  it('numbers its rows as a spreadsheet program does, blank ones and line breaks included', async () => {
    writeFileSync(at('rows.csv'), 'a,b\r\n\r\n,,\r\n"1\r\n1",2\r\n3,4,5\r\n');
    expect((await rowsOf(at('rows.csv'))).map(({ no, texts }) => [no, ...texts])).toEqual([
      [1, 'a', 'b'],
      [4, '1\r\n1', '2'],
      [5, '3', '4', '5'],
    ]);
  });
});
