import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, describe, expect, it } from 'vitest';
import { findResources } from '../../electron/core/resources.ts';
import { readMessage } from '../../shared/documents/read.ts';
import { commandLine } from '../fixtures/portbook.ts';

/** Messages from file to file by the compiled command line, without a book. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-messages-cli-'));
const at = (name: string): string => path.join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { run: portbook } = commandLine({ PORTBOOK_HOME: at('home') });

const transfer = { copCode: '4601960123', copName: '演示商贸有限公司', dxpId: 'DXPENT0000000001' };
const withdrawal = {
  guid: 'A1B2C3D4-0000-4000-8000-000000000001',
  appType: '1',
  appTime: '20261120093000',
  appStatus: '2',
  customsCode: '6407',
  copNo: 'COP605',
  invtNo: '64072026E00000000001',
  reason: '买家取消',
  agentCode: '4601960123',
  agentName: '演示商贸',
  ebcCode: '4601960123',
  ebcName: '演示商贸',
};

describe('portbook messages', () => {
  it('writes JSON to XML and reads it back the same', async () => {
    writeFileSync(at('in.json'), JSON.stringify({ transfer, documents: [withdrawal] }));
    const written = await portbook(
      'messages',
      'write',
      '--type',
      'CEB605',
      '--input',
      at('in.json'),
      '--out',
      at('m.xml'),
    );
    expect(written).toMatchObject({
      code: 0,
      body: { ok: true, message: 'CEB605Message', documents: 1, findings: [] },
    });
    expect(readMessage(readFileSync(at('m.xml'), 'utf8')).problems).toEqual([]);
    const read = await portbook('messages', 'read', at('m.xml'));
    expect(read).toMatchObject({
      code: 0,
      body: {
        ok: true,
        message: 'CEB605Message',
        signed: false,
        documents: [withdrawal],
        transfer: { ...transfer, dxpMode: 'DXP' },
        problems: [],
        findings: [],
      },
    });
    // What was read goes back in as it came out.
    writeFileSync(at('again.json'), JSON.stringify(read.body));
    await portbook(
      'messages',
      'write',
      '--type',
      'CEB605Message',
      '--input',
      at('again.json'),
      '--out',
      at('again.xml'),
    );
    expect(readFileSync(at('again.xml'), 'utf8')).toBe(readFileSync(at('m.xml'), 'utf8'));
  });

  it('keeps signature, subscriptions and extension of a request from file to file', async () => {
    const golden = path.resolve(findResources(), '../tests/fixtures/golden/CEB621Message.xml');
    const read = await portbook('messages', 'read', golden);
    expect(read.body).toMatchObject({ signed: true, extend: { name: 'LOCAL' }, subscriptions: [{}, {}], unknown: [] });
    expect(read.body.signature).toMatch(/^<ds:Signature /);
    writeFileSync(at('621.json'), JSON.stringify(read.body));
    const written = await portbook(
      'messages',
      'write',
      '--type',
      'CEB621',
      '--input',
      at('621.json'),
      '--out',
      at('6.xml'),
    );
    expect(written.body).toMatchObject({ ok: true, leftOut: [] });
    expect(written.body.findings).not.toContainEqual(expect.objectContaining({ rule: 'SIGN-KEY' }));
    expect(readFileSync(at('6.xml'), 'utf8')).toBe(readFileSync(golden, 'utf8').trimEnd());
  });

  it('says of a message whose schema demands a signature that it has none', async () => {
    const golden = path.resolve(findResources(), '../tests/fixtures/golden/CEB621Message.xml');
    const { signature: _, ...unsigned } = (await portbook('messages', 'read', golden)).body;
    writeFileSync(at('unsigned.json'), JSON.stringify(unsigned));
    const written = await portbook('messages', 'write', '--type', 'CEB621', '--input', at('unsigned.json'));
    const finding = expect.objectContaining({
      rule: 'SIGN-KEY',
      level: 'reject',
      remedy: expect.stringContaining('签名'),
    });
    expect(written.body.findings).toContainEqual(finding);
    writeFileSync(at('unsigned.xml'), written.body.xml);
    expect((await portbook('messages', 'read', at('unsigned.xml'))).body.findings).toContainEqual(finding);
  });

  it('puts back into a receipt what no table has, and says what a request has no place for', async () => {
    const beyond = '<ceb:appSenderId>1</ceb:appSenderId>';
    const golden = path.resolve(findResources(), '../tests/fixtures/golden');
    const receipt = readFileSync(path.join(golden, 'CEB214Message.xml'), 'utf8').trimEnd();
    const odd = receipt.replaceAll('</ceb:RefundReturn>', `${beyond}</ceb:RefundReturn>`);
    writeFileSync(at('214.xml'), odd);
    const read = (await portbook('messages', 'read', at('214.xml'))).body;
    expect(read.unknown).toEqual([
      { within: 'RefundReturn[1]/', xml: beyond },
      { within: 'RefundReturn[2]/', xml: beyond },
    ]);
    writeFileSync(at('214.json'), JSON.stringify(read));
    expect((await portbook('messages', 'write', '--type', 'CEB214', '--input', at('214.json'))).body).toMatchObject({
      xml: odd,
      leftOut: [],
    });
    writeFileSync(at('in.json'), JSON.stringify({ transfer, documents: [withdrawal], unknown: read.unknown }));
    const request = (await portbook('messages', 'write', '--type', 'CEB605', '--input', at('in.json'))).body;
    expect(request.leftOut).toEqual(read.unknown);
    expect(request.xml).not.toContain('appSenderId');
  });

  it('reads JSON as UTF-8 or not at all, and says what a folder is', async () => {
    const json = JSON.stringify({ transfer, documents: [withdrawal] });
    const write = (file: string, ...more: string[]) =>
      portbook('messages', 'write', '--type', 'CEB605', '--input', file, ...more);
    writeFileSync(at('gbk.json'), iconv.encode(json, 'gbk'));
    expect(await write(at('gbk.json'))).toMatchObject({
      code: 1,
      body: { error: { code: 'JSON_NOT_UTF8', path: 'input' } },
    });
    // As Windows saves it.
    writeFileSync(at('bom.json'), `\ufeff${json}`);
    expect(await write(at('bom.json'))).toMatchObject({ code: 0, body: { ok: true, findings: [] } });
    const folderGiven = { code: 1, body: { error: { code: 'FILE_UNREADABLE', params: { detail: 'EISDIR' } } } };
    expect(await write(folder)).toMatchObject(folderGiven);
    expect(await portbook('messages', 'read', folder)).toMatchObject(folderGiven);
    expect(await portbook('rules', 'run', 'C02', '--input', folder)).toMatchObject(folderGiven);
    writeFileSync(at('typed.json'), JSON.stringify({ transfer, documents: [{ ...withdrawal, copNo: 7 }] }));
    expect((await write(at('typed.json'))).body.error.params.reason).toMatch(/期望 string/);
    expect((await write(at('typed.json'), '--lang', 'en')).body.error.params.reason).toMatch(/expected string/);
  });

  it('checks number and version of the message, and writes no element of blanks', async () => {
    const blank = { ...withdrawal, note: '   ' };
    writeFileSync(
      at('root.json'),
      JSON.stringify({ guid: 'zz', version: '12345678901', transfer, documents: [blank] }),
    );
    const { body } = await portbook('messages', 'write', '--type', 'CEB605', '--input', at('root.json'));
    const found = (body.findings as { rule: string; path: string }[]).map(
      ({ rule, path: where }) => `${rule} ${where}`,
    );
    expect(found).toEqual(['DOC-GUID @guid', 'DOC-TOO-LONG @version']);
    expect(body.xml).not.toContain('ceb:note');
  });

  it('says by field what is wrong, and writes nothing', async () => {
    const { reason: _, ...incomplete } = withdrawal;
    const cases: [unknown, string, string][] = [
      [{ transfer, documents: [incomplete] }, 'MESSAGE_INCOMPLETE', 'reason'],
      [{ documents: [withdrawal] }, 'MESSAGE_TRANSFER_MISSING', 'transfer'],
      [{ transfer, documents: [{ ...withdrawal, colour: 'red' }] }, 'MESSAGE_INPUT', 'documents[1]'],
      [{ transfer, documents: [{ ...withdrawal, copNo: 7 }] }, 'MESSAGE_INPUT', 'documents[1]/copNo'],
    ];
    for (const [input, code, field] of cases) {
      writeFileSync(at('bad.json'), JSON.stringify(input));
      const answer = await portbook('messages', 'write', '--type', 'CEB605', '--input', at('bad.json'));
      expect(answer).toMatchObject({ code: 1, body: { ok: false, error: { code, path: field } } });
      expect(answer.body.error.remedy).toMatch(/\S/);
    }
    expect((await portbook('messages', 'template', '--type', 'CEB999', '--out', at('t.xlsx'))).body.error.code).toBe(
      'MESSAGE_TYPE_UNKNOWN',
    );
    writeFileSync(at('gbk.xml'), Buffer.from('<?xml version="1.0"?><a>\xb1\xa8</a>', 'latin1'));
    expect((await portbook('messages', 'read', at('gbk.xml'))).body.error.code).toBe('MESSAGE_NOT_UTF8');
    // The older messages of the Single Window declare GB2312.
    const declared = '<?xml version="1.0" encoding="GB2312"?>';
    const data = iconv.encode(`${declared}<DEC_DATA><RETURN_INFO>报关单已接收</RETURN_INFO></DEC_DATA>`, 'gb18030');
    writeFileSync(at('data.xml'), data);
    expect((await portbook('messages', 'read', at('data.xml'))).body.error?.code).not.toBe('MESSAGE_NOT_UTF8');
    writeFileSync(at('cut.xml'), readFileSync(at('m.xml'), 'utf8').slice(0, 400));
    const cut = await portbook('messages', 'read', at('cut.xml'));
    expect(cut).toMatchObject({ code: 1, body: { ok: false, documents: [] } });
    expect(cut.body.problems[0]).toMatchObject({ rule: 'READ-SYNTAX', level: 'reject' });
  });

  it('makes a template of any message', async () => {
    const { rows } = (await portbook('messages', 'list')).body;
    expect(rows.length).toBeGreaterThan(40);
    const made = await portbook('messages', 'template', '--type', 'CEB621', '--out', at('t.xlsx'));
    expect(made).toMatchObject({ code: 0, body: { message: 'CEB621Message', columns: 60 } });
  });

  it('writes the schemas of any message, as they stand among the documents', async () => {
    const docs = path.resolve(findResources(), '../docs/schemas');
    for (const [file, more, format] of [
      ['CEB603Message.xsd', [], 'xsd'],
      ['CEB603Message.schema.json', ['--json-schema'], 'json-schema'],
    ] as const) {
      const made = await portbook('messages', 'schema', '--type', 'CEB603', '--out', at(file), ...more);
      expect(made).toMatchObject({ code: 0, body: { message: 'CEB603Message', format } });
      expect(readFileSync(at(file), 'utf8')).toBe(readFileSync(path.join(docs, file), 'utf8'));
    }
  });
});
