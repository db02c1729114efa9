import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Closeable } from '@gantry/base';

/** An etcd of a test's own, on a loopback port, its data in memory. */
export interface TestEtcd extends Closeable {
  endpoint: string;
  /** Ends it without warning, as a power cut of the process would. The data stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  start(): Promise<void>;
  /** Stops it and removes its data. */
  close(): Promise<void>;
}

export interface TestEtcdOptions {
  /** Files in PEM; clients must show a certificate that `ca` signed. */
  tls?: { ca: string; cert: string; key: string };
}

/** Needs Debian's `etcd-server`. */
export async function startEtcd({ tls }: TestEtcdOptions = {}): Promise<TestEtcd> {
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'gantry-etcd-'));
  const endpoint = `${tls ? 'https' : 'http'}://127.0.0.1:${await freePort()}`;
  const peerUrl = `http://127.0.0.1:${await freePort()}`;
  const healthUrl = `http://127.0.0.1:${await freePort()}`;
  // prettier-ignore
  const etcdArguments = [
    '--data-dir', folder, '--name', 'test', '--log-level', 'error',
    '--listen-client-urls', endpoint, '--advertise-client-urls', endpoint,
    '--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl, '--initial-cluster', `test=${peerUrl}`,
    '--listen-metrics-urls', healthUrl,
    ...(tls ? ['--client-cert-auth', '--trusted-ca-file', tls.ca, '--cert-file', tls.cert, '--key-file', tls.key] : []),
  ];
  let running: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals) => {
    const process = running;
    running = undefined;
    if (process?.exitCode !== null) return;
    const exited = once(process, 'exit');
    process.kill(signal);
    await exited;
  };
  const start = async () => {
    running = spawn('etcd', etcdArguments, { stdio: 'ignore' });
    await healthy(healthUrl, running);
  };
  await start();
  return {
    endpoint,
    start,
    kill: () => end('SIGKILL'),
    close: async () => {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function healthy(url: string, etcd: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (etcd.exitCode !== null) throw new Error(`etcd exited with ${etcd.exitCode}`);
    const answer = await fetch(`${url}/health`).then(
      (response) => response.text(),
      () => '',
    );
    if (answer.includes('"true"')) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('etcd did not become healthy within 10 s');
}

/** A port that was free a moment ago, for programs that can't be given port 0. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
