import { errorMessage } from '@gantry/base';

/** Resolves when all is well; throws what is wrong otherwise. */
export type HealthCheck = () => void | Promise<void>;

export type HealthEndpoint = 'healthz' | 'readyz' | 'livez';

export interface HealthReport {
  healthy: boolean;
  /** What the endpoint answers: `ok`, or one line a check as Kubernetes prints it (`[+]etcd ok`). */
  text: string;
}

const CHECK_TIMEOUT_MS = 2000;

/** Named checks behind /healthz, /readyz and /livez. Each endpoint has a check `ping` that always passes. */
export class Health {
  private readonly checks = new Map<string, { endpoints: readonly HealthEndpoint[]; check: HealthCheck }>([
    ['ping', { endpoints: ['healthz', 'readyz', 'livez'], check: () => undefined }],
  ]);

  /** `livez` is for what only a restart mends; what passes by itself belongs to `readyz` and `healthz`, the default. */
  add(name: string, check: HealthCheck, endpoints: readonly HealthEndpoint[] = ['healthz', 'readyz']): this {
    this.checks.set(name, { endpoints, check });
    return this;
  }

  /** Runs the endpoint's checks together. Failures are always listed; with `verbose` (or a failure) passes are as well. */
  async report(
    endpoint: HealthEndpoint,
    options: { verbose?: boolean; exclude?: string[] } = {},
  ): Promise<HealthReport> {
    const running = [...this.checks].filter(([, { endpoints }]) => endpoints.includes(endpoint));
    const lines = await Promise.all(
      running.map(async ([name, { check }]) => {
        if (options.exclude?.includes(name)) return { ok: true, line: `[+]${name} excluded: ok` };
        const failure = await failureOf(check);
        return failure === undefined
          ? { ok: true, line: `[+]${name} ok` }
          : { ok: false, line: `[-]${name} failed: ${failure}` };
      }),
    );
    const healthy = lines.every(({ ok }) => ok);
    if (healthy && !options.verbose) return { healthy, text: 'ok' };
    const verdict = `${endpoint} check ${healthy ? 'passed' : 'failed'}`;
    return { healthy, text: `${[...lines.map(({ line }) => line), verdict].join('\n')}\n` };
  }
}

async function failureOf(check: HealthCheck): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(CHECK_TIMEOUT_MS);
  try {
    await Promise.race([
      check(),
      new Promise((_, reject) => {
        timeout.addEventListener('abort', () => {
          reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`));
        });
      }),
    ]);
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
}
