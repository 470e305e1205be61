/** Lines by columns: place of the row in the file, of the day, of the order (-1: none), SKU, quantity scaled by 10^5, minor units. */
export interface LineColumns {
  readonly row: ArrayLike<number>;
  readonly day: ArrayLike<number>;
  readonly order: ArrayLike<number>;
  readonly sku: ArrayLike<string | null>;
  readonly qtyE5: ArrayLike<number | null>;
  readonly minor: ArrayLike<number>;
}

/** Lines as they come in: an object for each of 100,000 would cost more than to read them. */
export class Lines {
  length = 0;
  /** Three numbers a line: row, day, order. */
  #places = new Int32Array(3 * 256);
  #minor = new Float64Array(256);
  readonly #sku: (string | null)[] = [];
  readonly #qtyE5: (number | null)[] = [];

  add(row: number, day: number, order: number, sku: string | null, qtyE5: number | null, minor: number): void {
    const at = this.length;
    if (at === this.#minor.length) this.#grow();
    this.#places[3 * at] = row;
    this.#places[3 * at + 1] = day;
    this.#places[3 * at + 2] = order;
    this.#minor[at] = minor;
    this.#sku.push(sku);
    this.#qtyE5.push(qtyE5);
    this.length = at + 1;
  }

  #grow(): void {
    const [places, minor] = [this.#places, this.#minor];
    this.#places = new Int32Array(2 * places.length);
    this.#places.set(places);
    this.#minor = new Float64Array(2 * minor.length);
    this.#minor.set(minor);
  }

  columns(): LineColumns {
    const { length } = this;
    const column = (place: number): Int32Array => {
      const made = new Int32Array(length);
      for (let at = 0; at < length; at += 1) made[at] = this.#places[3 * at + place] ?? 0;
      return made;
    };
    return {
      row: column(0),
      day: column(1),
      order: column(2),
      sku: this.#sku,
      qtyE5: this.#qtyE5,
      minor: this.#minor.subarray(0, length),
    };
  }
}
