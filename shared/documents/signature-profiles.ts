/** How a message is signed: names of algorithms and what they stand for. Facts of specifications, as data. */

export const signatureKeys = ['rsa', 'sm2'] as const;
export type SignatureKey = (typeof signatureKeys)[number];

export interface SignatureProfile {
  readonly id: string;
  /** The kind of key it needs. The signature itself is RSASSA-PKCS1-v1_5 with SHA-1, or SM2 with SM3 and the default user id. */
  readonly key: SignatureKey;
  /** `ds:SignatureMethod/@Algorithm`. */
  readonly signatureMethod: string;
  /** `ds:DigestMethod/@Algorithm` and the hash it stands for. */
  readonly digestMethod: string;
  readonly digest: 'sha1' | 'sm3';
  /** `official`: so a published specification; `seen`: so a message that customs took, against the specification. */
  readonly standing: 'official' | 'seen';
  readonly source: string;
}

const w3c = 'http://www.w3.org/2000/09/xmldsig';
const chinaport = 'http://www.chinaport.gov.cn/2022/04/xmldsig';

/**
 * Of each kind of key the first is what a book uses until its user chooses another. That of `seen` names a digest of SHA-1 beside
 * SM2; a platform says which of them it takes, no public document does.
 */
export const signatureProfiles = [
  {
    id: 'ceb-2022-rsa',
    key: 'rsa',
    signatureMethod: `${chinaport}#rsa-sha1`,
    digestMethod: `${chinaport}#sha1`,
    digest: 'sha1',
    standing: 'official',
    source: '跨境统一版系统企业对接报文规范 2022-05',
  },
  {
    id: 'ceb-2018-rsa',
    key: 'rsa',
    signatureMethod: `${w3c}#rsa-sha1`,
    digestMethod: `${w3c}#sha1`,
    digest: 'sha1',
    standing: 'official',
    source: '海关总署公告 2018 年第 113 号',
  },
  {
    id: 'ceb-2022-sm2',
    key: 'sm2',
    signatureMethod: `${chinaport}#sm2-sm3`,
    digestMethod: `${chinaport}#sm3`,
    digest: 'sm3',
    standing: 'official',
    source: '跨境统一版系统企业对接报文规范 2022-05',
  },
  {
    id: 'ceb-2023-sm2',
    key: 'sm2',
    signatureMethod: `${w3c}#sm2-sm3`,
    digestMethod: `${w3c}#sha1`,
    digest: 'sha1',
    standing: 'seen',
    source: 'CEB621Message 2023',
  },
] as const satisfies readonly SignatureProfile[];

/** The profile of an id; undefined when there is none. */
export function signatureProfile(id: string): SignatureProfile | undefined {
  return signatureProfiles.find((one) => one.id === id);
}

/** What is used for a kind of key where nothing was chosen. */
export function defaultProfile(key: SignatureKey): SignatureProfile {
  const found = signatureProfiles.find((one) => one.key === key);
  if (found === undefined) throw new RangeError(`no signature profile for ${key}`);
  return found;
}
