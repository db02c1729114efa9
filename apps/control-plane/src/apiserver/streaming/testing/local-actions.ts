import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { PassThrough, type Duplex } from 'node:stream';
import { once } from 'node:events';
import { notFound } from '@gantry/api';
import type { LogLine, Session } from '@gantry/runtime';
import type { StreamActions } from '../../../../../agent/src/session/stream-actions';

/** An agent's actions that run on this machine instead of in containers, for specs of everything above them. */
export class LocalActions implements StreamActions {
  readonly sizes: [number, number][] = [];
  /** Sessions begun and not ended. */
  running = 0;
  logLines: LogLine[] = [];
  /** Lines that come while the log is followed. */
  readonly followed = new PassThrough({ objectMode: true });
  lastLogs?: Parameters<StreamActions['logs']>[1];

  exec: StreamActions['exec'] = ({ container }, { command, tty }) => {
    if (container === 'stopped') {
      return Promise.reject(notFound({ group: '', plural: 'containers', kind: 'Container' }, container));
    }
    // `script` gives the command a terminal.
    const [file, ...args] = tty ? ['script', '-qec', command.join(' '), '/dev/null'] : command;
    return Promise.resolve(this.session(file!, args));
  };

  attach: StreamActions['attach'] = () => Promise.resolve(this.session('cat', []));

  logs: StreamActions['logs'] = (_target, options) => {
    this.lastLogs = options;
    return Promise.resolve(this.lines(options));
  };

  portForward: StreamActions['portForward'] = async (_pod, port): Promise<Duplex> => {
    const connection = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await once(connection, 'connect');
    return connection;
  };

  private async *lines({ tail, follow, signal }: Parameters<StreamActions['logs']>[1]): AsyncGenerator<LogLine> {
    yield* tail === undefined ? this.logLines : this.logLines.slice(this.logLines.length - tail);
    if (!follow) return;
    signal?.addEventListener('abort', () => this.followed.destroy());
    for await (const line of this.followed) yield line as LogLine;
  }

  private session(file: string, args: string[]): Session {
    const child = spawn(file, args);
    this.running++;
    const exit = new Promise<number>((resolve) => {
      child.once('error', () => {
        resolve(127);
      });
      child.once('close', (code) => {
        resolve(code ?? 137);
      });
    });
    void exit.then(() => this.running--);
    return {
      stdin: child.stdin,
      stdout: child.stdout,
      stderr: child.stderr,
      exit,
      resize: (rows, columns) => Promise.resolve(void this.sizes.push([rows, columns])),
      close: () => void child.kill('SIGKILL'),
    };
  }
}
