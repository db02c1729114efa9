import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { errorCode } from '@gantry/base';
import { hasHybridControllers } from '../cgroups/cgroups';
import { failed } from '../errors';

export type OciRuntimeName = 'crun' | 'runc';

/** Where Debian keeps them, for processes that were started with a bare PATH. */
const usualFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The path of a program. Throws Failed that says which package to install. */
export async function findProgram(name: string): Promise<string> {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...usualFolders];
  for (const folder of folders) {
    const path = join(folder, name);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw failed(`${name} is not installed (Debian: apt-get install ${name})`);
}

/** crun is twice as fast, but refuses hybrid cgroups whose v2 side holds controllers. */
export async function chooseOciRuntime(wanted: 'auto' | OciRuntimeName): Promise<OciRuntimeName> {
  if (wanted !== 'auto') return wanted;
  if (hasHybridControllers()) return 'runc';
  return findProgram('crun').then(
    () => 'crun',
    () => 'runc',
  );
}

/** What the runtime says of a container, or undefined when it has none with the id. */
export type OciStatus = 'creating' | 'created' | 'running' | 'stopped' | 'paused' | undefined;

/** The short-lived commands of crun and runc: the program that builds a container and is gone. */
export class OciRuntime {
  /** What stands before every command. */
  readonly globalArguments: string[];

  constructor(
    readonly name: OciRuntimeName,
    readonly path: string,
    /** Folder where it keeps its own state. */
    readonly stateRoot: string,
  ) {
    this.globalArguments = ['--root', stateRoot, ...(name === 'crun' ? ['--cgroup-manager=cgroupfs'] : [])];
  }

  async start(id: string): Promise<void> {
    await this.run(['start', id]);
  }

  /** Ends what runs of it and forgets it; no error when there is nothing. */
  async delete(id: string): Promise<void> {
    await this.run(['delete', '--force', id]).catch((error: unknown) => {
      if (!/does not exist|No such file or directory/.test(String(error))) throw error;
    });
  }

  async status(id: string): Promise<OciStatus> {
    try {
      return (JSON.parse(await this.run(['state', id])) as { status: OciStatus }).status;
    } catch (error) {
      if (/does not exist|No such file or directory/.test(String(error))) return undefined;
      throw error;
    }
  }

  private run(command: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      execFile(this.path, [...this.globalArguments, ...command], (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else if (errorCode(error) === 'ENOENT') reject(failed(`cannot run ${this.path}`, error));
        else reject(failed(`${this.name} ${command[0]!}: ${runtimeMessage(stderr) || error.message}`));
      });
    });
  }
}

/** The last thing it said, without the time stamps and levels of its log format. */
export function runtimeMessage(text: string): string {
  const last = text.trim().split('\n').at(-1) ?? '';
  const message = /msg="((?:[^"\\]|\\.)*)"/.exec(last)?.[1]?.replace(/\\(.)/g, '$1') ?? last;
  return message.replace(/^\d{4}-\d\d-\d\dT[\d:.Z+-]+:? */, '').trim();
}
