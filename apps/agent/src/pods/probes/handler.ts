import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type NetConnectOpts } from 'node:net';
import type { Container, HTTPGetAction } from '@gantry/api';

/** What a check found; `output` says why it failed. */
export interface CheckResult {
  success: boolean;
  output: string;
}

const MAX_BODY_BYTES = 10_240;

/** A port by number, or by the name the container gives it. */
export function portNumber(container: Container, port: number | string): number {
  if (typeof port === 'number') return port;
  const named = container.ports?.find(({ name }) => name === port)?.containerPort ?? Number(port);
  if (Number.isNaN(named)) throw new Error(`couldn't find port: "${port}"`);
  return named;
}

/** Any answer from 200 to 399 is success. */
export function checkHttp(
  container: Container,
  action: HTTPGetAction,
  podIp: string,
  timeoutMs: number,
): Promise<CheckResult> {
  const host = action.host ?? podIp;
  const port = portNumber(container, action.port);
  const secure = action.scheme === 'HTTPS';
  const path = action.path?.startsWith('/') ? action.path : `/${action.path ?? ''}`;
  const url = `${secure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
  return new Promise((resolve) => {
    const fail = (why: string): void => {
      resolve({ success: false, output: `Get "${url}": ${why}` });
    };
    const send = secure ? httpsRequest : httpRequest;
    const request = send(url, {
      headers: { 'User-Agent': 'kube-probe/1.33', Accept: '*/*', Connection: 'close', ...headers(action) },
      agent: false,
      // Nobody vouches for a pod's certificate; the probe asks whether it answers.
      rejectUnauthorized: false,
      signal: AbortSignal.timeout(timeoutMs),
    });
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      let seen = 0;
      response.on('data', (chunk: Buffer) => {
        seen += chunk.length;
        if (seen > MAX_BODY_BYTES) response.destroy();
      });
      response.on('error', () => undefined);
      const success = status >= 200 && status < 400;
      resolve({ success, output: success ? '' : `HTTP probe failed with statuscode: ${status}` });
    });
    request.on('error', (error) => {
      fail(reason(error, `${host}:${port}`, timeoutMs));
    });
    request.end();
  });
}

/** Success is that the connection opens. */
export function checkTcp(host: string, port: number, timeoutMs: number): Promise<CheckResult> {
  return new Promise((resolve) => {
    const options: NetConnectOpts = { host, port };
    const socket = connect(options);
    const finish = (result: CheckResult): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(timeoutMs, () => {
      finish({ success: false, output: `dial tcp ${host}:${port}: i/o timeout` });
    });
    socket.on('connect', () => {
      finish({ success: true, output: '' });
    });
    socket.on('error', (error) => {
      finish({ success: false, output: reason(error, `${host}:${port}`, timeoutMs) });
    });
  });
}

function headers(action: HTTPGetAction): Record<string, string> {
  return Object.fromEntries((action.httpHeaders ?? []).map(({ name, value }) => [name, value]));
}

/** System errors as the words users search for. */
function reason(error: NodeJS.ErrnoException, address: string, timeoutMs: number): string {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') {
    return `context deadline exceeded (no answer within ${timeoutMs / 1000}s)`;
  }
  if (error.code === 'ECONNREFUSED') return `dial tcp ${address}: connect: connection refused`;
  if (error.code === 'EHOSTUNREACH') return `dial tcp ${address}: connect: no route to host`;
  if (error.code === 'ECONNRESET') return `read tcp ${address}: connection reset by peer`;
  return error.message;
}
