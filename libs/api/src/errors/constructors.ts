import { errorMessage } from '@gantry/base';
import { fieldErrorMessage } from './field-error';
import type { FieldError } from './field-error';
import { StatusError } from './status';
import type { StatusDetails } from './status';

/** What a message says the failure is about. A {@link KindInfo} is one. */
export interface Subject {
  group: string;
  /** `deployments` */
  plural: string;
  /** `Deployment` */
  kind: string;
}

export function notFound(subject: Subject, name: string): StatusError {
  return new StatusError('NotFound', `${resource(subject)} ${quote(name)} not found`, about(subject, name));
}

/** For a URL that leads to no resource. */
export function noSuchResource(): StatusError {
  return new StatusError('NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(subject: Subject, name: string): StatusError {
  return new StatusError('AlreadyExists', `${resource(subject)} ${quote(name)} already exists`, about(subject, name));
}

/** A name made from generateName was taken: the client should just try again. */
export function nameGenerationFailed(subject: Subject, name: string): StatusError {
  const message = `${resource(subject)} ${quote(name)} already exists, the server was not able to generate a unique name for the object`;
  return new StatusError('AlreadyExists', message, { ...about(subject, name), retryAfterSeconds: 1 });
}

/** The object was changed since the client read it. */
export function conflict(
  subject: Subject,
  name: string,
  why = 'the object has been modified; please apply your changes to the latest version and try again',
): StatusError {
  return new StatusError(
    'Conflict',
    `Operation cannot be fulfilled on ${resource(subject)} ${quote(name)}: ${why}`,
    about(subject, name),
  );
}

/** Fields with wrong values; all of them are told at once. */
export function invalid(subject: Subject, name: string, errors: readonly FieldError[]): StatusError {
  const unique = [...new Map(errors.map((error) => [fieldErrorMessage(error), error])).entries()];
  const messages = unique.map(([message]) => message);
  const list = messages.length === 1 ? messages[0]! : `[${messages.join(', ')}]`;
  const causes = unique.map(([, { type, body, field }]) => ({ reason: type, message: body, field }));
  const kind = subject.group ? `${subject.kind}.${subject.group}` : subject.kind;
  return new StatusError('Invalid', `${kind} ${quote(name)} is invalid: ${list}`, {
    name,
    ...(subject.group && { group: subject.group }),
    kind: subject.kind,
    causes,
  });
}

export function badRequest(message: string, cause?: unknown): StatusError {
  return new StatusError('BadRequest', message, undefined, { cause });
}

export function unauthorized(message = 'Unauthorized'): StatusError {
  return new StatusError('Unauthorized', message);
}

/** The client is known but may not do this; `why` says what it lacks. */
export function forbidden(subject: Subject, name: string, why: string): StatusError {
  const what = name ? `${resource(subject)} ${quote(name)} is forbidden` : `${resource(subject)} is forbidden`;
  return new StatusError('Forbidden', `${what}: ${why}`, about(subject, name));
}

/** Nothing new goes into a namespace that is being deleted. */
export function namespaceTerminating(subject: Subject, name: string, namespace: string): StatusError {
  const error = forbidden(
    subject,
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
  );
  const message = `namespace ${namespace} is being terminated`;
  const causes = [{ reason: 'NamespaceTerminating' as const, message, field: 'metadata.namespace' }];
  return new StatusError('Forbidden', error.message, { ...error.details, causes });
}

/** A resourceVersion or continue token that is too old: list again. */
export function expired(message = 'The provided resource version is too old.'): StatusError {
  return new StatusError('Expired', message);
}

export function gone(message: string): StatusError {
  return new StatusError('Gone', message);
}

/** `action` as a verb: `create`, `patch`. */
export function methodNotAllowed(subject: Subject, action: string): StatusError {
  return new StatusError(
    'MethodNotAllowed',
    `${action} is not supported on resources of kind ${quote(resource(subject))}`,
    about(subject, ''),
  );
}

export function notAcceptable(accepted: readonly string[]): StatusError {
  return new StatusError('NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`);
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new StatusError('UnsupportedMediaType', message);
}

/** `limit` in bytes. */
export function requestEntityTooLarge(limit: number): StatusError {
  return new StatusError('RequestEntityTooLarge', `Request entity is too large: limit is ${limit}`);
}

export function tooManyRequests(
  retryAfterSeconds: number,
  message = 'Too many requests, please try again later.',
): StatusError {
  return new StatusError('TooManyRequests', message, { retryAfterSeconds });
}

/** Something that should not happen; the cause is for the log, its message for the client. */
export function internalError(cause: unknown): StatusError {
  const message = errorMessage(cause);
  return new StatusError('InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] }, { cause });
}

/** The request may or may not have been carried out. */
export function serverTimeout(subject: Subject, action: string, retryAfterSeconds = 0): StatusError {
  const message = `The ${action} operation against ${resource(subject)} could not be completed at this time, please try again.`;
  return new StatusError('ServerTimeout', message, { ...about(subject, action), retryAfterSeconds });
}

export function serviceUnavailable(message: string, retryAfterSeconds?: number, cause?: unknown): StatusError {
  const details = retryAfterSeconds === undefined ? undefined : { retryAfterSeconds };
  return new StatusError('ServiceUnavailable', message, details, { cause });
}

export function timeout(message: string, retryAfterSeconds = 0): StatusError {
  return new StatusError('Timeout', `Timeout: ${message}`, { retryAfterSeconds });
}

function resource({ group, plural }: Subject): string {
  return group ? `${plural}.${group}` : plural;
}

function about({ group, plural }: Subject, name: string): StatusDetails {
  return { ...(name && { name }), ...(group && { group }), kind: plural };
}

function quote(text: string): string {
  return JSON.stringify(text);
}
