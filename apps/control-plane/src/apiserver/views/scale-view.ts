import {
  type KindInfo,
  type KubeObject,
  type Scale,
  type ScalePaths,
  cloneJson,
  invalidValue,
  labelSelector,
  scaleKind,
} from '@gantry/api';
import type { View } from './view';

/** `/scale`: the number of replicas, in the same document for every kind that has one. */
export const scaleView: View = {
  documentKind: () => scaleKind as unknown as KindInfo,

  show(object, { scale: paths }) {
    const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
    const scale: Scale = {
      apiVersion: scaleKind.apiVersion,
      kind: scaleKind.kind,
      metadata: { name, namespace: namespace!, uid, resourceVersion, creationTimestamp },
      spec: { replicas: numberAt(object, paths!.spec) },
      status: { replicas: numberAt(object, paths!.status), selector: selectorText(object, paths!) },
    };
    return scale;
  },

  fold(document, current, call) {
    const object = cloneJson(current);
    setAt(object, call.kind.scale!.spec, (document as Scale).spec?.replicas ?? 0);
    return object;
  },

  validate(object, _current, { scale: paths }) {
    const replicas = numberAt(object, paths!.spec);
    return replicas < 0 ? [invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0')] : [];
  },
};

function selectorText(object: KubeObject, paths: ScalePaths): string | undefined {
  const selector = paths.selector === undefined ? undefined : valueAt(object, paths.selector);
  if (typeof selector === 'string') return selector;
  return selector ? labelSelector(selector).toString() : undefined;
}

function numberAt(object: KubeObject, path: string): number {
  const value = valueAt(object, path);
  return typeof value === 'number' ? value : 0;
}

/** The value at a dotted path; a leading dot, as CRDs write it, is allowed. */
function valueAt(object: unknown, path: string): unknown {
  return steps(path).reduce((value, name) => (value as Record<string, unknown> | undefined)?.[name], object);
}

function setAt(object: KubeObject, path: string, value: number): void {
  const names = steps(path);
  const last = names.pop()!;
  let parent = object as unknown as Record<string, unknown>;
  for (const name of names) parent = (parent[name] ??= {}) as Record<string, unknown>;
  parent[last] = value;
}

function steps(path: string): string[] {
  return path.replace(/^\./, '').split('.');
}
