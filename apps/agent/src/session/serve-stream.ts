import type { Duplex, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { Clock } from '@gantry/base';
import { badRequest } from '@gantry/api';
import { FrameStream, STDERR, STDIN, STDOUT, type Logs, type OpenStream, type StreamFrame } from '@gantry/rpc';
import type { LogOptions, Session } from '@gantry/runtime';
import { logText } from './log-text';
import { exited, failed, succeeded } from './statuses';
import type { StreamActions } from './stream-actions';

/** Runs over the opened stream until its end, and resolves to the status to end it with. */
type Conversation = (stream: FrameStream) => Promise<Buffer>;

/**
 * Does what the gateway asked for and carries it over a call of its own, from its beginning to its status.
 * An action that cannot begin is answered with its failure. When the user leaves, the action is ended.
 */
export async function serveStream(
  request: OpenStream,
  open: () => ClientDuplexStream<StreamFrame, StreamFrame>,
  actions: StreamActions,
  clock: Clock,
): Promise<void> {
  const { streamId } = request;
  let conversation: Conversation;
  try {
    conversation = await begin(request, actions, clock);
  } catch (error) {
    const call = open();
    // The gateway may be gone: then nobody needs the answer.
    call.on('error', () => undefined);
    call.end({ frame: { $case: 'opened', value: { streamId, failure: failed(error) } } });
    return;
  }
  const call = open();
  call.write({ frame: { $case: 'opened', value: { streamId, failure: Buffer.alloc(0) } } });
  const stream = new FrameStream(call);
  try {
    await stream.finish(await conversation(stream).catch(failed));
  } catch (error) {
    stream.close(error as Error);
  }
}

async function begin(request: OpenStream, actions: StreamActions, clock: Clock): Promise<Conversation> {
  const action = request.action;
  switch (action?.$case) {
    case 'exec': {
      const { command, stdin, tty } = action.value;
      const session = await actions.exec(request, { command, stdin, tty });
      return async (stream) => exited(await converse(session, stream, action.value));
    }
    case 'attach': {
      const session = await actions.attach(request, { stdin: action.value.stdin });
      return async (stream) => {
        await converse(session, stream, action.value);
        // The container's end is not the attached user's failure: its exit code stands in the pod's status.
        return succeeded;
      };
    }
    case 'logs':
      return beginLogs(request, action.value, actions, clock);
    case 'portForward': {
      const connection = await actions.portForward(request, action.value.port);
      return (stream) => forward(connection, stream);
    }
    case undefined:
      throw badRequest('this agent does not know the kind of stream that was asked for');
  }
}

/** Resolves to the exit code once all output is passed on. */
async function converse(
  session: Session,
  stream: FrameStream,
  wanted: { stdout: boolean; stderr: boolean; tty: boolean },
): Promise<number> {
  stream.status.catch(() => session.close());
  stream.onResize(({ width, height }) => {
    // A process that has just ended has no terminal to resize.
    session.resize(height, width).catch(() => undefined);
  });
  // The process may close its stdin before the user does.
  if (session.stdin) pipeline(stream.input(STDIN), session.stdin).catch(() => undefined);
  const [code] = await Promise.all([
    session.exit,
    pass(session.stdout, wanted.stdout ? stream.output(STDOUT) : undefined),
    pass(session.stderr, wanted.stderr && !wanted.tty ? stream.output(STDERR) : undefined),
  ]);
  return code;
}

async function pass(from: Readable, to: Writable | undefined): Promise<void> {
  if (to) await pipeline(from, to);
  else from.resume();
}

async function beginLogs(
  request: OpenStream,
  wanted: Logs,
  actions: StreamActions,
  clock: Clock,
): Promise<Conversation> {
  const left = new AbortController();
  const lines = await actions.logs(request, {
    ...logOptions(wanted, clock),
    previous: wanted.previous,
    signal: left.signal,
  });
  return async (stream) => {
    stream.status.catch(() => {
      left.abort();
    });
    await pipeline(logText(lines, wanted), stream.output(STDOUT));
    return succeeded;
  };
}

function logOptions({ follow, tailLines, sinceSeconds, sinceTime }: Logs, clock: Clock): LogOptions {
  const since = sinceSeconds === undefined ? Date.parse(sinceTime) : clock.now() - sinceSeconds * 1000;
  return { follow, ...(tailLines !== undefined && { tail: tailLines }), ...(!Number.isNaN(since) && { since }) };
}

async function forward(connection: Duplex, stream: FrameStream): Promise<Buffer> {
  stream.status.catch(() => {
    connection.destroy();
  });
  // When the pod has closed its side there is nobody left to read what the user may still send.
  pipeline(stream.input(STDIN), connection).catch(() => undefined);
  await pipeline(connection, stream.output(STDOUT));
  return succeeded;
}
