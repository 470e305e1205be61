import { shell } from 'electron';

/** The official sites that a page may open in the browser: any ministry's, and the Single Window. */
const allowedHosts = ['gov.cn', 'singlewindow.cn', 'chinaport.gov.cn'];

export function isAllowedLink(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  const isPlain = url.protocol === 'https:' && url.username === '' && url.password === '' && url.port === '';
  return isPlain && allowedHosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
}

/** Opens an allowed address in the user's browser. @returns whether it was allowed */
export async function openLink(address: string): Promise<boolean> {
  if (!isAllowedLink(address)) return false;
  await shell.openExternal(address);
  return true;
}
