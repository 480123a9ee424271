const quantileOf = (numbers: readonly number[], share: number): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

export const medianOf = (numbers: readonly number[]): number => quantileOf(numbers, 0.5);
export const p99Of = (numbers: readonly number[]): number => quantileOf(numbers, 0.99);
