/**
 * A small generator of pseudo-random numbers that can be seeded, so that a printed seed repeats an order.
 * Source: G. Marsaglia, Xorshift RNGs, 2003 (the triple 13, 17, 5).
 */

/** Returns a function that draws from [0, 1). */
export function xorshift32(seed: number): () => number {
  // Zero is the one state that the shifts never leave; small seeds that follow each other are spread first.
  let state = Math.imul(seed | 0, 0x9e3779b1) ^ 0x5bd1e995 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** The same elements in another order, all orders being equally likely. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
