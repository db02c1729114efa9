import { type KindRegistry, Namespace, type User, builtinKinds } from '@gantry/api';
import { type Clock, type Closeable, systemClock } from '@gantry/base';
import { type Transport, TypedClient } from '@gantry/client';
import { silentLogger } from '@gantry/observability';
import { MemoryStore, type Store } from '@gantry/store';
import type { Apiserver } from '../apiserver/apiserver';
import { type AssembledApiserver, assembleApiserver } from '../apiserver/assemble';
import { apiserverUser } from '../auth/users';
import { Ipv4Range } from '../settings/ipv4-range';

export interface WorldOptions {
  clock?: Clock;
  /** Any store that passes the suite; one in memory unless given. */
  store?: Store;
  kinds?: KindRegistry;
  addresses?: string;
  nodePorts?: { first: number; last: number };
}

/**
 * The real apiserver over a store in memory, in this process: what specs of reconcilers, the scheduler and the
 * gateway run against. It holds nothing but the namespace `default`; close it when the spec is over.
 */
export class World implements Closeable {
  /** The API as the administrator sees it. */
  readonly client: TypedClient;

  private constructor(
    readonly store: Store,
    private readonly assembled: AssembledApiserver,
  ) {
    this.client = new TypedClient(this.transport());
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    const { clock = systemClock, store = new MemoryStore(), kinds = builtinKinds } = options;
    const { addresses = '10.96.0.0/16', nodePorts = { first: 30000, last: 32767 } } = options;
    const ranges = { addresses: Ipv4Range.parse(addresses), nodePorts };
    const world = new World(store, assembleApiserver({ store, kinds, clock, log: silentLogger, ...ranges }));
    await world.addNamespace('default');
    return world;
  }

  get apiserver(): Apiserver {
    return this.assembled.apiserver;
  }

  get parts(): AssembledApiserver {
    return this.assembled;
  }

  transport(user: User = apiserverUser): Transport {
    return this.assembled.transport(user);
  }

  async addNamespace(name: string): Promise<void> {
    await this.client.resource(Namespace).create({ metadata: { name } });
  }

  async close(): Promise<void> {
    await this.assembled.close();
    await this.store.close();
  }
}
