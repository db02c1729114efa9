import type { SchemaClass } from '../fields';
import { groupVersionPath, subresourceKind } from '../discovery';
import type { KindInfo, ResourceVerb, Subresource } from '../kind';
import { DeleteOptions } from '../meta';
import type { GroupVersionKind } from '../meta';
import type { JsonSchema, Operation, Parameter, PathItem } from './document';
import {
  deleteParameters,
  listParameters,
  nameParameter,
  namespaceParameter,
  patchParameters,
  prettyParameter,
  writeParameters,
} from './parameters';
import { refTo } from './schema';

const PATCHES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** The paths of one kind: its collection, its objects and their subresources. */
export function pathsOf(kind: KindInfo, names: Map<SchemaClass, string>): Record<string, PathItem> {
  const root = `/${groupVersionPath(kind.group, kind.version)}`;
  const collection = `${root}${kind.namespaced ? '/namespaces/{namespace}' : ''}/${kind.plural}`;
  const scope = kind.namespaced ? [namespaceParameter] : [];
  const ofKind = operations(kind, names);
  const paths: Record<string, PathItem> = {
    [collection]: {
      parameters: [...scope, prettyParameter],
      ...pick(ofKind, { get: 'list', post: 'create', delete: 'deletecollection' }),
    },
    [`${collection}/{name}`]: {
      parameters: [nameParameter, ...scope, prettyParameter],
      ...pick(ofKind, { get: 'get', put: 'update', patch: 'patch', delete: 'delete' }),
    },
  };
  const list = ofKind('list');
  if (kind.namespaced && list) {
    paths[`${root}/${kind.plural}`] = { get: { ...list, operationId: `${list.operationId}ForAllNamespaces` } };
  }
  for (const sub of kind.subresources) {
    const item = pick(operations(kind, names, sub), { get: 'get', post: 'create', put: 'update', patch: 'patch' });
    paths[`${collection}/{name}/${sub.name}`] = { parameters: [nameParameter, ...scope, prettyParameter], ...item };
  }
  return Object.fromEntries(
    Object.entries(paths).filter(([, item]) => Object.keys(item).some((key) => key !== 'parameters')),
  );
}

type OperationOf = (verb: ResourceVerb) => Operation | undefined;
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

function pick(operation: OperationOf, methods: Partial<Record<Method, ResourceVerb>>): PathItem {
  const entries = Object.entries(methods).map(([method, verb]) => [method, operation(verb)] as const);
  return Object.fromEntries(entries.filter(([, found]) => found !== undefined));
}

/** What each verb does to a kind, or to one of its subresources. */
function operations(kind: KindInfo, names: Map<SchemaClass, string>, sub?: Subresource): OperationOf {
  const gvk = sub ? subresourceKind(kind, sub) : { group: kind.group, version: kind.version, kind: kind.kind };
  const component = names.get(kind.schema)!;
  const own = gvk.kind === kind.kind && gvk.group === kind.group;
  const body: JsonSchema = own ? refTo(component) : { type: 'object' };
  const verbs = sub?.verbs ?? kind.verbs;
  return (verb) =>
    verbs.includes(verb)
      ? operation(verb, { kind, sub, gvk, body, list: refTo(`${component}List`), names })
      : undefined;
}

interface Target {
  kind: KindInfo;
  sub?: Subresource;
  gvk: GroupVersionKind;
  body: JsonSchema;
  list: JsonSchema;
  names: Map<SchemaClass, string>;
}

function operation(verb: ResourceVerb, target: Target): Operation {
  const { kind, sub, gvk } = target;
  const what = sub ? `${sub.name} of the ${kind.kind}` : kind.kind;
  const group = kind.group || 'core';
  const id = [verb, group, kind.version, kind.namespaced ? 'namespaced' : '', kind.kind, sub?.name ?? ''];
  return {
    tags: [`${group}_${kind.version}`],
    description: `${verb} ${what}`,
    operationId: id.filter(Boolean).map(capitalise).join(''),
    ...request(verb, target),
    responses: { '200': { description: 'OK', content: json(verb === 'list' ? target.list : target.body) } },
    'x-kubernetes-action': verb === 'create' ? 'post' : verb === 'update' ? 'put' : verb,
    'x-kubernetes-group-version-kind': gvk,
  };
}

function request(verb: ResourceVerb, { body, names }: Target): Pick<Operation, 'parameters' | 'requestBody'> {
  switch (verb) {
    case 'create':
    case 'update':
      return { parameters: writeParameters, requestBody: { required: true, content: json(body) } };
    case 'patch':
      return {
        parameters: patchParameters,
        requestBody: { required: true, content: Object.fromEntries(PATCHES.map(anyObject)) },
      };
    case 'delete':
    case 'deletecollection': {
      const parameters: Parameter[] = verb === 'delete' ? deleteParameters : [...deleteParameters, ...listParameters];
      return { parameters, requestBody: { content: json(refTo(names.get(DeleteOptions)!)) } };
    }
    case 'list':
    case 'watch':
      return { parameters: listParameters };
    case 'get':
      return {};
  }
}

function anyObject(mediaType: string): [string, { schema: JsonSchema }] {
  return [mediaType, { schema: { type: 'object' } }];
}

function json(schema: JsonSchema): Record<string, { schema: JsonSchema }> {
  return { 'application/json': { schema } };
}

function capitalise(word: string, index: number): string {
  return index === 0 ? word : word.replace(/^[a-z]/, (letter) => letter.toUpperCase());
}
