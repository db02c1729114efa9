import type { Clock, Closeable } from '@gantry/base';
import { type KindInfo, type KindRegistry, type User } from '@gantry/api';
import type { Transport } from '@gantry/client';
import type { Logger } from '@gantry/observability';
import type { Store } from '@gantry/store';
import { Admission } from '../admission/admission';
import { namespaceLifecycle } from '../admission/namespace-lifecycle';
import { nodeRules } from '../admission/node-rules';
import { podDefaults } from '../admission/pod-defaults';
import { UnionAuthorizer } from '../auth/authorization';
import { CachedPods } from '../auth/cached-pods';
import { GroupAuthorizer } from '../auth/group-authorizer';
import { NodeAuthorizer } from '../auth/node-authorizer';
import { ServiceCompanion, type ServiceRanges } from './allocation/service-companion';
import { Apiserver } from './apiserver';
import { InProcessTransport } from './in-process-transport';
import { ObjectStorage } from './storage/object-storage';
import { ResourceCaches } from './storage/resource-caches';
import { Companions } from './writes/companions';

export interface ApiserverParts extends ServiceRanges {
  store: Store;
  kinds: KindRegistry;
  clock: Clock;
  log: Logger;
}

/** An apiserver ready to answer, without any transport but the one in this process. */
export interface AssembledApiserver extends Closeable {
  apiserver: Apiserver;
  authorizer: UnionAuthorizer;
  caches: ResourceCaches;
  transport: (user: User) => Transport;
}

export function assembleApiserver({ store, kinds, clock, log, ...ranges }: ApiserverParts): AssembledApiserver {
  const caches = new ResourceCaches({ store, clock, log });
  const storage = new ObjectStorage(store);
  const services = core(kinds, 'services');
  const companions = new Companions(storage, new Map([['services', new ServiceCompanion(store, services, ranges)]]));
  const admission = new Admission([namespaceLifecycle, podDefaults, nodeRules]);
  const pods = new CachedPods(caches, core(kinds, 'pods'));
  const authorizer = new UnionAuthorizer([new GroupAuthorizer(), new NodeAuthorizer(pods)]);
  const apiserver = new Apiserver({
    services: { kinds, storage, caches, admission, companions, clock },
    authorizer,
    clock,
    log: log.child({ scope: 'apiserver' }),
  });
  return {
    apiserver,
    authorizer,
    caches,
    transport: (user) => new InProcessTransport(apiserver, user),
    close: () => {
      caches.close();
    },
  };
}

function core(kinds: KindRegistry, resource: string): KindInfo {
  const kind = kinds.byResource({ group: '', version: 'v1', resource });
  if (!kind) throw new Error(`the registry lacks ${resource}`);
  return kind;
}
