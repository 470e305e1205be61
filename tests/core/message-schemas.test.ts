import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { ParseOption, XmlDocument, XsdValidator } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { findResources } from '../../electron/core/resources.ts';
import { documentArbitrary } from '../../shared/documents/arbitraries.testing.ts';
import {
  catalogue,
  type DocumentOf,
  type MessageSpec,
  readMessage,
  writeMessage,
} from '../../shared/documents/index.ts';
import { jsonSchemaOf, xmlSchemaOf } from '../../shared/documents/schema-files.ts';

/** The schema files under docs/schemas, by validators that are none of ours: libxml2 and ajv. */
const GUID = 'A1B2C3D4-0000-4000-8000-000000000001';
const transfer = { copCode: '4601960123', copName: '演示商贸有限公司', dxpMode: 'DXP', dxpId: 'DXPENT0000000001' };
const ajv = new Ajv2020({ strict: false, allErrors: true });

/** What libxml2 says against a message; undefined when nothing. */
function objection(spec: MessageSpec, xml: string): string | undefined {
  using schema = XmlDocument.fromString(xmlSchemaOf(spec));
  using validator = XsdValidator.fromDoc(schema);
  using document = XmlDocument.fromString(xml, { option: ParseOption.XML_PARSE_NONET });
  try {
    validator.validate(document);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function written(spec: MessageSpec, documents: readonly unknown[]): string {
  const isFramed = spec.kind === 'request' && spec.bare === undefined;
  const signature = spec.signatureRequired
    ? '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo/></ds:Signature>'
    : '';
  return writeMessage(spec, {
    guid: GUID,
    ...(isFramed ? { transfer, signature } : {}),
    documents: documents as DocumentOf<typeof spec>[],
  });
}

describe.each(Object.values(catalogue))('the schemas of $message', (spec: MessageSpec) => {
  it('are the files in docs/schemas', async () => {
    await expect(xmlSchemaOf(spec)).toMatchFileSnapshot(`../../docs/schemas/${spec.message}.xsd`);
    const json = `${JSON.stringify(jsonSchemaOf(spec), null, 2)}\n`;
    await expect(json).toMatchFileSnapshot(`../../docs/schemas/${spec.message}.schema.json`);
  });

  it('take every message that the checks of its table accept, as XML and as JSON', () => {
    const validate = ajv.compile(jsonSchemaOf(spec));
    fc.assert(
      fc.property(
        fc.array(documentArbitrary(spec), { minLength: 1, maxLength: Math.min(2, spec.maxNodes) }),
        (documents) => {
          expect(objection(spec, written(spec, documents))).toBeUndefined();
          validate({ documents });
          expect(validate.errors).toBeNull();
        },
      ),
      { numRuns: 10 },
    );
  });
});

describe('a schema refuses', () => {
  const spec: MessageSpec = catalogue.CEB605Message;
  const withdrawal = {
    guid: GUID,
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
  const xml = written(spec, [withdrawal]);
  const validate = ajv.compile(jsonSchemaOf(spec));

  it.each([
    ['a value beyond its length', { ...withdrawal, copNo: 'X'.repeat(31) }, 'copNo'],
    ['a value that is none of the list', { ...withdrawal, appType: '9' }, 'appType'],
    ['a day that no calendar has', { ...withdrawal, appTime: '20261345093000' }, 'appTime'],
  ])('%s', (_, document, field) => {
    expect(objection(spec, written(spec, [document]))).toContain(`}${field}'`);
    expect(validate({ documents: [document] })).toBe(false);
    expect(validate.errors?.[0]?.instancePath).toBe(`/documents/0/${field}`);
  });

  it('a field that is missing, out of order or unknown', () => {
    const reason = '<ceb:reason>买家取消</ceb:reason>';
    expect(objection(spec, xml)).toBeUndefined();
    expect(objection(spec, xml.replace(reason, ''))).toContain('reason');
    expect(objection(spec, xml.replace(reason, '').replace('<ceb:copNo>', `${reason}<ceb:copNo>`))).toContain('reason');
    expect(objection(spec, xml.replace(reason, `${reason}<ceb:colour>red</ceb:colour>`))).toContain('colour');
    const { reason: _, ...incomplete } = withdrawal;
    expect(validate({ documents: [incomplete] })).toBe(false);
    expect(validate({ documents: [{ ...withdrawal, colour: 'red' }] })).toBe(false);
    expect(validate({ documents: [] })).toBe(false);
    expect(validate({ documents: [{ ...withdrawal, copNo: 7 }] })).toBe(false);
  });
});

const samples = path.resolve(findResources(), '../../shared/domain/samples/valid');
describe.skipIf(!existsSync(samples))('messages that the official schema takes', () => {
  it.each(existsSync(samples) ? readdirSync(samples) : [])('%s', (name) => {
    const xml = readFileSync(path.join(samples, name), 'utf8');
    const read = readMessage(xml);
    if (read.message === undefined) throw new Error(`no message: ${name}`);
    expect(objection(catalogue[read.message], xml)).toBeUndefined();
    const validate = ajv.compile(jsonSchemaOf(catalogue[read.message]));
    validate(read);
    expect(validate.errors).toBeNull();
  });
});
