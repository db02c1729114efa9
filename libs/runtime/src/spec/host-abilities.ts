import { readFileSync } from 'node:fs';
import { capabilitiesOfMask } from './capabilities';

/** What this process may pass on: asking the kernel for more makes the container fail. */
export interface HostAbilities {
  capabilities: string[];
  /** Lower values need CAP_SYS_RESOURCE. */
  minimumOomScoreAdj: number;
  cgroupVersion: 1 | 2;
}

export function readHostAbilities(cgroupVersion: 1 | 2): HostAbilities {
  const mask = /^CapPrm:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]!;
  const capabilities = capabilitiesOfMask(mask);
  const minimumOomScoreAdj = capabilities.includes('CAP_SYS_RESOURCE')
    ? -1000
    : Number(readFileSync('/proc/self/oom_score_adj', 'utf8'));
  return { capabilities, minimumOomScoreAdj, cgroupVersion };
}
