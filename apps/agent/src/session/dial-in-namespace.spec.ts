import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { uuid } from '@gantry/base';
import { dialInNamespace } from './dial-in-namespace';

const run = promisify(execFile);

describe('dialInNamespace', () => {
  const name = `dial-${uuid().slice(0, 8)}`;
  const path = `/run/netns/${name}`;
  let listener: ChildProcess;

  beforeAll(async () => {
    await run('ip', ['netns', 'add', name]);
    await run('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
    listener = spawn('ip', [
      'netns',
      'exec',
      name,
      'socat',
      '-d',
      '-d',
      'TCP-LISTEN:8080,bind=127.0.0.1,fork',
      'EXEC:tr a-z A-Z',
    ]);
    await once(listener.stderr!, 'data');
  });

  afterAll(async () => {
    listener.kill();
    await run('ip', ['netns', 'del', name]);
  });

  it('speaks with what listens on the loopback address there, and this process stays where it is', async () => {
    const connection = await dialInNamespace(path, 8080);
    connection.end('hello');
    expect(await text(connection)).toBe('HELLO');

    const here = createServer().listen(0, '127.0.0.1');
    await once(here, 'listening');
    await expect(dialInNamespace(path, (here.address() as AddressInfo).port)).rejects.toThrow('ECONNREFUSED');
    here.close();
  });

  it('says that nothing listens', async () => {
    await expect(dialInNamespace(path, 9)).rejects.toThrow('ECONNREFUSED 127.0.0.1:9');
  });

  it('says that the namespace is gone', async () => {
    await expect(dialInNamespace('/run/netns/none', 9)).rejects.toThrow('ENOENT');
  });
});
