import { EventEmitter, once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import { FrameStream, STDERR, STDIN, STDOUT, STREAM_WINDOW, type FrameCall } from './frame-stream';
import { StreamFrame } from './gen/gantry/v1/node';

/** One end of a call whose frames pass through their wire form to the other end. */
class LinkedCall extends EventEmitter implements FrameCall {
  peer!: LinkedCall;
  sent = 0;

  write(frame: StreamFrame): boolean {
    if (frame.frame?.$case === 'data') this.sent += frame.frame.value.bytes.length;
    const wire = StreamFrame.encode(frame).finish();
    queueMicrotask(() => this.peer.emit('data', StreamFrame.decode(wire)));
    return true;
  }

  end(): void {
    queueMicrotask(() => this.peer.emit('end'));
  }
}

function linked() {
  const [agentCall, gatewayCall] = [new LinkedCall(), new LinkedCall()];
  agentCall.peer = gatewayCall;
  gatewayCall.peer = agentCall;
  return { agentCall, gatewayCall, agent: new FrameStream(agentCall), gateway: new FrameStream(gatewayCall) };
}

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await setImmediate();
}

describe('FrameStream', () => {
  it('carries channels of any content, apart and in order, and then the status', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50_000 }), { maxLength: 12 }), async (chunks) => {
        const { agent, gateway } = linked();
        const [out, err] = [buffer(gateway.input(STDOUT)), buffer(gateway.input(STDERR))];
        chunks.forEach((chunk, i) => agent.output(i % 2 ? STDERR : STDOUT).write(Buffer.from(chunk)));
        await agent.finish(Buffer.from('{}'));
        expect(await out).toEqual(Buffer.concat(chunks.filter((_, i) => i % 2 === 0)));
        expect(await err).toEqual(Buffer.concat(chunks.filter((_, i) => i % 2 === 1)));
        expect(await gateway.status).toEqual(Buffer.from('{}'));
      }),
      { numRuns: 25 },
    );
  });

  it('sends one window to a reader that does not read, and the rest as it reads', async () => {
    const { agent, agentCall, gateway } = linked();
    const megabyte = Buffer.alloc(1 << 20, 'x');
    agent.output(STDOUT).end(megabyte);
    await settled();
    expect(agentCall.sent).toBe(STREAM_WINDOW);
    expect((await buffer(gateway.input(STDOUT))).length).toBe(megabyte.length);
  });

  it('lets one channel flow while another is full', async () => {
    const { agent, gateway } = linked();
    agent.output(STDOUT).end(Buffer.alloc(1 << 20));
    agent.output(STDERR).end('seen');
    gateway.input(STDOUT);
    expect((await buffer(gateway.input(STDERR))).toString()).toBe('seen');
  });

  it('half-closes: the end of stdin leaves stdout open', async () => {
    const { agent, gateway } = linked();
    gateway.output(STDIN).end('question');
    expect((await buffer(agent.input(STDIN))).toString()).toBe('question');
    agent.output(STDOUT).end('answer');
    expect((await buffer(gateway.input(STDOUT))).toString()).toBe('answer');
  });

  it('keeps the newest terminal size for a listener that comes later', async () => {
    const { agent, gateway } = linked();
    gateway.resize({ width: 80, height: 24 });
    gateway.resize({ width: 120, height: 40 });
    await settled();
    const sizes: unknown[] = [];
    agent.onResize((size) => sizes.push(size));
    gateway.resize({ width: 1, height: 2 });
    await settled();
    expect(sizes).toEqual([
      { width: 120, height: 40 },
      { width: 1, height: 2 },
    ]);
  });

  it('breaks its channels and its status when the other side goes away', async () => {
    const { agent, gateway } = linked();
    const input = agent.input(STDIN);
    gateway.close();
    await expect(agent.status).rejects.toThrow('closed by the other side');
    await expect(gateway.status).rejects.toThrow('closed');
    expect(input.destroyed).toBe(true);
  });

  it('gives up on a peer that exceeds its window', async () => {
    const { agentCall, gateway } = linked();
    gateway.input(STDOUT);
    for (let sent = 0; sent <= STREAM_WINDOW; sent += 32768) {
      agentCall.write({ frame: { $case: 'data', value: { channel: STDOUT, bytes: Buffer.alloc(32768) } } });
    }
    await expect(gateway.status).rejects.toThrow('window');
  });

  it('lets the sender finish when its reader has left', async () => {
    const { agent, gateway } = linked();
    gateway.input(STDOUT).destroy();
    agent.output(STDOUT).end(Buffer.alloc(1 << 20));
    await once(agent.output(STDOUT), 'finish');
    await agent.finish(Buffer.from('{}'));
    expect(await gateway.status).toEqual(Buffer.from('{}'));
  });
});
