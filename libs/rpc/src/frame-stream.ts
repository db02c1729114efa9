import { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Resize, StreamFrame } from './gen/gantry/v1/node';

/** Bytes each side may send on a channel before the other has consumed any. */
export const STREAM_WINDOW = 256 * 1024;

/** Larger writes are split, so that channels of one stream take turns. */
const MAX_DATA = 32 * 1024;

export const STDIN = 0;
export const STDOUT = 1;
export const STDERR = 2;

/** What both ends of a gRPC bidirectional call have in common. */
export interface FrameCall {
  write(frame: StreamFrame): boolean;
  end(): unknown;
  on(event: 'data', listener: (frame: StreamFrame) => void): unknown;
  on(event: 'end' | 'close' | 'cancelled', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/**
 * One end of a `Stream` call after its first frame: byte channels with their own flow control, terminal sizes,
 * and the status that ends it. What a peer may make this end hold is bounded by one window for each channel.
 *
 * It ends once: by the agent's status (all channels end before), or broken, which destroys the channels and
 * rejects `status`.
 */
export class FrameStream {
  private readonly inputs = new Map<number, InputChannel>();
  private readonly outputs = new Map<number, OutputChannel>();
  private resized?: (size: Resize) => void;
  private lastSize?: Resize;
  private over = false;
  private settle!: { resolve: (status: Buffer) => void; reject: (error: Error) => void };
  /** The metav1 Status (JSON) the agent ended the stream with. Rejects when the stream broke before. */
  readonly status = new Promise<Buffer>((resolve, reject) => (this.settle = { resolve, reject }));

  constructor(private readonly call: FrameCall) {
    this.status.catch(() => undefined);
    call.on('data', (frame) => {
      this.receive(frame);
    });
    call.on('error', (error) => {
      this.break(error);
    });
    for (const event of ['end', 'close', 'cancelled'] as const)
      call.on(event, () => {
        this.break(new Error('the stream was closed by the other side'));
      });
  }

  /** The bytes the other side sends on a channel. */
  input(channel: number): Readable {
    return this.inputChannel(channel);
  }

  /** Sends bytes on a channel; ending it half-closes. */
  output(channel: number): Writable {
    let output = this.outputs.get(channel);
    if (!output) {
      output = new OutputChannel(channel, (frame) => {
        this.send(frame);
      });
      this.outputs.set(channel, output);
    }
    return output;
  }

  resize(size: Resize): void {
    this.send({ frame: { $case: 'resize', value: size } });
  }

  /** Calls the listener with each new terminal size, beginning with the last one that came before it listened. */
  onResize(listener: (size: Resize) => void): void {
    this.resized = listener;
    if (this.lastSize) listener(this.lastSize);
  }

  /** Ends this side's channels and, once all they hold is sent, the stream with a metav1 Status (JSON). */
  async finish(status: Buffer): Promise<void> {
    await Promise.all([...this.outputs.values()].map((output) => finished(output.end(), { readable: false })));
    this.send({ frame: { $case: 'status', value: status } });
    this.over = true;
    this.call.end();
    this.settle.resolve(status);
    this.endInputs();
  }

  /** Gives the stream up; both sides' channels break. */
  close(reason = new Error('the stream was closed')): void {
    if (this.over) return;
    this.break(reason);
    this.call.end();
  }

  private receive(message: StreamFrame): void {
    const frame = message.frame;
    if (this.over || !frame) return;
    switch (frame.$case) {
      case 'data':
        if (!this.inputChannel(frame.value.channel).receive(frame.value.bytes))
          this.close(new Error('the other side sent more than its window'));
        return;
      case 'closeChannel':
        this.inputChannel(frame.value).push(null);
        return;
      case 'window':
        this.outputs.get(frame.value.channel)?.grant(frame.value.bytes);
        return;
      case 'resize':
        this.lastSize = frame.value;
        this.resized?.(frame.value);
        return;
      case 'status':
        this.over = true;
        this.call.end();
        this.endInputs();
        this.settle.resolve(frame.value);
        return;
      case 'opened':
        this.close(new Error('the stream was opened twice'));
    }
  }

  private endInputs(): void {
    for (const input of this.inputs.values()) if (!input.readableEnded) input.push(null);
    for (const output of this.outputs.values()) if (!output.writableFinished) output.destroy();
  }

  private break(reason: Error): void {
    if (this.over) return;
    this.over = true;
    this.settle.reject(reason);
    for (const channel of [...this.inputs.values(), ...this.outputs.values()]) channel.destroy(reason);
  }

  private inputChannel(channel: number): InputChannel {
    let input = this.inputs.get(channel);
    if (!input) {
      input = new InputChannel(channel, (frame) => {
        this.send(frame);
      });
      this.inputs.set(channel, input);
    }
    return input;
  }

  private send(frame: StreamFrame): void {
    if (!this.over) this.call.write(frame);
  }
}

class InputChannel extends Readable {
  /** Bytes received that the sender has not been granted again. */
  private unacknowledged = 0;

  constructor(
    private readonly channel: number,
    private readonly send: (frame: StreamFrame) => void,
  ) {
    super({ highWaterMark: STREAM_WINDOW });
    this.on('error', () => undefined);
  }

  /** False when the sender exceeds its window. */
  receive(bytes: Buffer): boolean {
    this.unacknowledged += bytes.length;
    if (this.unacknowledged > STREAM_WINDOW) return false;
    // Nobody reads on: let the sender finish rather than wait for ever.
    if (this.destroyed) this.acknowledge(this.unacknowledged);
    else this.push(bytes);
    this.acknowledgeConsumed();
    return true;
  }

  // Consumption shows here and, when the bytes were passed on at once, in `receive`. `_read` is called too early.
  override read(size?: number): unknown {
    const chunk: unknown = super.read(size);
    this.acknowledgeConsumed();
    return chunk;
  }

  override _read(): void {
    // Bytes come when the other side sends them.
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (this.unacknowledged > 0) this.acknowledge(this.unacknowledged);
    callback(error);
  }

  private acknowledgeConsumed(): void {
    const consumed = this.unacknowledged - this.readableLength;
    if (consumed >= STREAM_WINDOW / 4) this.acknowledge(consumed);
  }

  private acknowledge(bytes: number): void {
    this.unacknowledged -= bytes;
    this.send({ frame: { $case: 'window', value: { channel: this.channel, bytes } } });
  }
}

class OutputChannel extends Writable {
  private credit = STREAM_WINDOW;
  private waiting?: { bytes: Buffer; done: () => void };

  constructor(
    private readonly channel: number,
    private readonly send: (frame: StreamFrame) => void,
  ) {
    super({ highWaterMark: MAX_DATA });
    this.on('error', () => undefined);
  }

  grant(bytes: number): void {
    this.credit += bytes;
    this.pump();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.waiting = { bytes: chunk, done };
    this.pump();
  }

  override _final(done: () => void): void {
    this.send({ frame: { $case: 'closeChannel', value: this.channel } });
    done();
  }

  private pump(): void {
    const waiting = this.waiting;
    if (!waiting) return;
    while (waiting.bytes.length > 0 && this.credit > 0) {
      const bytes = waiting.bytes.subarray(0, Math.min(this.credit, MAX_DATA));
      this.credit -= bytes.length;
      waiting.bytes = waiting.bytes.subarray(bytes.length);
      this.send({ frame: { $case: 'data', value: { channel: this.channel, bytes } } });
    }
    if (waiting.bytes.length > 0) return;
    this.waiting = undefined;
    waiting.done();
  }
}
