import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { InFlight } from './in-flight';
import { readRequestInfo } from './request-info';

describe('InFlight', () => {
  const inFlight = new InFlight({ reads: 2, writes: 1 });
  const begin = (method: string, url: string): (() => void) => {
    const response = new EventEmitter();
    inFlight.admit(readRequestInfo(method, url), { method } as IncomingMessage, response as unknown as ServerResponse);
    return () => void response.emit('close');
  };
  const pods = '/api/v1/namespaces/a/pods';

  it('turns away what is beyond the limit until others are done, reads and writes apart', () => {
    const ends = [begin('GET', pods), begin('GET', pods), begin('POST', pods)];
    for (const method of ['GET', 'POST', 'DELETE']) {
      expect(() => begin(method, pods)).toThrow('Too many requests');
    }
    ends[0]!();
    ends[2]!();
    const more = [begin('GET', pods), begin('PUT', `${pods}/x`)];
    for (const end of [ends[1]!, ...more]) end();
  });

  it.each([`${pods}?watch=true`, `${pods}/x/log`, '/healthz', '/metrics'])('does not count %s', (url) => {
    for (let i = 0; i < 5; i++) begin('GET', url);
    begin('GET', pods)();
  });
});
