import { fieldPath, forbiddenField, invalidValue } from '../../../errors';
import type { FieldError } from '../../../errors';
import { isHttpHeaderName, isPortName, outOfRange } from '../../../names';
import type { Container } from '../container';
import type { LifecycleHandler, Probe } from '../probe';
import { checkOneOf } from './one-of';

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];
const HANDLER_WORDS = { none: 'must specify a handler type', many: 'may not specify more than 1 handler type' };
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;

export function checkProbes(container: Container, path: string): FieldError[] {
  return PROBES.flatMap((name) => {
    const probe = container[name];
    if (!probe) return [];
    const at = fieldPath(path, name);
    const errors = [...checkHandler(probe, at), ...checkGrpc(probe, at)];
    if (name !== 'readinessProbe') return [...errors, ...checkSuccessThreshold(probe, at)];
    if (probe.terminationGracePeriodSeconds === undefined) return errors;
    const words = 'must not be set for readinessProbes';
    return [
      ...errors,
      invalidValue(fieldPath(at, 'terminationGracePeriodSeconds'), probe.terminationGracePeriodSeconds, words),
    ];
  });
}

export function checkHooks({ lifecycle }: Container, path: string): FieldError[] {
  return (['postStart', 'preStop'] as const).flatMap((name) => {
    const handler = lifecycle?.[name];
    return handler ? checkHandler(handler, fieldPath(path, 'lifecycle', name)) : [];
  });
}

/** What runs once and ends has no probes and hooks. */
export function checkNoProbes(container: Container, path: string): FieldError[] {
  return ([...PROBES, 'lifecycle'] as const)
    .filter((name) => container[name] !== undefined)
    .map((name) =>
      forbiddenField(fieldPath(path, name), 'may not be set for init containers without restartPolicy=Always'),
    );
}

/** The number or name of a container's port. */
export function checkPortReference(port: number | string, field: string): FieldError[] {
  if (typeof port === 'string') return isPortName(port).map((reason) => invalidValue(field, port, reason));
  return port >= 1 && port <= 65535 ? [] : [invalidValue(field, port, outOfRange(1, 65535))];
}

function checkHandler(handler: LifecycleHandler | Probe, path: string): FieldError[] {
  const errors = checkOneOf(handler, HANDLERS, path, HANDLER_WORDS);
  for (const name of ['httpGet', 'tcpSocket'] as const) {
    const action = handler[name];
    if (action) errors.push(...checkPortReference(action.port, fieldPath(path, name, 'port')));
  }
  for (const { name } of handler.httpGet?.httpHeaders ?? []) {
    const field = fieldPath(path, 'httpGet', 'httpHeaders');
    errors.push(...isHttpHeaderName(name).map((reason) => invalidValue(field, name, reason)));
  }
  return errors;
}

function checkGrpc({ grpc }: Probe, path: string): FieldError[] {
  return grpc ? checkPortReference(grpc.port, fieldPath(path, 'grpc', 'port')) : [];
}

function checkSuccessThreshold({ successThreshold }: Probe, path: string): FieldError[] {
  return successThreshold === 1
    ? []
    : [invalidValue(fieldPath(path, 'successThreshold'), successThreshold, 'must be 1')];
}
