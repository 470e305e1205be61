/**
 * Shares documents out among messages, in their order: none has more documents or bytes than its limits, except a
 * document that alone is over them, which stands by itself.
 * @param sizes bytes of each document as it is written
 * @param limits.bytes room for documents in a message: its limit less what frames them
 * @returns how many documents each message has, in order
 */
export function packDocuments(
  sizes: readonly number[],
  limits: { readonly documents: number; readonly bytes: number },
): number[] {
  const counts: number[] = [];
  let count = 0;
  let bytes = 0;
  for (const size of sizes) {
    if (count > 0 && (count >= limits.documents || bytes + size > limits.bytes)) {
      counts.push(count);
      count = 0;
      bytes = 0;
    }
    count += 1;
    bytes += size;
  }
  if (count > 0) counts.push(count);
  return counts;
}
