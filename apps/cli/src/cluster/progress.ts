import type { Clock } from '@gantry/base';

/** Tells the user what is going on: one line a step, with the time it took. */
export class Progress {
  constructor(
    private readonly clock: Clock,
    private readonly print: (line: string) => void = (line) => {
      console.log(line);
    },
  ) {}

  async step<T>(what: string, work: () => Promise<T>): Promise<T> {
    const began = this.clock.monotonic();
    try {
      const result = await work();
      this.print(`  ✓ ${what} (${this.seconds(began)})`);
      return result;
    } catch (error) {
      this.print(`  ✗ ${what} (${this.seconds(began)})`);
      throw error;
    }
  }

  private seconds(began: number): string {
    return `${((this.clock.monotonic() - began) / 1000).toFixed(1)} s`;
  }
}
