import { backoffDelay, type BackoffPolicy, type Clock } from '@gantry/base';
import { conflicts, stepKey, type Step } from './plan/step';
import { inWords } from './step-failure';

/** A step that did not succeed, and when it is tried again (milliseconds since the epoch). */
export interface StepFailure {
  step: Step;
  error: unknown;
  message: string;
  /** In a row. */
  failures: number;
  failedAt: number;
  retryAt: number;
}

const PULL: BackoffPolicy = { initial: 10_000, max: 300_000, jitter: 0 };
const OTHER: BackoffPolicy = { initial: 500, max: 30_000 };

/** Runs the steps of one pod: side by side where they don't touch each other, each with a back-off of its own. */
export class StepRunner {
  private readonly inFlight = new Map<string, { step: Step; abort: AbortController }>();
  private readonly failed = new Map<string, StepFailure>();

  constructor(
    private readonly clock: Clock,
    private readonly execute: (step: Step, signal: AbortSignal) => Promise<void>,
    private readonly onDone: (step: Step, seconds: number, failure?: StepFailure) => void,
  ) {}

  /** Begins the step unless it is under way, must wait for another, or for its next try. */
  begin(step: Step): void {
    const key = stepKey(step);
    if (this.inFlight.has(key)) return;
    if ((this.failed.get(key)?.retryAt ?? 0) > this.clock.now()) return;
    for (const other of this.inFlight.values()) if (conflicts(step.type, other.step.type)) return;
    void this.run(key, step);
  }

  failures(): Iterable<StepFailure> {
    return this.failed.values();
  }

  /** Ends image pulls under way: nobody needs them any more. */
  abortPulls(): void {
    for (const { step, abort } of this.inFlight.values()) if (step.type === 'pullImage') abort.abort();
  }

  /** What these steps failed for may have changed: the next plan tries them at once. */
  retryNow(...types: Step['type'][]): void {
    for (const [key, { step }] of this.failed) if (types.includes(step.type)) this.failed.delete(key);
  }

  private async run(key: string, step: Step): Promise<void> {
    const abort = new AbortController();
    this.inFlight.set(key, { step, abort });
    const began = this.clock.monotonic();
    let failure: StepFailure | undefined;
    try {
      await this.execute(step, abort.signal);
      this.failed.delete(key);
    } catch (error) {
      if (!abort.signal.aborted) failure = this.fail(key, step, error);
    }
    this.inFlight.delete(key);
    this.onDone(step, (this.clock.monotonic() - began) / 1000, failure);
  }

  private fail(key: string, step: Step, error: unknown): StepFailure {
    const failures = (this.failed.get(key)?.failures ?? 0) + 1;
    const failedAt = this.clock.now();
    const retryAt = failedAt + backoffDelay(step.type === 'pullImage' ? PULL : OTHER, failures);
    const message = inWords(error);
    const failure = { step, error, message, failures, failedAt, retryAt };
    this.failed.set(key, failure);
    return failure;
  }
}
