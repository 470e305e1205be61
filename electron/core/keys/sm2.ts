/**
 * SM2 signatures with SM3 (GB/T 32918.2-2016 on the curve of GB/T 32918.5-2017, GB/T 32905-2016). The runtime of the desk knows
 * neither, so a library does them.
 */

/** The user id (ID) of every signature where the parties agreed on no other: GM/T 0009-2012, 10. */
export const defaultUserId = '1234567812345678';

export interface Sm2Pair {
  /** 32 bytes, hex. */
  readonly privateKey: string;
  /** `04`, x, y: 65 bytes, hex. */
  readonly publicKey: string;
}

export interface Sm2 {
  sm3(bytes: Uint8Array): Uint8Array;
  makePair(): Sm2Pair;
  /** Over SM3 of the user's value Z and the bytes: r and s, 32 bytes each (`raw`), or as certificates carry it (`der`). */
  sign(bytes: Uint8Array, pair: Sm2Pair, form: 'raw' | 'der'): Uint8Array;
  /** Whether r and s (`raw`) hold for a public point, hex; false as well for what is no signature or no point at all. */
  verify(bytes: Uint8Array, signature: Uint8Array, publicKey: string): boolean;
}

/** The algorithms, loaded when they are first needed. */
export async function loadSm2(): Promise<Sm2> {
  const { sm2, sm3 } = await import('sm-crypto-v2');
  const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
  const form = { hash: true, userId: defaultUserId } as const;
  return {
    sm3: (bytes) => bytesOf(sm3(bytes)),
    makePair: () => sm2.generateKeyPairHex(),
    sign: (bytes, { privateKey, publicKey }, as) =>
      bytesOf(sm2.doSignature(bytes, privateKey, { ...form, publicKey, der: as === 'der' })),
    verify: (bytes, signature, publicKey) => {
      if (signature.length !== 64) return false;
      try {
        return sm2.doVerifySignature(bytes, Buffer.from(signature).toString('hex'), publicKey, form);
      } catch (error) {
        // The library throws for a point that is not on the curve and for numbers out of range.
        if (error instanceof Error) return false;
        throw error;
      }
    },
  };
}
