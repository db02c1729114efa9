import { fieldPath, forbiddenField, immutableField, invalidValue, required, tooLong } from '../errors';
import type { FieldError } from '../errors';
import { equalJson } from '../json';
import type { KindInfo, NameFormat } from '../kind';
import type { ObjectMeta } from '../meta';
import { isDns1035Label, isDnsLabel, isDnsSubdomain, isLabelValue, isQualifiedName } from '../names';
import type { NameRule } from '../names';

/** All keys and values of an object's annotations together, in bytes. */
const ANNOTATIONS_LIMIT = 256 * 1024;

const nameRules: Record<NameFormat, NameRule> = {
  dnsSubdomain: isDnsSubdomain,
  dnsLabel: isDnsLabel,
  dns1035Label: isDns1035Label,
  pathSegment: isPathSegment,
};

/** What is wrong with the metadata of an object that is to be stored, by the rules that hold for all kinds. */
export function checkMetadata(kind: Pick<KindInfo, 'nameFormat' | 'namespaced'>, meta: ObjectMeta): FieldError[] {
  return [
    ...checkName(nameRules[kind.nameFormat], meta),
    ...checkNamespace(kind.namespaced, meta),
    ...checkLabels(meta.labels ?? {}, 'metadata.labels'),
    ...checkAnnotations(meta.annotations ?? {}, 'metadata.annotations'),
    ...checkOwners(meta),
    ...checkFinalizers(meta.finalizers ?? []),
  ];
}

/** What may not change in metadata, whatever the kind. */
export function checkMetadataUpdate(meta: ObjectMeta, old: ObjectMeta): FieldError[] {
  const fixed = [
    'name',
    'namespace',
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ] as const;
  const changed = fixed.filter((name) => !equalJson(meta[name], old[name]));
  const errors = changed.map((name) => immutableField(fieldPath('metadata', name), meta[name]));
  if ((meta.generation ?? 0) < (old.generation ?? 0)) {
    errors.push(invalidValue('metadata.generation', meta.generation ?? 0, 'must not be decremented'));
  }
  return [...errors, ...checkNewFinalizers(meta, old)];
}

/** Labels of objects, of pod templates and of selectors obey the same rules; `field` says where they are. */
export function checkLabels(labels: Record<string, string>, field: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const name in labels) {
    for (const problem of isQualifiedName(name)) errors.push(invalidValue(field, name, problem));
    for (const problem of isLabelValue(labels[name]!)) errors.push(invalidValue(field, labels[name], problem));
  }
  return errors;
}

export function checkAnnotations(annotations: Record<string, string>, field: string): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const name in annotations) {
    size += Buffer.byteLength(name) + Buffer.byteLength(annotations[name]!);
    for (const problem of isQualifiedName(name.toLowerCase())) errors.push(invalidValue(field, name, problem));
  }
  if (size > ANNOTATIONS_LIMIT) errors.push(tooLong(field, ANNOTATIONS_LIMIT));
  return errors;
}

function checkName(rule: NameRule, { name, generateName }: ObjectMeta): FieldError[] {
  // A prefix may end in a dash: what follows it makes the name complete.
  const prefix = generateName?.replace(/-$/, 'a') ?? '';
  const errors = prefix
    ? rule(prefix).map((problem) => invalidValue('metadata.generateName', generateName, problem))
    : [];
  if (!name) return [...errors, required('metadata.name', 'name or generateName is required')];
  return [...errors, ...rule(name).map((problem) => invalidValue('metadata.name', name, problem))];
}

function checkNamespace(namespaced: boolean, { namespace }: ObjectMeta): FieldError[] {
  const field = 'metadata.namespace';
  if (!namespaced) return namespace ? [forbiddenField(field, 'not allowed on this type')] : [];
  return namespace
    ? isDnsLabel(namespace).map((problem) => invalidValue(field, namespace, problem))
    : [required(field)];
}

function checkOwners({ ownerReferences = [] }: ObjectMeta): FieldError[] {
  const field = 'metadata.ownerReferences';
  const controllers = ownerReferences.filter((owner) => owner.controller).map((owner) => owner.name);
  const errors = ownerReferences
    .map((owner, i) => ({ owner, at: fieldPath(field, i) }))
    .filter(({ owner }) => owner.apiVersion === 'v1' && owner.kind === 'Event')
    .map(({ at }) => invalidValue(at, 'v1/Event', 'is disallowed from being an owner'));
  if (controllers.length < 2) return errors;
  const found = `Found "true" in references for ${controllers[0]!} and ${controllers[1]!}`;
  return [
    ...errors,
    invalidValue(field, ownerReferences, `Only one reference can have Controller set to true. ${found}`),
  ];
}

function checkFinalizers(finalizers: readonly string[]): FieldError[] {
  const field = 'metadata.finalizers';
  const errors = finalizers.flatMap((name) =>
    isQualifiedName(name).map((problem) => invalidValue(field, name, problem)),
  );
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(invalidValue(field, finalizers, 'finalizers orphan and foregroundDeletion cannot be both set'));
  }
  return errors;
}

function checkNewFinalizers(meta: ObjectMeta, old: ObjectMeta): FieldError[] {
  if (old.deletionTimestamp === undefined) return [];
  const added = (meta.finalizers ?? []).filter((name) => !old.finalizers?.includes(name));
  if (added.length === 0) return [];
  const list = added.map((name) => JSON.stringify(name)).join(', ');
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  return [forbiddenField('metadata.finalizers', detail)];
}

/** Names of roles and the like may hold anything that fits into one segment of a URL's path. */
function isPathSegment(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((sign) => name.includes(sign)).map((sign) => `may not contain '${sign}'`);
}
