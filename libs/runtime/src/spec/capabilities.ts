import { invalid } from '../errors';
import type { Security } from '../runtime';

/** All capabilities by their number (capabilities(7)). */
const names =
  `CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE
  NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN
  SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE
  MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`
    .split(/\s+/)
    .map((name) => `CAP_${name}`);

/** What every container gets unless told otherwise: the set Docker documents. */
const defaults = new Set(
  `CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL
  AUDIT_WRITE`
    .split(/\s+/)
    .map((name) => `CAP_${name}`),
);

/** The names in a mask as /proc/PID/status shows it (`CapPrm`). */
export function capabilitiesOfMask(hex: string): string[] {
  const mask = BigInt(`0x${hex}`);
  return names.filter((_, bit) => (mask >> BigInt(bit)) & 1n);
}

/** What the container gets: defaults (all, when privileged), with those added and without those dropped, as far as they can be given. */
export function containerCapabilities(security: Security, grantable: readonly string[]): string[] {
  const added = parse(security.capabilitiesAdd ?? []);
  const dropped = parse(security.capabilitiesDrop ?? []);
  if (security.privileged) return [...grantable];
  const has = (name: string) => {
    // A name given itself outweighs ALL on the other side.
    if (added.names.has(name)) return true;
    if (dropped.names.has(name)) return false;
    return added.all || (!dropped.all && defaults.has(name));
  };
  return grantable.filter(has);
}

function parse(list: string[]): { all: boolean; names: Set<string> } {
  const given = list.map((text) => text.toUpperCase().replace(/^(CAP_)?/, 'CAP_'));
  const unknown = given.find((name) => name !== 'CAP_ALL' && !names.includes(name));
  if (unknown) throw invalid(`unknown capability ${unknown}`);
  return { all: given.includes('CAP_ALL'), names: new Set(given.filter((name) => name !== 'CAP_ALL')) };
}
