import iconv from 'iconv-lite';

/**
 * The text of a message file, read as its XML declaration says: older messages of the Single Window come in GB2312, which is read with
 * GBK and GB18030 alike as their superset; everything else is UTF-8, with or without a byte order mark.
 * @returns undefined where the bytes are no text in that encoding
 */
export function messageText(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 256)).toString('latin1');
  const declared = /^[^>]{0,200}encoding=["']([\w-]+)["']/i.exec(start)?.[1] ?? '';
  if (/^gb/i.test(declared)) {
    const text = iconv.decode(Buffer.from(bytes), 'gb18030');
    return text.includes('\ufffd') ? undefined : text;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return undefined;
  }
}
