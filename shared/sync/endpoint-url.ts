/** Hosts to which plain http is allowed: nothing leaves the machine. */
const loopback = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/;

export type EndpointUrl =
  | { ok: true; url: string }
  | { ok: false; code: 'ENDPOINT_URL_INVALID' | 'ENDPOINT_URL_INSECURE' };

// scheme, host, port, path; user names, queries and fragments have no place in an endpoint.
const form = /^(https?):\/\/(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?(\/[A-Za-z0-9._~/-]*)?$/;

/** The endpoint as it is kept: no trailing slash. https, or http on loopback only. */
export function checkEndpointUrl(text: string): EndpointUrl {
  const trimmed = text.trim();
  const lowered = trimmed.replace(/^[a-zA-Z]+:\/\/[^/]*/, (origin) => origin.toLowerCase());
  const match = form.exec(lowered);
  if (match === null || Number((match[3] ?? ':1').slice(1)) > 65535) return { ok: false, code: 'ENDPOINT_URL_INVALID' };
  if (match[1] === 'http' && !loopback.test(match[2] ?? '')) return { ok: false, code: 'ENDPOINT_URL_INSECURE' };
  return { ok: true, url: lowered.replace(/\/+$/, '') };
}

/** Whether a checked URL leads to this computer. */
export function isLoopbackUrl(url: string): boolean {
  return loopback.test(form.exec(url)?.[2] ?? '');
}
