import type { KubeObject, SchemaClass } from '@gantry/api';
import type { Closeable } from '@gantry/base';
import type { TypedClient } from '../typed-client';
import { Informer, type InformerOptions, type InformerScope } from './informer';

/** One informer per kind and scope, shared by all who need it. */
export class InformerSet implements Closeable {
  private readonly informers = new Map<SchemaClass, Map<string, Informer<KubeObject>>>();
  private started = false;

  constructor(
    private readonly client: TypedClient,
    private readonly options: InformerOptions = {},
  ) {}

  /** Asked for after `start`, it starts at once. */
  of<T extends KubeObject>(schema: SchemaClass<T>, scope: InformerScope = {}): Informer<T> {
    let ofKind = this.informers.get(schema);
    if (!ofKind) this.informers.set(schema, (ofKind = new Map<string, Informer<KubeObject>>()));
    const scopeText = JSON.stringify([scope.namespace, scope.labelSelector, scope.fieldSelector]);
    let informer = ofKind.get(scopeText) as unknown as Informer<T> | undefined;
    if (!informer) {
      informer = new Informer(this.client.resource(schema), scope, this.options);
      ofKind.set(scopeText, informer as unknown as Informer<KubeObject>);
      if (this.started) informer.start();
    }
    return informer;
  }

  start(): void {
    this.started = true;
    for (const informer of this.all()) informer.start();
  }

  /** Resolves once all informers asked for so far are synced. */
  async synced(): Promise<void> {
    await Promise.all(this.all().map((informer) => informer.synced()));
  }

  get isSynced(): boolean {
    return this.all().every((informer) => informer.isSynced);
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map((informer) => informer.close()));
  }

  private all(): Informer<KubeObject>[] {
    return [...this.informers.values()].flatMap((ofKind) => [...ofKind.values()]);
  }
}
