import { getSystemErrorName } from 'node:util';
import koffi from 'koffi';

/**
 * The system calls that Node has no words for. Called directly they cost microseconds, where a helper program costs
 * milliseconds of fork and exec. All are synchronous; only those that may wait for a disk have an asynchronous form.
 */

const libc = koffi.load(null);

const call = {
  mount: libc.func(
    'int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)',
  ),
  umount2: libc.func('int umount2(const char *target, int flags)'),
  unshare: libc.func('int unshare(int flags)'),
  setns: libc.func('int setns(int fd, int type)'),
  sethostname: libc.func('int sethostname(const char *name, size_t length)'),
  socket: libc.func('int socket(int domain, int type, int protocol)'),
  ioctl: libc.func('int ioctl(int fd, unsigned long request, void *argument)'),
  pipe2: libc.func('int pipe2(_Out_ int *fds, int flags)'),
  flock: libc.func('int flock(int fd, int operation)'),
  mknod: libc.func('int mknod(const char *path, unsigned int mode, unsigned long device)'),
  lsetxattr: libc.func('int lsetxattr(const char *path, const char *name, const char *value, size_t size, int flags)'),
  pidfdOpen: libc.func('syscall', 'long', ['long', 'int', 'unsigned int']),
  pidfdSendSignal: libc.func('syscall', 'long', ['long', 'int', 'int', 'void *', 'unsigned int']),
  openat2: libc.func('syscall', 'long', ['long', 'int', 'const char *', 'void *', 'size_t']),
} as const;

export class SystemCallError extends Error {
  override name = 'SystemCallError';
  /** `ENOENT`, `EBUSY`, … */
  readonly code: string;

  constructor(
    readonly syscall: string,
    readonly errno: number,
    subject: string,
  ) {
    const code = getSystemErrorName(-errno);
    super(`${syscall} ${subject}: ${code}`);
    this.code = code;
  }
}

function checked(result: number, syscall: string, subject: string): number {
  if (result < 0) throw new SystemCallError(syscall, koffi.errno(), subject);
  return result;
}

export const MountFlag = {
  readOnly: 1,
  noSuid: 2,
  noDev: 4,
  noExec: 8,
  remount: 32,
  bind: 4096,
  recursive: 16384,
  private: 1 << 18,
};

export function mount(source: string, target: string, type: string | null, flags: number, data: string | null): void {
  checked(call.mount(source, target, type, flags, data) as number, 'mount', target);
}

const DETACH = 2;
const NO_FOLLOW = 8;

/** Unmounts lazily: what still uses it keeps it, the path is free at once. Waits in another thread, for overlay syncs its disk. */
export async function unmount(target: string): Promise<void> {
  const result = await new Promise<number>((resolve, reject) => {
    call.umount2.async(target, DETACH | NO_FOLLOW, (error: Error | null, value: number) => {
      if (error) reject(error);
      else resolve(value);
    });
  });
  // errno belongs to the other thread: a repetition, which fails at once, tells it to this one.
  if (result < 0) checked(call.umount2(target, DETACH | NO_FOLLOW) as number, 'umount', target);
}

export const Namespace = { uts: 0x04000000, ipc: 0x08000000, network: 0x40000000 } as const;

/** Moves the calling thread into new namespaces. */
export const unshare = (flags: number): void => void checked(call.unshare(flags) as number, 'unshare', String(flags));

/** Moves the calling thread into the namespace that the descriptor refers to. */
export const setNamespace = (fd: number): void => void checked(call.setns(fd, 0) as number, 'setns', String(fd));

export const setHostname = (name: string): void =>
  void checked(call.sethostname(name, Buffer.byteLength(name)) as number, 'sethostname', name);

const AF_INET = 2;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
const SIOCSIFFLAGS = 0x8914;
const IFF_UP_RUNNING = 0x41;

/** Brings `lo` up in the network namespace of the calling thread. Returns the socket to close. */
export function loopbackUp(): number {
  const socket = checked(call.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0) as number, 'socket', 'AF_INET');
  const request = Buffer.alloc(40); // struct ifreq: name at 0, flags at 16
  request.write('lo');
  request.writeUInt16LE(IFF_UP_RUNNING, 16);
  checked(call.ioctl(socket, SIOCSIFFLAGS, request) as number, 'ioctl', 'lo');
  return socket;
}

const O_CLOEXEC = 0o2000000;

/** A true pipe. Node's own are sockets, which processes can't reopen as /dev/stdout. Both ends close on exec. */
export function pipe(): { read: number; write: number } {
  const fds = [0, 0];
  checked(call.pipe2(fds, O_CLOEXEC) as number, 'pipe2', '');
  return { read: fds[0]!, write: fds[1]! };
}

/** Takes the lock that ends with the descriptor; false when another process holds it. */
export function tryLock(fd: number): boolean {
  const EXCLUSIVE_NONBLOCKING = 2 | 4;
  return (call.flock(fd, EXCLUSIVE_NONBLOCKING) as number) === 0;
}

const S_IFCHR = 0o020000;

/** The character device 0:0 by which overlayfs hides what lies below. */
export const makeWhiteout = (path: string): void => void checked(call.mknod(path, S_IFCHR, 0) as number, 'mknod', path);

export const setAttribute = (path: string, name: string, value: string): void =>
  void checked(call.lsetxattr(path, name, value, value.length, 0) as number, 'lsetxattr', path);

const SYS_pidfd_send_signal = 424;
const SYS_pidfd_open = 434;
const SYS_openat2 = 437;

/** A descriptor that means this process and never a later one with its number. */
export const openProcess = (pid: number): number =>
  checked(Number(call.pidfdOpen(SYS_pidfd_open, pid, 0)), 'pidfd_open', String(pid));

export const signalProcessFd = (fd: number, signal: number): void =>
  void checked(
    Number(call.pidfdSendSignal(SYS_pidfd_send_signal, fd, signal, null, 0)),
    'pidfd_send_signal',
    String(signal),
  );

const RESOLVE_IN_ROOT = 0x10n;

/** Opens for reading as if `root` were `/`: no symlink or `..` leads out of it. */
export function openInRoot(root: number, path: string): number {
  const how = Buffer.alloc(24); // struct open_how: flags, mode, resolve
  how.writeBigUInt64LE(BigInt(O_CLOEXEC), 0);
  how.writeBigUInt64LE(RESOLVE_IN_ROOT, 16);
  return checked(Number(call.openat2(SYS_openat2, root, path, how, 24)), 'openat2', path);
}
