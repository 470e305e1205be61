import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { messageIn } from '../importers/message-file.ts';
import { messageText } from './message-text.ts';

const data = (encoding: string) =>
  `<?xml version="1.0" encoding="${encoding}"?>\n<DEC_DATA><RETURN_INFO>报关单已接收</RETURN_INFO></DEC_DATA>`;

describe('the text of a message file', () => {
  it.each(['GB2312', 'gbk', 'GB18030'])('is read as its declaration says: %s', (encoding) => {
    expect(messageText(iconv.encode(data(encoding), 'gb18030'))).toBe(data(encoding));
  });
  it('is UTF-8 where nothing else is declared, with or without a byte order mark', () => {
    const bytes = Buffer.from(data('UTF-8'), 'utf8');
    expect(messageText(bytes)).toBe(data('UTF-8'));
    expect(messageText(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]))).toBe(data('UTF-8'));
  });
  it('is none where the bytes are of another encoding than the declared', () => {
    expect(messageText(iconv.encode(data('UTF-8'), 'gb18030'))).toBeUndefined();
    expect(
      messageText(Buffer.concat([Buffer.from(data('GB2312'), 'latin1'), Buffer.from([0xff, 0xff])])),
    ).toBeUndefined();
  });
  it('reaches the drop zone: a technical receipt in GB2312 is a message we know', () => {
    const text =
      '<?xml version="1.0" encoding="GB2312"?>\n<DecImportResponse xmlns="http://www.chinaport.gov.cn/dec"><ResponseMessage>暂存成功</ResponseMessage></DecImportResponse>';
    expect(messageIn(iconv.encode(text, 'gb18030'))?.xml).toBe(text);
    expect(() => messageIn(iconv.encode(text.replace('GB2312', 'UTF-8'), 'gb18030'))).toThrow(/MESSAGE_NOT_UTF8/);
  });
});
