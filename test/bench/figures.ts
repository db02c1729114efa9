/** The value below which a share of the samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

export interface Series {
  name: string;
  /** Milliseconds. */
  samples: number[];
}

/** One line a series: median, 99th percentile, and how it compares with the first one. */
export function print(series: readonly Series[]): void {
  const base = percentile(series[0]!.samples, 0.5);
  for (const { name, samples } of series) {
    const median = percentile(samples, 0.5);
    const figures = [
      `p50 ${median.toFixed(2)} ms`,
      `p99 ${percentile(samples, 0.99).toFixed(2)} ms`,
      `min ${Math.min(...samples).toFixed(2)} ms`,
      `${(median / base).toFixed(2)} × ${series[0]!.name}`,
    ];
    console.log(`${name.padEnd(28)} ${figures.join('   ')}   (n=${samples.length})`);
  }
}

/** Runs the works in turn, A B A B …, so that a machine whose speed drifts is the same for all. */
export async function alternately(
  rounds: number,
  works: { name: string; run: () => Promise<void> }[],
): Promise<Series[]> {
  const series = works.map(({ name }): Series => ({ name, samples: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, { run }] of works.entries()) {
      const began = performance.now();
      await run();
      series[i]!.samples.push(performance.now() - began);
    }
  }
  return series;
}
