import { badRequest, type KindInfo, type KubeList, type KubeObject, type Table, type TableRow } from '@gantry/api';

/** How much of each object a client wants beside its cells. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

export function readIncludeObject(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') ?? 'Metadata';
  if (value === 'None' || value === 'Metadata' || value === 'Object') return value;
  throw badRequest(`unrecognized includeObject value: "${value}"`);
}

/** The table of an object, a list, or one object of a watch; columns only where the client has not got them yet. */
export function tableOf(
  kind: KindInfo,
  objects: readonly KubeObject[],
  metadata: Table['metadata'],
  options: { include: IncludeObject; version: string; now: number; columns?: boolean },
): Table {
  const { include, version, now, columns = true } = options;
  return {
    apiVersion: `meta.k8s.io/${version}` as Table['apiVersion'],
    kind: 'Table',
    metadata,
    columnDefinitions: columns ? columnsOf(kind) : [],
    rows: objects.map((object) => rowOf(kind, object, include, now)),
  };
}

function columnsOf(kind: KindInfo): Table['columnDefinitions'] {
  return kind.columns.map(({ name, type, format = '', description, priority = 0 }) => ({
    name,
    type,
    format,
    description,
    priority,
  }));
}

function rowOf(kind: KindInfo, object: KubeObject, include: IncludeObject, now: number): TableRow {
  const cells = kind.columns.map((column) => column.value(object, now));
  if (include === 'None') return { cells };
  return { cells, object: include === 'Object' ? object : partialOf(object, 'v1') };
}

/** Only who the object is: its metadata. */
export function partialOf({ metadata }: KubeObject, version: string): object {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata };
}

export function partialListOf({ metadata, items }: KubeList, version: string): object {
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    items: items.map((item) => partialOf(item, version)),
  };
}
