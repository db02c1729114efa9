import type { ResourceRef } from '../request';
import type { SchemaClass } from '../fields';
import { NamespacedObject } from '../meta';
import type { KubeObject } from '../meta';
import { ageColumn, nameColumn } from './columns';
import type { Strategy } from './strategy';

/** One column of `kubectl get`. */
export interface Column<T extends KubeObject> {
  name: string;
  /** OpenAPI type; ages are strings, made by the value function. */
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  /** `name` marks the column that identifies the object. */
  format?: string;
  /** 0 is always shown, more only with `-o wide`. */
  priority?: number;
  description: string;
  /** `now` in milliseconds since the epoch, for ages. */
  value: (object: T, now: number) => Cell;
}

export type Cell = string | number | boolean | null;

/** Where `/scale` finds its numbers, as dotted paths; replicas are absent until set. */
export interface ScalePaths {
  spec: string;
  status: string;
  /** The selector, in string form or as a LabelSelector. */
  selector?: string;
}

/** What is declared about a kind. */
export interface KindDeclaration<T extends KubeObject> {
  /** Empty for core. */
  group: string;
  version: string;
  /** The resource in URLs: `deployments`. */
  plural: string;
  /** Unless given, the kind in lower case. */
  singular?: string;
  shortNames?: readonly string[];
  categories?: readonly string[];
  /** Has a `/status` subresource, and thus status is reset on every other write. */
  status?: boolean;
  scale?: ScalePaths;
  /** All columns in their order; Name and Age unless given. */
  columns?: readonly Column<T>[];
  /** Fields beyond metadata.name and metadata.namespace that field selectors may name. */
  selectableFields?: Readonly<Record<string, (object: T) => string>>;
  /** The rule for metadata.name. */
  nameFormat?: NameFormat;
  /** All verbs unless told (Binding can only be created). */
  verbs?: readonly ResourceVerb[];
  /** Subresources beyond status and scale, by name and kind: pods have binding, eviction, log, exec, … */
  subresources?: readonly Subresource[];
  strategy?: Strategy<T>;
}

/** Rules for the names of objects; unless told, a DNS subdomain. */
export type NameFormat = 'dnsSubdomain' | 'dnsLabel' | 'dns1035Label' | 'pathSegment';

export type ResourceVerb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

export interface Subresource {
  name: string;
  kind: string;
  /** Where the subresource's kind comes from, when it is not the parent's group and version (`autoscaling`, `policy`). */
  group?: string;
  version?: string;
  verbs: readonly ResourceVerb[];
}

const ALL_VERBS: readonly ResourceVerb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

/** A kind as the registry knows it, whether it was declared by a class or registered at run time. */
export class KindInfo<T extends KubeObject = KubeObject> implements ResourceRef {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly status: boolean;
  readonly scale?: ScalePaths;
  readonly columns: readonly Column<T>[];
  readonly selectableFields: Readonly<Record<string, (object: T) => string>>;
  readonly nameFormat: NameFormat;
  readonly verbs: readonly ResourceVerb[];
  /** Status and scale among them. */
  readonly subresources: readonly Subresource[];
  readonly strategy: Strategy<T>;

  constructor(
    readonly kind: string,
    readonly namespaced: boolean,
    /** The class that declares the fields. */
    readonly schema: SchemaClass<T>,
    declared: KindDeclaration<T>,
  ) {
    this.group = declared.group;
    this.version = declared.version;
    this.plural = declared.plural;
    this.singular = declared.singular ?? kind.toLowerCase();
    this.shortNames = declared.shortNames ?? [];
    this.categories = declared.categories ?? [];
    this.status = declared.status ?? false;
    this.scale = declared.scale;
    this.columns = declared.columns ?? [nameColumn, ageColumn];
    this.selectableFields = declared.selectableFields ?? {};
    this.nameFormat = declared.nameFormat ?? 'dnsSubdomain';
    this.verbs = declared.verbs ?? ALL_VERBS;
    this.subresources = [...genericSubresources(kind, declared), ...(declared.subresources ?? [])];
    this.strategy = declared.strategy ?? {};
  }

  /** The plural, as {@link ResourceRef} calls it. */
  get resource(): string {
    return this.plural;
  }

  /** `apps/v1`, or `v1` for core. */
  get apiVersion(): string {
    return this.group ? `${this.group}/${this.version}` : this.version;
  }

  /** `deployments.apps`, or `pods` for core: the resource in messages and `kubectl`'s arguments. */
  get qualifiedResource(): string {
    return this.group ? `${this.plural}.${this.group}` : this.plural;
  }

  /** `Deployment.apps`, or `Pod` for core: the kind in messages. */
  get qualifiedKind(): string {
    return this.group ? `${this.kind}.${this.group}` : this.kind;
  }
}

function genericSubresources(kind: string, declared: Pick<KindDeclaration<never>, 'status' | 'scale'>): Subresource[] {
  const verbs: ResourceVerb[] = ['get', 'patch', 'update'];
  return [
    ...(declared.scale ? [{ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs }] : []),
    ...(declared.status ? [{ name: 'status', kind, verbs }] : []),
  ];
}

const declaredKinds = new WeakMap<SchemaClass, KindInfo>();

/**
 * Declares a kind. The class's name is the kind, its base class ({@link KubeObject} or {@link NamespacedObject}) its scope.
 *
 * ```ts
 * const strategy: Strategy<Widget> = {
 *   validateUpdate: (widget, old) => (widget.spec.size < old.spec.size ? [forbiddenField('spec.size', 'may not shrink')] : []),
 * };
 *
 * @Kind<Widget>({
 *   group: 'example.gantry.dev', version: 'v1', plural: 'widgets', shortNames: ['wd'], status: true,
 *   columns: [nameColumn, { name: 'Size', type: 'integer', description: 'How large it is.', value: (widget) => widget.spec.size }, ageColumn],
 *   selectableFields: { 'spec.colour': (widget) => widget.spec.colour ?? '' },
 *   strategy,
 * })
 * export class Widget extends NamespacedObject {
 *   @Obj(() => WidgetSpec, { doc: 'What is wanted.' }) spec!: WidgetSpec;
 *   @Obj(() => WidgetStatus, { doc: 'What is there.', default: {} }) status!: WidgetStatus;
 * }
 * ```
 */
export function Kind<T extends KubeObject>(declared: KindDeclaration<T>): (schema: SchemaClass<T>) => void {
  return (schema) => {
    const namespaced = schema.prototype instanceof NamespacedObject;
    declaredKinds.set(schema, new KindInfo(schema.name, namespaced, schema, declared) as unknown as KindInfo);
  };
}

/** The kind a class was declared as; throws when it has no {@link Kind}. */
export function kindOf<T extends KubeObject>(schema: SchemaClass<T>): KindInfo<T> {
  const info = declaredKinds.get(schema);
  if (!info) throw new Error(`${schema.name} is not declared as a kind`);
  return info as unknown as KindInfo<T>;
}
