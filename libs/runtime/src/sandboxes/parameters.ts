import { invalid } from '../errors';

/** Kernel parameters that belong to a namespace (docs.kernel.org/admin-guide/sysctl): any other would change the whole node. */
const namespaced = {
  network: /^net\//,
  ipc: /^(fs\/mqueue\/|kernel\/(shm|msg)\w+$|kernel\/sem$)/,
};

/**
 * The paths below /proc/sys of the given sysctls, in either spelling (`net.ipv4.ip_forward`, `net/ipv4/ip_forward`).
 * Throws {@link RuntimeError} for one that would reach beyond the sandbox's private namespaces.
 */
export function kernelParameters(
  sysctls: Record<string, string>,
  own: { network: boolean; ipc: boolean },
): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of Object.entries(sysctls)) {
    const path = parameterPath(name);
    if (namespaced.network.test(path)) {
      if (!own.network) throw invalid(`sysctl ${name} is not allowed with the host's network`);
    } else if (namespaced.ipc.test(path)) {
      if (!own.ipc) throw invalid(`sysctl ${name} is not allowed with the host's IPC namespace`);
    } else {
      throw invalid(`sysctl ${name} is not namespaced: it would change the whole node`);
    }
    parameters[path] = value;
  }
  return parameters;
}

function parameterPath(name: string): string {
  // Whichever separator comes first is the separator; the other is then part of a name (an interface `eth0.1`).
  const dotted = name.search(/[./]/) >= 0 && name[name.search(/[./]/)] === '.';
  const path = dotted ? name.replace(/[./]/g, (c) => (c === '.' ? '/' : '.')) : name;
  if (!/^[\w.-]+(\/[\w.-]+)+$/.test(path) || path.split('/').includes('..'))
    throw invalid(`invalid sysctl name ${name}`);
  return path;
}
