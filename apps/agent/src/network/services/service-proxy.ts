import type { EndpointSlice, Service } from '@gantry/api';
import { backoffDelay, sleep, type Clock, type Closeable } from '@gantry/base';
import type { Logger } from '@gantry/observability';
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

const RETRY = { initial: 200, max: 10_000 };
// Endpoints of a roll-out change in bursts: a short wait turns a burst into one run of nft.
const GATHER_MS = 20;

/**
 * Makes the node's packet filter follow the cluster's services. `changed()` may be called for every event:
 * changes that come while one is applied are taken together.
 */
export class ServiceProxy implements Closeable {
  private applied?: Elements;
  private dirty = false;
  private running?: Promise<void>;
  private readonly stopped = new AbortController();

  constructor(
    private readonly settings: ServiceProxySettings,
    private readonly sources: ServiceProxySources,
    private readonly nft: (commands: string) => Promise<void>,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  changed(): void {
    this.dirty = true;
    this.running ??= this.follow().finally(() => (this.running = undefined));
  }

  async close(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async follow(): Promise<void> {
    let failures = 0;
    while (this.dirty && !this.stopped.signal.aborted) {
      const wait = failures > 0 ? backoffDelay(RETRY, failures) : GATHER_MS;
      await sleep(this.clock, wait, this.stopped.signal).catch(() => undefined);
      this.dirty = false;
      try {
        await this.apply();
        failures = 0;
      } catch (error) {
        // Nobody knows what the kernel holds now: the next try replaces the whole table.
        this.applied = undefined;
        this.dirty = true;
        failures++;
        this.log.error({ err: error }, 'the packet filter refused the services');
      }
    }
  }

  private async apply(): Promise<void> {
    const { nodeName, podRange, serviceRange } = this.settings;
    const routes = serviceRoutes(this.sources.services(), this.sources.slices(), nodeName);
    const wanted = toElements(routes, this.sources.hostPorts(), this.sources.localPods());
    const commands = difference(this.applied ?? emptyElements(), wanted);
    if (!this.applied) commands.unshift(tableText(podRange, serviceRange));
    if (commands.length > 0) await this.nft(commands.join('\n') + '\n');
    this.applied = wanted;
  }
}
