import type { Filter } from './filter';

/** The host ports the pod wants are free on the node; a port on all addresses clashes with the same port on any. */
export const hostPorts: Filter = {
  name: 'NodePorts',
  prepare({ hostPorts: wanted }, table) {
    if (wanted.length === 0) return undefined;
    const clash = (slot: number): string | undefined => {
      for (const port of wanted) for (const used of table.hostPorts[slot]!.keys()) if (clashes(port, used)) return port;
      return undefined;
    };
    return {
      passes: (slot) => table.hostPorts[slot]!.size === 0 || clash(slot) === undefined,
      explain(slot) {
        const [protocol, , port] = clash(slot)!.split('/');
        return [{ reason: `host port ${port}/${protocol} is in use` }];
      },
    };
  },
};

function clashes(a: string, b: string): boolean {
  const [protocolA, addressA, portA] = a.split('/');
  const [protocolB, addressB, portB] = b.split('/');
  const any = '0.0.0.0';
  return protocolA === protocolB && portA === portB && (addressA === addressB || addressA === any || addressB === any);
}
