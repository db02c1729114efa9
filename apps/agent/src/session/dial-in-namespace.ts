import { closeSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import koffi from 'koffi';

const libc = koffi.load(null);
const setns = libc.func('int setns(int fd, int nstype)') as (fd: number, type: number) => number;
const socket = libc.func('int socket(int domain, int type, int protocol)') as (
  domain: number,
  type: number,
  protocol: number,
) => number;

// <sched.h>, <sys/socket.h> of Linux.
const CLONE_NEWNET = 0x40000000;
const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * A TCP connection to a port on the loopback address of another network namespace.
 *
 * A socket belongs to the namespace it was created in for all its life, so it takes no helper process: this thread
 * steps over, creates the socket and steps back, without giving up control in between.
 */
export async function dialInNamespace(networkNamespace: string, port: number): Promise<Socket> {
  const connection = new Socket({
    fd: socketIn(networkNamespace),
    readable: true,
    writable: true,
    manualStart: true,
  } as never);
  return new Promise((resolve, reject) => {
    connection.setTimeout(CONNECT_TIMEOUT_MS, () =>
      connection.destroy(new Error(`connecting to port ${port} took too long`)),
    );
    connection.once('error', reject);
    connection.connect(port, '127.0.0.1', () => {
      connection.setTimeout(0);
      connection.off('error', reject);
      resolve(connection);
    });
  });
}

function socketIn(networkNamespace: string): number {
  const home = openSync('/proc/thread-self/ns/net', 'r');
  const there = openSync(networkNamespace, 'r');
  try {
    enter(there, networkNamespace);
    const fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const errno = koffi.errno();
    returnTo(home);
    if (fd < 0) throw new Error(`socket: error ${errno}`);
    return fd;
  } finally {
    closeSync(there);
    closeSync(home);
  }
}

function enter(fd: number, path: string): void {
  if (setns(fd, CLONE_NEWNET) !== 0)
    throw new Error(`cannot enter the network namespace ${path}: error ${koffi.errno()}`);
}

function returnTo(home: number): void {
  // In a pod's network the agent would do harm: better it is restarted.
  if (setns(home, CLONE_NEWNET) !== 0) process.abort();
}
