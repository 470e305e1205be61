/** A hash of text, 32 bits (FNV-1a with a seed). */
function hashOf(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Mixes the bits of a word (the last step of MurmurHash3). */
function mixed(word: number): number {
  let bits = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

const modulus = 2 ** 52;

/**
 * The digest of a set of lines in which equal lines count as often as they are there and their order does not: two sums of line
 * hashes. It tells a download from a changed one; it is no protection against forgery.
 */
export class Digest {
  readonly #kindText: (kind: number) => string;
  readonly #dayText: (day: number) => string;
  readonly #kinds: number[] = [];
  readonly #days: number[] = [];
  #order = '';
  #orderHash = hashOf('', 3);
  #sku = '';
  #skuHash = hashOf('', 4);
  #a = 0;
  #b = 0;

  constructor(kindText: (kind: number) => string, dayText: (day: number) => string) {
    this.#kindText = kindText;
    this.#dayText = dayText;
  }

  add(kind: number, day: number, order: string, sku: string, qtyE5: number, minor: number): void {
    this.#kinds[kind] ??= hashOf(this.#kindText(kind), 1);
    this.#days[day] ??= hashOf(this.#dayText(day), 2);
    if (order !== this.#order) {
      this.#order = order;
      this.#orderHash = hashOf(order, 3);
    }
    if (sku !== this.#sku) {
      this.#sku = sku;
      this.#skuHash = hashOf(sku, 4);
    }
    let bits = mixed((this.#kinds[kind] ?? 0) + Math.imul(this.#days[day] ?? 0, 31));
    bits = mixed(bits ^ this.#orderHash);
    bits = mixed(bits + this.#skuHash);
    bits = mixed(bits ^ minor ^ Math.imul(qtyE5, 17) ^ (minor > 2_147_483_647 ? minor / 4_294_967_296 : 0));
    // Sums of words below 2^32, kept exact by taking them modulo 2^52.
    this.#a += bits >>> 0;
    if (this.#a >= modulus) this.#a -= modulus;
    this.#b += mixed(bits + 0x9e3779b9) >>> 0;
    if (this.#b >= modulus) this.#b -= modulus;
  }

  text(lines: number, total: number): string {
    return `${lines}:${total}:${this.#a.toString(16)}:${this.#b.toString(16)}`;
  }
}
