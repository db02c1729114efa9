import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Only hard dependencies; what the package manager would run or configure is of no use in an image. */
const DEPENDS = ['suggests', 'recommends', 'conflicts', 'breaks', 'replaces', 'enhances', 'pre-depends'];

/**
 * Unpacks Debian packages and the libraries they depend on below `folder`. Nothing is installed and no script of theirs
 * runs. The packages come from the machine's own package sources.
 */
export async function unpackDebianPackages(names: string[], folder: string): Promise<void> {
  const downloads = join(folder, '.debs');
  await mkdir(downloads, { recursive: true });
  const packages = await withPackageLists(() => withLibraries(names));
  // Without --option, apt warns about a folder its own user cannot read.
  await run('apt-get', ['download', '--quiet', '--option', 'APT::Sandbox::User=root', ...packages], { cwd: downloads });
  const debs = await readdir(downloads);
  await Promise.all(debs.map((deb) => run('dpkg-deb', ['--extract', join(downloads, deb), folder])));
}

async function withLibraries(names: string[]): Promise<string[]> {
  const without = DEPENDS.map((kind) => `--no-${kind}`);
  const { stdout } = await run('apt-cache', ['depends', '--recurse', ...without, ...names]);
  // Packages stand at the line's start, virtual ones in angle brackets, and their dependencies indented.
  const libraries = stdout
    .split('\n')
    .filter((line) => /^z?lib/.test(line) && !/^lib(nginx-mod|bpf|pam-modules)/.test(line));
  return [...new Set([...names, ...libraries])];
}

/** A fresh machine may have no package lists yet. */
async function withPackageLists<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch {
    await run('apt-get', ['update', '--quiet']);
    return ask();
  }
}
