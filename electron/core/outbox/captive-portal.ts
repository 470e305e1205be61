/** Log-in pages of hotels, airports and companies, which answer in place of the platform until somebody has logged in. */

/** What came back, as far as it tells a log-in page. */
export interface PageAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly contentType: string;
  readonly text: string;
}

/** RFC 6585: network authentication required. */
const AUTHENTICATION_REQUIRED = 511;

/** Signs of a page that wants a person to do something: a form, a jump by script or refresh, or the words such pages use. */
const loginPage =
  /<form\b|type=["']?password|http-equiv=["']?refresh|location\.(href|replace|assign)|captive|wispaccessgateway|portal|log ?in\b|sign ?in\b|上网认证|登录|登陆|无线上网|WLAN/i;
const loginPath = /login|log-in|signin|sign-in|portal|captive|auth/i;

/** Whether an answer in place of the platform's looks like a log-in page: its status, a jump to another host or a log-in address, or a page to fill in. */
export function isPortal(url: string, answer: PageAnswer): boolean {
  if (answer.status === AUTHENTICATION_REQUIRED) return true;
  if (answer.status >= 300 && answer.status < 400 && answer.location !== null) {
    const target = URL.canParse(answer.location, url) ? new URL(answer.location, url) : undefined;
    return target !== undefined && (target.hostname !== new URL(url).hostname || loginPath.test(target.pathname));
  }
  return answer.status >= 200 && answer.status < 300 && /html/i.test(answer.contentType) && loginPage.test(answer.text);
}
