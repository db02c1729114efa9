import type { SchemaClass } from '../fields';
import type { KubeObject } from '../meta';
import type { ResourceRef } from '../request';
import { kindOf } from './kind';
import type { KindInfo } from './kind';

/** The kinds a server serves. Custom resources come and go at run time; whoever derives something from it follows `version`. */
export class KindRegistry {
  private readonly byResourceName = new Map<string, KindInfo>();
  private readonly byKindName = new Map<string, KindInfo>();
  private changes = 0;

  constructor(schemas: readonly SchemaClass<KubeObject>[] = []) {
    for (const schema of schemas) this.register(kindOf(schema));
  }

  /** Grows with every change: what was derived at another number is out of date. */
  get version(): number {
    return this.changes;
  }

  /** Adds a kind, or replaces the one of the same group, version and plural. */
  register(kind: KindInfo): void {
    this.unregister(kind);
    this.byResourceName.set(resourceKey(kind), kind);
    this.byKindName.set(kindKey(kind.apiVersion, kind.kind), kind);
    this.changes++;
  }

  unregister(resource: ResourceRef): void {
    const known = this.byResource(resource);
    if (!known) return;
    this.byResourceName.delete(resourceKey(known));
    this.byKindName.delete(kindKey(known.apiVersion, known.kind));
    this.changes++;
  }

  byResource(resource: ResourceRef): KindInfo | undefined {
    return this.byResourceName.get(resourceKey(resource));
  }

  byKind(apiVersion: string, kind: string): KindInfo | undefined {
    return this.byKindName.get(kindKey(apiVersion, kind));
  }

  /** In the order of registration. */
  all(): KindInfo[] {
    return [...this.byResourceName.values()];
  }
}

function resourceKey({ group, version, resource }: ResourceRef): string {
  return `${group}/${version}/${resource}`;
}

function kindKey(apiVersion: string, kind: string): string {
  return `${apiVersion}/${kind}`;
}
