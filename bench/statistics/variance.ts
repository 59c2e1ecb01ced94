/** About the mean, unbiased (divided by one less than there are values); 0 of fewer than two. */
export function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  return values.length < 2
    ? 0
    : values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1);
}
