import type { EndpointSlice, Service } from '@gantry/api';
import { groupByService } from '../services/service-routes';

export type DnsRecord =
  | { type: 'A'; name: string; data: string }
  | { type: 'SRV'; name: string; data: { priority: number; weight: number; port: number; target: string } }
  | { type: 'CNAME'; name: string; data: string }
  | { type: 'PTR'; name: string; data: string };

/** `unknown`: the name does not exist (NXDOMAIN); `elsewhere`: not this zone's to answer. */
export type DnsAnswer = { records: DnsRecord[] } | 'unknown' | 'elsewhere';

/**
 * The cluster's names, by the Kubernetes DNS specification 1.1.0: services, headless services with their endpoints,
 * named ports, pods by address, and the way back from service addresses.
 */
export class Zone {
  private readonly names = new Map<string, DnsRecord[]>();

  constructor(
    private readonly domain: string,
    services: readonly Service[],
    slices: readonly EndpointSlice[],
  ) {
    const slicesOf = groupByService(slices);
    for (const service of services) {
      const own = slicesOf.get(`${service.metadata.namespace}/${service.metadata.name}`) ?? [];
      this.addService(service, own);
    }
    this.addEmptyParents();
  }

  /** `name` without its final dot, in any case. `type` is a DNS type name. */
  lookup(name: string, type: string): DnsAnswer {
    const lower = name.toLowerCase();
    const reverse = lower.endsWith('.in-addr.arpa');
    if (!reverse && lower !== this.domain && !lower.endsWith(`.${this.domain}`)) return 'elsewhere';
    const records = this.names.get(lower) ?? this.podRecord(lower);
    if (!records) return reverse ? 'elsewhere' : 'unknown';
    return { records: records.filter((record) => record.type === type || record.type === 'CNAME' || type === 'ANY') };
  }

  private addService(service: Service, slices: EndpointSlice[]): void {
    const base = `${service.metadata.name}.${service.metadata.namespace}.svc.${this.domain}`;
    const { spec } = service;
    if (spec.type === 'ExternalName') {
      if (spec.externalName) this.add({ type: 'CNAME', name: base, data: spec.externalName });
      return;
    }
    this.names.set(base, this.names.get(base) ?? []);
    if (spec.clusterIP === 'None') {
      for (const slice of slices) this.addHeadless(base, slice, spec.publishNotReadyAddresses ?? false);
      return;
    }
    if (!spec.clusterIP) return;
    this.add({ type: 'A', name: base, data: spec.clusterIP });
    this.add({ type: 'PTR', name: reverseName(spec.clusterIP), data: base });
    for (const port of spec.ports ?? []) this.addPort(base, port.name, port.protocol, port.port, base);
  }

  private addHeadless(base: string, slice: EndpointSlice, evenUnready: boolean): void {
    if (slice.addressType !== 'IPv4') return;
    for (const endpoint of slice.endpoints) {
      if (endpoint.conditions?.ready === false && !evenUnready) continue;
      const [address] = endpoint.addresses;
      if (address === undefined) continue;
      const own = `${endpoint.hostname ?? address.replaceAll('.', '-')}.${base}`;
      this.add({ type: 'A', name: base, data: address });
      this.add({ type: 'A', name: own, data: address });
      this.add({ type: 'PTR', name: reverseName(address), data: own });
      for (const port of slice.ports ?? []) {
        if (port.port) this.addPort(base, port.name, port.protocol, port.port, own);
      }
    }
  }

  private addPort(base: string, name: string | undefined, protocol = 'TCP', port: number, target: string): void {
    if (!name) return;
    const data = { priority: 0, weight: 100, port, target };
    this.add({ type: 'SRV', name: `_${name}._${protocol.toLowerCase()}.${base}`, data });
  }

  private add(record: DnsRecord): void {
    const existing = this.names.get(record.name);
    if (!existing) this.names.set(record.name, [record]);
    else if (!existing.some((other) => JSON.stringify(other) === JSON.stringify(record))) existing.push(record);
  }

  // A name with names below it exists, without records (RFC 8020): resolvers may stop searching on NXDOMAIN.
  private addEmptyParents(): void {
    for (const name of [...this.names.keys()]) {
      for (let parent = name; parent !== this.domain && parent.endsWith(this.domain);) {
        parent = parent.slice(parent.indexOf('.') + 1);
        if (!this.names.has(parent)) this.names.set(parent, []);
      }
    }
    if (!this.names.has(this.domain)) this.names.set(this.domain, []);
  }

  // `10-244-1-5.default.pod.cluster.local`
  private podRecord(name: string): DnsRecord[] | undefined {
    const suffix = `.pod.${this.domain}`;
    if (!name.endsWith(suffix)) return undefined;
    const address = /^(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})\.[a-z0-9-]+$/.exec(name.slice(0, -suffix.length));
    if (!address) return undefined;
    return [{ type: 'A', name, data: address.slice(1, 5).join('.') }];
  }
}

export function reverseName(address: string): string {
  return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
}
