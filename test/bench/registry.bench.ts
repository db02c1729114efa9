// Blobs through our registry and our client, against the limit: the same bytes through bare node:http to the same disk.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { digestOf, RegistryClient, type BlobSource, type Descriptor, type Repository } from '@gantry/oci';
import { alternately, print } from './figures';

const LARGE = 100_000_000;
const SMALL = 20_000;
const SMALL_COUNT = 50;
const ROUNDS = 7;

/** A server in a process of its own, so that both sides have a core; its first line of output names its port. */
async function serverProcess(args: string[], port: (line: string) => string | undefined) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const chunk of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    const found = port(chunk);
    if (found) return { host: `127.0.0.1:${found}`, stop: () => child.kill() };
  }
  throw new Error(`${args.join(' ')} did not start`);
}

/** The limit: PUT writes a file, GET reads it; no digest, no sync, no protocol. */
function serveBare(folder: string): void {
  const server = createServer((request, response) => {
    const path = join(folder, request.url!.slice(1));
    const done = request.method === 'PUT' ? pipeline(request, createWriteStream(path)) : undefined;
    if (done) void done.then(() => response.end());
    else createReadStream(path, { highWaterMark: 512 * 1024 }).pipe(response);
  });
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`);
  });
}

function exchange(method: string, url: string, body?: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { method }, (response: IncomingMessage) => {
      response.on('end', resolve).on('error', reject).resume();
    })
      .on('error', reject)
      .end(body);
  });
}

const sourceOf = (content: Buffer): BlobSource => ({
  digest: digestOf(content),
  size: content.length,
  open: (start, end) => content.subarray(start, end),
});

const consume = (repository: Repository, blob: Descriptor): Promise<void> => finished(repository.blob(blob).resume());

async function main(): Promise<void> {
  const folder = await mkdtemp(join(process.cwd(), '.gantry-bench-'));
  const bare = await serverProcess([__filename, folder], (line) => /^port (\d+)/.exec(line)?.[1]);
  const registry = await serverProcess(
    ['dist/apps/registry/main.js', `--data-dir=${folder}/registry`, '--port=0'],
    (line) => /127\.0\.0\.1:(\d+)/.exec(line)?.[1],
  );
  const client = new RegistryClient();
  const repository = client.repository({ domain: registry.host, path: 'bench/blobs' }, { push: true });
  const fresh = Array.from({ length: ROUNDS }, () => randomBytes(LARGE / 10)).map((part) =>
    Buffer.concat(Array.from({ length: 10 }, () => part)),
  );
  try {
    let pushed = 0;
    await compare(`push of ${LARGE / 1e6} MB`, LARGE, [
      { name: 'node:http, no digest', run: () => exchange('PUT', `http://${bare.host}/large`, fresh[0]) },
      { name: 'registry', run: () => repository.pushBlob(sourceOf(fresh[pushed++]!)) },
    ]);
    const { digest, size } = sourceOf(fresh[0]!);
    await compare(`pull of ${LARGE / 1e6} MB`, LARGE, [
      { name: 'node:http, no digest', run: () => exchange('GET', `http://${bare.host}/large`) },
      { name: 'registry, verified', run: () => consume(repository, { mediaType: 'x', digest, size }) },
      { name: 'sha256 alone', run: () => Promise.resolve(void createHash('sha256').update(fresh[0]!).digest()) },
    ]);
    await compare(`push of ${SMALL_COUNT} × ${SMALL / 1000} kB, one after another`, SMALL * SMALL_COUNT, [
      {
        name: 'node:http, no digest',
        run: () => repeat(() => exchange('PUT', `http://${bare.host}/s`, randomBytes(SMALL))),
      },
      { name: 'registry', run: () => repeat(() => repository.pushBlob(sourceOf(randomBytes(SMALL)))) },
    ]);
  } finally {
    client.close();
    registry.stop();
    bare.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function repeat(work: () => Promise<void>): Promise<void> {
  for (let i = 0; i < SMALL_COUNT; i++) await work();
}

async function compare(title: string, bytes: number, works: Parameters<typeof alternately>[1]): Promise<void> {
  console.log(`\n${title} (${(bytes / 1e6).toFixed(0)} MB in all)`);
  print(await alternately(ROUNDS, works));
}

if (process.argv[2]) serveBare(process.argv[2]);
else void main();
