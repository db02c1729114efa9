import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { digestOf, type Digest } from '@gantry/oci';

export type Entry = Partial<Header> & { name: string; content?: string | Buffer };

/** A tar archive of the entries. */
export async function tarOf(entries: Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of entries) archive.entry(header, content ?? '');
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function gzipLayer(entries: Entry[]): Promise<{ bytes: Buffer; diffId: Digest }> {
  const tar = await tarOf(entries);
  return { bytes: gzipSync(tar, { level: 1 }), diffId: digestOf(tar) };
}

const applets =
  `sh cat grep unshare echo sleep ls id env hostname true false head mount stat ps kill stty tty wc dd awk sync nc touch
  seq mkdir ip test readlink`.split(/\s+/);

/** What a container needs to run commands: busybox under its many names, and a user. */
export const busyboxEntries = (): Entry[] => [
  ...['bin/', 'etc/', 'tmp/', 'home/', 'home/app/'].map((name): Entry => ({
    name,
    type: 'directory',
    mode: name === 'tmp/' ? 0o1777 : 0o755,
  })),
  { name: 'bin/busybox', mode: 0o755, content: readFileSync('/usr/bin/busybox') },
  ...applets.map((name): Entry => ({ name: `bin/${name}`, type: 'symlink', linkname: 'busybox' })),
  { name: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n' },
  { name: 'etc/group', content: 'root:x:0:\napp:x:1000:\nextra:x:2000:app\n' },
];
