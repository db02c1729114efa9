/** A binary heap of nodes with the highest score on top. */
export class ScoreHeap {
  private readonly slots: number[] = [];
  private readonly scores: number[] = [];

  get size(): number {
    return this.slots.length;
  }

  top(): number | undefined {
    return this.slots[0];
  }

  topScore(): number {
    return this.scores[0]!;
  }

  clear(): void {
    this.slots.length = this.scores.length = 0;
  }

  push(slot: number, score: number): void {
    let i = this.slots.length;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (this.scores[parent]! >= score) break;
      this.move(parent, i);
      i = parent;
    }
    this.slots[i] = slot;
    this.scores[i] = score;
  }

  pop(): void {
    const slot = this.slots.pop();
    const score = this.scores.pop();
    const size = this.slots.length;
    if (size === 0 || slot === undefined || score === undefined) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && this.scores[child + 1]! > this.scores[child]!) child++;
      if (this.scores[child]! <= score) break;
      this.move(child, i);
      i = child;
    }
    this.slots[i] = slot;
    this.scores[i] = score;
  }

  private move(from: number, to: number): void {
    this.slots[to] = this.slots[from]!;
    this.scores[to] = this.scores[from]!;
  }
}
