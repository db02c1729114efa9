import type { PodAddresses, PodNetwork } from './pod-network';

/** No network but each sandbox's own loopback: for a node that stands alone. */
export class LoopbackNetwork implements PodNetwork {
  attach(): Promise<PodAddresses> {
    return Promise.resolve({ ip: '127.0.0.1', ips: ['127.0.0.1'] });
  }

  detach(): Promise<void> {
    return Promise.resolve();
  }

  retain(): Promise<void> {
    return Promise.resolve();
  }
}
