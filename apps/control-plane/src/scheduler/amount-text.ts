import { canonicalQuantity } from '@gantry/api';

const BYTES = new Set(['memory', 'ephemeral-storage']);
const MI = 2 ** 20;

/** An amount as people write it: cpu in thousandths (`700m`), bytes in whole Mi where they are large. */
export function amountText(resource: string, amount: number): string {
  if (resource === 'cpu') return `${Math.round(amount)}m`;
  if ((BYTES.has(resource) || resource.startsWith('hugepages-')) && Math.abs(amount) >= MI) {
    return `${Math.floor(amount / MI)}Mi`;
  }
  return canonicalQuantity(amount);
}
