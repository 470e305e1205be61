/**
 * SM4 (GB/T 32907-2016) in GCM as RFC 8998 has it: 16 bytes of key, 12 of nonce, 16 of tag. The runtime of the desk does not know the
 * cipher, so a library does it; its answers are held against the published vectors of both.
 */
export interface Sm4Gcm {
  /** The ciphertext with its tag behind it. */
  seal(key: Uint8Array, nonce: Uint8Array, open: Uint8Array, plain: Uint8Array): Uint8Array;
  /** Undefined: not this key, or not the bytes that were sealed. */
  unseal(key: Uint8Array, nonce: Uint8Array, open: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}

const TAG_BYTES = 16;

/** The algorithm, loaded when it is first needed. */
export async function loadSm4(): Promise<Sm4Gcm> {
  const { sm4 } = await import('sm-crypto-v2');
  const form = { mode: 'gcm', padding: 'none', output: 'array' } as const;
  return {
    seal: (key, iv, associatedData, plain) => {
      const { output, tag } = sm4.encrypt(plain, key, { ...form, iv, associatedData, outputTag: true });
      if (tag === undefined) throw new Error('SM4-GCM gave no tag');
      return Buffer.concat([output, tag]);
    },
    unseal: (key, iv, associatedData, sealed) => {
      if (sealed.length < TAG_BYTES) return undefined;
      const at = sealed.length - TAG_BYTES;
      try {
        return sm4.decrypt(sealed.subarray(0, at), key, { ...form, iv, associatedData, tag: sealed.subarray(at) });
      } catch (error) {
        // The library throws for a tag that does not fit, and tells no more.
        if (error instanceof Error) return undefined;
        throw error;
      }
    },
  };
}
