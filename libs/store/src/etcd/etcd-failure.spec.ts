import { status, type ServiceError } from '@grpc/grpc-js';
import { EtcdFailure } from './etcd-failure';

const failure = (code: status, details: string) =>
  EtcdFailure.of(Object.assign(new Error(details), { code, details }) as ServiceError);

describe('a failed call', () => {
  it.each([
    [
      status.UNAVAILABLE,
      'No connection established. Last error: connect ECONNREFUSED',
      'StoreUnavailable',
      'StoreUnavailable',
    ],
    [status.UNAVAILABLE, 'etcdserver: no leader', 'StoreUnavailable', 'StoreUnavailable'],
    [status.RESOURCE_EXHAUSTED, 'etcdserver: mvcc: database space exceeded', 'StoreUnavailable', 'StoreUnavailable'],
    [status.UNAVAILABLE, 'Connection dropped', 'AmbiguousWrite', 'StoreUnavailable'],
    [status.UNAVAILABLE, 'etcdserver: request timed out', 'AmbiguousWrite', 'StoreUnavailable'],
    [status.UNAVAILABLE, 'etcdserver: leader changed', 'AmbiguousWrite', 'StoreUnavailable'],
    [status.DEADLINE_EXCEEDED, 'Deadline exceeded after 5s', 'AmbiguousWrite', 'StoreUnavailable'],
    [status.INVALID_ARGUMENT, 'etcdserver: request is too large', 'EtcdFailure', 'EtcdFailure'],
  ])('with %i "%s" is %s for a write and %s for a read', (code, details, write, read) => {
    expect(failure(code, details).forCaller('write').name).toBe(write);
    expect(failure(code, details).forCaller('read').name).toBe(read);
  });
});
