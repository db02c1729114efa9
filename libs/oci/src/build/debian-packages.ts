import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Relations that are not followed: only what programs need to run is. */
const NOT_FOLLOWED = ['suggests', 'recommends', 'conflicts', 'breaks', 'replaces', 'enhances', 'pre-depends'];

/**
 * Unpacks Debian packages and the libraries they depend on below `folder`. Nothing is installed and no script of theirs
 * runs. The packages come from the machine's own package sources.
 */
export async function unpackDebianPackages(names: string[], folder: string): Promise<void> {
  const downloads = join(folder, '.debs');
  await mkdir(downloads, { recursive: true });
  await withPackageLists(() => download(names, downloads));
  const debs = await readdir(downloads);
  await Promise.all(debs.map((deb) => run('dpkg-deb', ['--extract', join(downloads, deb), folder])));
}

async function download(names: string[], folder: string): Promise<void> {
  const packages = await withLibraries(names);
  // apt's own user could not read the folder; it would warn and go on as root.
  const options = ['--quiet', '--option', 'APT::Sandbox::User=root'];
  await run('apt-get', ['download', ...options, ...packages], { cwd: folder });
}

async function withLibraries(names: string[]): Promise<string[]> {
  const without = NOT_FOLLOWED.map((kind) => `--no-${kind}`);
  const { stdout } = await run('apt-cache', ['depends', '--recurse', ...without, ...names]);
  // Packages stand at the line's start (virtual ones in angle brackets), their dependencies are indented. Modules of
  // nginx and the firewall's and login's libraries only come along by way of packages that no image uses.
  const libraries = stdout
    .split('\n')
    .filter((line) => /^z?lib/.test(line) && !/^lib(nginx-mod|bpf|pam-modules)/.test(line));
  return [...new Set([...names, ...libraries])];
}

/** A fresh machine may have no package lists yet, or ones that name versions which are no longer to be had. */
async function withPackageLists(ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch {
    await run('apt-get', ['update', '--quiet']);
    await ask();
  }
}
