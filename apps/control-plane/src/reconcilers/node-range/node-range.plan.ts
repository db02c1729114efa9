/** Hosts bits of a node's pod range: a /24 holds 254 pods. */
const NODE_PREFIX = 24;

/** The first /24 of the cluster's pod range that no node has; undefined when all are taken. */
export function freeRange(podCidr: string, taken: ReadonlySet<string>): string | undefined {
  const [base = '', prefix = ''] = podCidr.split('/');
  const first = base.split('.').reduce((value, octet) => value * 256 + Number(octet), 0);
  const size = 2 ** (32 - NODE_PREFIX);
  const count = 2 ** (NODE_PREFIX - Number(prefix));
  for (let i = 0; i < count; i++) {
    const range = `${toText(first + i * size)}/${NODE_PREFIX}`;
    if (!taken.has(range)) return range;
  }
  return undefined;
}

function toText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
