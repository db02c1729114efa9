import { StatusError, type ApiRequest, type Pod, type PodStatus } from '@gantry/api';
import type { Transport } from '@gantry/client';
import { silentLogger } from '@gantry/observability';
import { FakeClock } from '@gantry/testing';
import { StatusReporter } from './status-reporter';

const pod = (version = '1', status: object = {}): Pod =>
  ({ metadata: { name: 'p', namespace: 'd', uid: 'u', resourceVersion: version }, spec: {}, status }) as unknown as Pod;
const running = (n: number): PodStatus => ({ phase: 'Running', message: String(n) });
const pending = (n: number): PodStatus => ({ phase: 'Pending', message: String(n) });

function setUp() {
  const clock = new FakeClock();
  const written: string[] = [];
  let failing: Error | undefined;
  let release: (() => void) | undefined;
  const transport = {
    request: async ({ body }: ApiRequest) => {
      await new Promise<void>((resolve) => (release = resolve));
      if (failing) throw failing;
      written.push((body as { status: PodStatus }).status.message!);
      return { metadata: { resourceVersion: '5' } };
    },
  } as unknown as Transport;
  const reporter = new StatusReporter(transport, clock, silentLogger);
  const answer = async (error?: Error): Promise<void> => {
    failing = error;
    release?.();
    await clock.advance(0);
  };
  return { clock, written, reporter, answer };
}

describe('StatusReporter', () => {
  it('has one write under way, and the newest status follows it', async () => {
    const { reporter, written, answer } = setUp();
    for (const n of [1, 2, 3]) reporter.report(pod(), running(n));
    await answer();
    await answer();
    expect(written).toEqual(['1', '3']);
  });

  it('gathers what nobody waits for', async () => {
    const { reporter, written, answer, clock } = setUp();
    for (const n of [1, 2, 3]) reporter.report(pod(), pending(n));
    await clock.advance(1_000);
    await answer();
    expect(written).toEqual(['3']);
  });

  it('tries again after a failure with what is newest then', async () => {
    const { reporter, written, answer, clock } = setUp();
    reporter.report(pod(), running(1));
    await answer(new StatusError('ServiceUnavailable', 'away'));
    reporter.report(pod(), running(2));
    await clock.advance(20_000);
    await answer();
    expect(written).toEqual(['2']);
    expect(clock.pending).toBe(0);
  });

  it('gives up on a pod that is gone', async () => {
    const { reporter, answer, clock } = setUp();
    reporter.report(pod(), running(1));
    await answer(new StatusError('NotFound', 'gone'));
    await reporter.settle('u');
    expect(clock.pending).toBe(0);
  });

  it('writes again what somebody else has overwritten since, and only that', async () => {
    const { reporter, written, answer } = setUp();
    reporter.report(pod(), running(1));
    await answer();
    reporter.report(pod('4', { phase: 'Unknown' }), running(1));
    await answer();
    expect(written).toEqual(['1']);
    reporter.report(pod('6', { phase: 'Unknown' }), running(1));
    await answer();
    expect(written).toEqual(['1', '1']);
  });
});
