import { status, type ServerDuplexStream } from '@grpc/grpc-js';
import { uuid, type Clock, type Closeable } from '@gantry/base';
import { internalError, StatusError, type Status } from '@gantry/api';
import { FrameStream, type OpenStream, type StreamFrame } from '@gantry/rpc';
import { CallRefused } from './join';
import type { NodeMetrics } from './metrics';
import type { NodeSession } from './session';
import type { NodeSessions } from './sessions';

/** What a stream is for; the gateway numbers it. */
export type StreamTarget = Omit<OpenStream, 'streamId'>;

const OPEN_TIMEOUT_MS = 30_000;

interface Expected {
  session: NodeSession;
  action: string;
  resolve: (stream: FrameStream) => void;
  reject: (error: Error) => void;
  timeout: Closeable;
}

/** Streams between users and pods: the gateway asks the node's agent to open one, and pairs what the agent opens. */
export class NodeStreams {
  private readonly expected = new Map<string, Expected>();

  constructor(
    private readonly sessions: NodeSessions,
    private readonly metrics: NodeMetrics,
    private readonly clock: Clock,
  ) {}

  /** Resolves when the action has begun on the node. Throws a StatusError: the agent's own, or that the node is away. */
  open(node: string, target: StreamTarget): Promise<FrameStream> {
    const session = this.sessions.get(node);
    if (!session) return Promise.reject(dialError(`node ${node} is not connected`));
    const streamId = uuid();
    const action = target.action?.$case ?? 'none';
    return new Promise((resolve, reject) => {
      const timeout = this.clock.after(OPEN_TIMEOUT_MS, () => {
        this.expected.delete(streamId);
        reject(dialError(`node ${node} did not open the stream within ${OPEN_TIMEOUT_MS / 1000}s`));
      });
      this.expected.set(streamId, { session, action, resolve, reject, timeout });
      session.openStream({ ...target, streamId });
    });
  }

  /** The session has ended: what it was asked for will not come. */
  abandon(session: NodeSession): void {
    for (const [streamId, expected] of this.expected) {
      if (expected.session !== session) continue;
      this.expected.delete(streamId);
      void expected.timeout.close();
      expected.reject(dialError(`the connection to node ${session.node} was lost`));
    }
  }

  /** A stream the agent of `node` opened: its first frame says which of those we wait for it is. */
  accept(node: string, call: ServerDuplexStream<StreamFrame, StreamFrame>): void {
    // A call that breaks before its first frame is nobody's; the timeout of the one who waits tells.
    call.on('error', () => undefined);
    call.once('data', ({ frame }: StreamFrame) => {
      const opened = frame?.$case === 'opened' ? frame.value : undefined;
      const expected = opened && this.expected.get(opened.streamId);
      if (!opened || expected?.session.node !== node) {
        call.emit('error', new CallRefused(status.NOT_FOUND, 'nobody waits for this stream any more'));
        return;
      }
      this.expected.delete(opened.streamId);
      void expected.timeout.close();
      if (opened.failure.length > 0) {
        call.end();
        expected.reject(StatusError.fromStatus(JSON.parse(opened.failure.toString()) as Partial<Status>));
        return;
      }
      const stream = new FrameStream(call);
      this.metrics.streamOpened(expected.action, stream.status);
      expected.resolve(stream);
    });
  }
}

// As Kubernetes words it when a kubelet cannot be reached.
function dialError(why: string): StatusError {
  return internalError(new Error(`error dialing backend: ${why}`));
}
