import { type KindInfo, type KubeObject, type Service, type ServicePort, invalid, invalidValue } from '@gantry/api';
import type { Operation, Store } from '@gantry/store';
import type { Ipv4Range } from '../../settings/ipv4-range';
import type { Claim, Companion } from '../writes/companions';
import { Allocator } from './allocator';

export interface ServiceRanges {
  addresses: Ipv4Range;
  nodePorts: { first: number; last: number };
}

// The first addresses are left to those who want a particular one: the API itself, the DNS server.
const RESERVED_ADDRESSES = 16;
const HEADLESS = 'None';

/** A value that a service holds, or is about to. */
interface Holding {
  key: string;
  /** What the client is told when it asked for this value and somebody else has it. */
  taken: () => Error;
  /** Set when the value was our choice: forgets it, so that another one can be chosen. */
  drop?: () => void;
}

/** Cluster addresses and node ports: each belongs to at most one service at any time. */
export class ServiceCompanion implements Companion {
  private readonly addresses: Allocator;
  private readonly ports: Allocator;

  constructor(
    store: Store,
    private readonly kind: KindInfo,
    private readonly ranges: ServiceRanges,
  ) {
    const { addresses, nodePorts } = ranges;
    this.addresses = new Allocator(store, {
      name: 'clusterips',
      // The last address is the broadcast address.
      size: addresses.size - 1,
      reserved: Math.min(RESERVED_ADDRESSES, Math.floor(addresses.size / 2)),
      at: (index) => addresses.at(index),
    });
    this.ports = new Allocator(store, {
      name: 'nodeports',
      size: nodePorts.last - nodePorts.first + 1,
      reserved: 0,
      at: (index) => String(nodePorts.first + index),
    });
  }

  async claim(object: KubeObject, old: KubeObject | undefined): Promise<Claim> {
    const service = object as Service;
    const before = new Set(old ? this.keysOf(old as Service) : []);
    const holdings = [...(await this.claimAddress(service)), ...(await this.claimPorts(service))];
    const keys = new Set(holdings.map(({ key }) => key));
    const value = Buffer.from(`${service.metadata.namespace}/${service.metadata.name}`);
    const puts = [...keys]
      .filter((key) => !before.has(key))
      .map((key): Operation => ({ type: 'put', key, value, expect: 0 }));
    const deletes = [...before].filter((key) => !keys.has(key)).map((key): Operation => ({ type: 'delete', key }));
    return {
      operations: [...puts, ...deletes],
      onTaken: (key) => {
        const holding = holdings.find((candidate) => candidate.key === key)!;
        if (!holding.drop) throw holding.taken();
        holding.drop();
      },
    };
  }

  release(object: KubeObject): Operation[] {
    return this.keysOf(object as Service).map((key) => ({ type: 'delete', key }));
  }

  private async claimAddress({ metadata, spec }: Service): Promise<Holding[]> {
    if (spec.type === 'ExternalName') {
      spec.clusterIP = undefined;
      spec.clusterIPs = undefined;
      spec.ipFamilies = undefined;
      spec.ipFamilyPolicy = undefined;
      return [];
    }
    const wanted = spec.clusterIP ?? spec.clusterIPs?.[0];
    const address = wanted || (await this.addresses.pick(new Set()));
    Object.assign(spec, {
      clusterIP: address,
      clusterIPs: [address],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    });
    if (address === HEADLESS) return [];
    const refuse = (why: string): Error =>
      invalid(this.kind, metadata.name, [
        invalidValue('spec.clusterIPs', [address], `failed to allocate IP ${address}: ${why}`),
      ]);
    const range = this.ranges.addresses;
    if (range.indexOf(address) === undefined) {
      throw refuse(
        `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${range.toString()}`,
      );
    }
    const drop = (): void => {
      this.addresses.failed();
      delete spec.clusterIP;
      delete spec.clusterIPs;
    };
    const taken = (): Error => refuse('provided IP is already allocated');
    return [{ key: this.addresses.keyOf(address), taken, drop: wanted ? undefined : drop }];
  }

  private async claimPorts(service: Service): Promise<Holding[]> {
    const { spec } = service;
    if (!usesNodePorts(service)) return [];
    const holdings: Holding[] = [];
    const chosen = new Set((spec.ports ?? []).flatMap(({ nodePort }) => (nodePort ? [String(nodePort)] : [])));
    for (const [index, port] of (spec.ports ?? []).entries()) {
      const drop = port.nodePort ? undefined : await this.pickPort(port, chosen);
      holdings.push({ ...this.portHolding(service, port, index), drop });
    }
    return holdings;
  }

  private async pickPort(port: ServicePort, chosen: Set<string>): Promise<() => void> {
    const value = await this.ports.pick(chosen);
    chosen.add(value);
    port.nodePort = Number(value);
    return () => {
      this.ports.failed();
      delete port.nodePort;
    };
  }

  private portHolding({ metadata }: Service, { nodePort }: ServicePort, index: number): Holding {
    const { first, last } = this.ranges.nodePorts;
    const refuse = (why: string): Error =>
      invalid(this.kind, metadata.name, [invalidValue(`spec.ports[${index}].nodePort`, nodePort, why)]);
    if (nodePort! < first || nodePort! > last) {
      throw refuse(`provided port is not in the valid range. The range of valid ports is ${first}-${last}`);
    }
    return { key: this.ports.keyOf(String(nodePort)), taken: () => refuse('provided port is already allocated') };
  }

  /** What a stored service holds. */
  private keysOf(service: Service): string[] {
    const { clusterIP, type, ports = [] } = service.spec;
    const address =
      clusterIP && clusterIP !== HEADLESS && type !== 'ExternalName' ? [this.addresses.keyOf(clusterIP)] : [];
    const numbers = usesNodePorts(service) ? ports.flatMap(({ nodePort }) => (nodePort ? [String(nodePort)] : [])) : [];
    return [...address, ...[...new Set(numbers)].map((number) => this.ports.keyOf(number))];
  }
}

function usesNodePorts({ spec: { type, allocateLoadBalancerNodePorts } }: Service): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
}
