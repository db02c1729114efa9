import type { JsonSchema, Parameter } from './document';

function query(name: string, type: 'string' | 'integer' | 'boolean', description: string): Parameter {
  const schema: JsonSchema = { type };
  return { name, in: 'query', description, schema };
}

function path(name: string, description: string): Parameter {
  return { name, in: 'path', description, required: true, schema: { type: 'string' } };
}

export const nameParameter = path('name', 'Name of the object.');
export const namespaceParameter = path('namespace', 'Namespace of the object.');
export const prettyParameter = query('pretty', 'string', 'If true, the answer is indented for people.');

const dryRun = query('dryRun', 'string', 'All: go through every stage but store nothing.');

/** For every write of an object. kubectl looks here before it relies on the server to find unknown fields. */
export const writeParameters: Parameter[] = [
  dryRun,
  query('fieldManager', 'string', 'Who makes the change, for managedFields.'),
  query('fieldValidation', 'string', 'What to do about unknown and duplicate fields: Ignore, Warn or Strict.'),
];

export const patchParameters: Parameter[] = [
  ...writeParameters,
  query('force', 'boolean', 'Server-side apply: take over fields that others manage.'),
];

export const deleteParameters: Parameter[] = [
  dryRun,
  query('gracePeriodSeconds', 'integer', 'Seconds the object has to end by itself.'),
  query('propagationPolicy', 'string', 'What happens to objects it owns: Orphan, Background or Foreground.'),
];

export const listParameters: Parameter[] = [
  query('allowWatchBookmarks', 'boolean', 'Watches: tell from time to time how far the watch is.'),
  query('continue', 'string', 'Where the last page ended.'),
  query('fieldSelector', 'string', 'Only objects with these fields.'),
  query('labelSelector', 'string', 'Only objects with these labels.'),
  query('limit', 'integer', 'The most objects in one answer.'),
  query('resourceVersion', 'string', 'How fresh the answer must be, or where a watch starts.'),
  query('resourceVersionMatch', 'string', 'How resourceVersion applies to lists: Exact or NotOlderThan.'),
  query('sendInitialEvents', 'boolean', 'Watches: begin with what is there.'),
  query('timeoutSeconds', 'integer', 'When to end the call.'),
  query('watch', 'boolean', 'Tell changes as they happen.'),
];
