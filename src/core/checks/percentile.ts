/** The smallest value that `percent` (1 … 100) of all are not above: the nearest-rank percentile. Undefined of nothing. */
export function percentileOf(values: readonly number[], percent: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]
}
