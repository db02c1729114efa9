import * as api from '.';

const deployments = { group: 'apps', plural: 'deployments', kind: 'Deployment' };
const pods = { group: '', plural: 'pods', kind: 'Pod' };

it.each<[api.StatusError, number, string]>([
  [api.notFound(deployments, 'x'), 404, 'deployments.apps "x" not found'],
  [api.notFound(pods, 'x'), 404, 'pods "x" not found'],
  [api.alreadyExists(pods, 'x'), 409, 'pods "x" already exists'],
  [
    api.conflict(deployments, 'x'),
    409,
    'Operation cannot be fulfilled on deployments.apps "x": the object has been modified; please apply your changes to the latest version and try again',
  ],
  [api.forbidden(pods, 'x', 'no'), 403, 'pods "x" is forbidden: no'],
  [api.methodNotAllowed(pods, 'patch'), 405, 'patch is not supported on resources of kind "pods"'],
  [api.expired(), 410, 'The provided resource version is too old.'],
  [api.internalError(new Error('boom', { cause: new Error('why') })), 500, 'Internal error occurred: boom: why'],
  [api.requestEntityTooLarge(3145728), 413, 'Request entity is too large: limit is 3145728'],
  [
    api.namespaceTerminating(pods, 'x', 'ns'),
    403,
    'pods "x" is forbidden: unable to create new content in namespace ns because it is being terminated',
  ],
])('status %#', (error, code, message) => {
  expect(error.toStatus()).toMatchObject({ kind: 'Status', status: 'Failure', code, message, reason: error.reason });
});

describe('invalid', () => {
  it('names one wrong field', () => {
    const error = api.invalid(deployments, 'x', [api.required('spec.selector')]);
    expect(error.message).toBe('Deployment.apps "x" is invalid: spec.selector: Required value');
    expect(error.details).toEqual({
      name: 'x',
      group: 'apps',
      kind: 'Deployment',
      causes: [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.selector' }],
    });
  });

  it('lists several, each once', () => {
    const error = api.invalid(pods, 'x', [api.required('a'), api.forbiddenField('b', 'no'), api.required('a')]);
    expect(error.message).toBe('Pod "x" is invalid: [a: Required value, b: Forbidden: no]');
    expect(error.details?.causes).toHaveLength(2);
  });
});

it.each<[api.FieldError, string]>([
  [api.notSupported('f', 'x', ['a', 'b']), 'f: Unsupported value: "x": supported values: "a", "b"'],
  [api.duplicate('f', 'x'), 'f: Duplicate value: "x"'],
  [
    api.invalidValue('f', -1, 'must be greater than or equal to 0'),
    'f: Invalid value: -1: must be greater than or equal to 0',
  ],
  [api.tooLong('f', 63), 'f: Too long: may not be more than 63 bytes'],
  [api.tooMany('f', 4, 1), 'f: Too many: 4: must have at most 1 item'],
  [api.required('f', 'say it'), 'f: Required value: say it'],
  [api.immutableField('f', 'x'), 'f: Invalid value: "x": field is immutable'],
])('field error %#', (error, message) => {
  expect(api.fieldErrorMessage(error)).toBe(message);
});

it.each<[api.PathPart[], string]>([
  [['spec', 'containers', 0, 'name'], 'spec.containers[0].name'],
  [['spec.ports', 1], 'spec.ports[1]'],
  [['metadata', 'labels', ['a/b']], 'metadata.labels[a/b]'],
])('path %j', (parts, joined) => {
  expect(api.fieldPath(...parts)).toBe(joined);
});

describe('a Status from elsewhere', () => {
  it('survives the round trip', () => {
    const error = api.notFound(pods, 'x');
    expect(api.StatusError.fromStatus(error.toStatus()).toStatus()).toEqual(error.toStatus());
  });

  it.each([
    [{ code: 418 }, 'BadRequest'],
    [{ code: 502 }, 'InternalError'],
    [{ code: 410, reason: 'Nonsense' as never }, 'Gone'],
  ])('%j is read as %s', (status, reason) => {
    expect(api.StatusError.fromStatus(status).reason).toBe(reason);
  });

  it('is recognised by its reason', () => {
    expect(api.isStatus(api.notFound(pods, 'x'), 'NotFound', 'Gone')).toBe(true);
    expect(api.isStatus(new Error('x'))).toBe(false);
  });
});
