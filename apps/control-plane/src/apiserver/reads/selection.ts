import {
  FieldSelector,
  type KindInfo,
  type KubeObject,
  Selector,
  SelectorError,
  badRequest,
  parseFieldSelector,
  parseLabelSelector,
} from '@gantry/api';
import { objectKey, resourcePrefix } from '@gantry/store';
import { type Call, namespaceOf } from '../call';

/** Which objects of a resource a list, watch or deletecollection is about. */
export interface Selection {
  /** All of them have keys that start with this. */
  prefix: string;
  /** Set when at most one object can be meant. */
  key?: string;
  /** Undefined: all objects under the prefix. */
  filter?: (object: KubeObject) => boolean;
}

/** Reads namespace and selectors of a request. Throws BadRequest for selectors that make no sense for the kind. */
export function selectionOf(call: Call): Selection {
  const { kind, options } = call;
  const namespace = namespaceOf(call);
  const labels = parse(() => parseLabelSelector(options.labelSelector));
  const fields = parse(() => parseFieldSelector(options.fieldSelector));
  for (const { field } of fields.terms) checkSelectable(kind, field);
  const name = fields.exact('metadata.name');
  const single = name !== undefined && (namespace !== undefined || !kind.namespaced);
  return {
    prefix: resourcePrefix(kind.group, kind.plural, kind.namespaced ? namespace : undefined),
    key: single ? objectKey(kind.group, kind.plural, namespace, name) : undefined,
    filter: filterFor(kind, labels, fields),
  };
}

function filterFor(kind: KindInfo, labels: Selector, fields: FieldSelector): Selection['filter'] {
  const byLabels = (object: KubeObject): boolean => labels.matches(object.metadata.labels);
  const byFields = (object: KubeObject): boolean => fields.matches((field) => fieldValue(kind, object, field));
  if (fields.isEmpty) return labels.isEmpty ? undefined : byLabels;
  return labels.isEmpty ? byFields : (object) => byLabels(object) && byFields(object);
}

function fieldValue(kind: KindInfo, object: KubeObject, field: string): string {
  if (field === 'metadata.name') return object.metadata.name;
  if (field === 'metadata.namespace') return object.metadata.namespace ?? '';
  return kind.selectableFields[field]!(object);
}

function checkSelectable(kind: KindInfo, field: string): void {
  const known =
    field === 'metadata.name' ||
    (field === 'metadata.namespace' && kind.namespaced) ||
    Object.hasOwn(kind.selectableFields, field);
  if (!known) throw badRequest(`field label not supported: ${field}`);
}

function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message, error);
    throw error;
  }
}
