/** Of a normal distribution: 95% lies nearer to its middle. */
const Z = 1.96;

/** Wilson's interval for a proportion, of 95% unless `z` says otherwise. Source: E. B. Wilson, Probable Inference, 1927. */
export function wilson(successes: number, trials: number, z = Z): readonly [low: number, high: number] {
  const share = successes / trials;
  const squared = z * z;
  const centre = share + squared / (2 * trials);
  const reach = z * Math.sqrt((share * (1 - share)) / trials + squared / (4 * trials * trials));
  const scale = 1 + squared / trials;
  return [Math.max(0, (centre - reach) / scale), Math.min(1, (centre + reach) / scale)];
}
