import type { EndpointSlice, Service } from '@gantry/api';
import type { Clock, Closeable } from '@gantry/base';
import type { Logger } from '@gantry/observability';
import { Refresher } from '../refresher';
import { difference, emptyElements, tableText, toElements, type Elements } from './packet-filter';
import { serviceRoutes } from './service-routes';

/** What the proxy reads, whenever it looks. */
export interface ServiceProxySources {
  services(): readonly Service[];
  slices(): readonly EndpointSlice[];
  hostPorts(): ReadonlyMap<string, string>;
  localPods(): Iterable<string>;
}

export interface ServiceProxySettings {
  nodeName: string;
  podRange: string;
  serviceRange: string;
}

/**
 * Makes the node's packet filter follow the cluster's services. `changed()` may be called for every event:
 * a roll-out's burst of changes costs one run of nft.
 */
export class ServiceProxy implements Closeable {
  /** What the kernel holds, as far as we know. */
  private applied?: Elements;
  private readonly refresher: Refresher;

  constructor(
    private readonly settings: ServiceProxySettings,
    private readonly sources: ServiceProxySources,
    private readonly nft: (commands: string) => Promise<void>,
    clock: Clock,
    log: Logger,
  ) {
    this.refresher = new Refresher(() => this.apply(), clock, log);
  }

  changed(): void {
    this.refresher.changed();
  }

  close(): Promise<void> {
    return this.refresher.close();
  }

  private async apply(): Promise<void> {
    const { nodeName, podRange, serviceRange } = this.settings;
    const routes = serviceRoutes(this.sources.services(), this.sources.slices(), nodeName);
    const wanted = toElements(routes, this.sources.hostPorts(), this.sources.localPods());
    const commands = difference(this.applied ?? emptyElements(), wanted);
    if (!this.applied) commands.unshift(tableText(podRange, serviceRange));
    // Should nft fail, nobody knows what the kernel holds: the next try replaces the whole table.
    this.applied = undefined;
    if (commands.length > 0) await this.nft(commands.join('\n') + '\n');
    this.applied = wanted;
  }
}
