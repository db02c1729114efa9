import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { errorCode, sleep, uuid, type Clock } from '@gantry/base';
import { attach, resizeTerminal } from '../conmon/attach';
import { execUnderMonitor } from '../conmon/conmon';
import type { Engine } from '../engine';
import { conflict, failed, invalid } from '../errors';
import { pipe } from '../kernel/libc';
import { identifyProcess, signalProcess } from '../kernel/processes';
import { shortName } from '../paths';
import type { ExecOptions, Session } from '../runtime';
import { mergeEnvironment } from '../spec/build-spec';
import type { OciProcess, OciSpec } from '../spec/oci-spec';
import { containerUser } from './prepare';
import { makeSession } from './session';

const SIGKILL = 9;

/** Runs another program in a running container. Closing the session ends the program. */
export async function execInContainer(engine: Engine, id: string, options: ExecOptions): Promise<Session> {
  const record = engine.table.require(id);
  if (record.phase !== 'running') throw conflict(`container ${id} is not running`);
  if (options.command.length === 0) throw invalid('no command to execute');
  const folder = join(engine.paths.container(id).execs, uuid());
  await mkdir(folder, { recursive: true });
  const place = { folder, processFile: join(folder, 'process.json'), pidFile: join(folder, 'pid') };
  try {
    await writeFile(place.processFile, JSON.stringify(await processOf(engine, id, options)), { mode: 0o600 });
    const session = options.tty
      ? await terminalExec(engine, id, options, place)
      : pipedExec(engine, id, options, place);
    const tidy = () => rm(folder, { recursive: true, force: true });
    void session.exit.then(tidy, tidy);
    return session;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

interface ExecPlace {
  folder: string;
  processFile: string;
  pidFile: string;
}

/** The container's own process settings with those of the exec over them. */
async function processOf(engine: Engine, id: string, options: ExecOptions): Promise<OciProcess> {
  const paths = engine.paths.container(id);
  const { process } = JSON.parse(await readFile(paths.config, 'utf8')) as OciSpec;
  const { command, tty = false, env = [], user, workingDir } = options;
  const supplemental = engine.table.require(id).spec.supplementalGroups;
  const resolved = user === undefined ? undefined : containerUser(paths.rootfs, user, supplemental);
  return {
    ...process,
    terminal: tty,
    args: command,
    env: mergeEnvironment(process.env, tty ? ['TERM=xterm'] : [], env),
    cwd: workingDir ?? process.cwd,
    ...(resolved && { user: { uid: resolved.uid, gid: resolved.gid, additionalGids: resolved.additionalGids } }),
  };
}

/** The OCI runtime hands its own stdio on, so three pipes are all there is between client and program. */
function pipedExec(engine: Engine, id: string, options: ExecOptions, place: ExecPlace): Session {
  const [input, output, errors] = [pipe(), pipe(), pipe()];
  const { path, globalArguments } = engine.oci;
  const child = spawn(
    path,
    [...globalArguments, 'exec', '--process', place.processFile, '--pid-file', place.pidFile, id],
    {
      stdio: [input.read, output.write, errors.write],
    },
  );
  for (const fd of [input.read, output.write, errors.write]) closeSync(fd);
  const stdin = new Socket({ fd: input.write, readable: false, writable: true });
  // The program may end without reading all its input: that is its right and no error of the session.
  stdin.on('error', () => undefined);
  if (!options.stdin) stdin.end();
  const exit = new Promise<number>((resolve, reject) => {
    child.on('error', (error) => {
      reject(failed(`cannot run ${path}`, error));
    });
    child.on('exit', (code) => {
      resolve(code ?? -1);
    });
  });
  const stdout = new Socket({ fd: output.read, readable: true, writable: false });
  const stderr = new Socket({ fd: errors.read, readable: true, writable: false });
  const close = () => {
    void endProcess(engine.clock, place.pidFile, exit);
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
  };
  return makeSession({ ...(options.stdin && { stdin }), stdout, stderr, exit, close });
}

/** A terminal needs somebody who holds its other side and passes sizes on: a monitor of its own. */
async function terminalExec(engine: Engine, id: string, options: ExecOptions, place: ExecPlace): Promise<Session> {
  const monitored = await execUnderMonitor(
    engine.conmon,
    {
      id,
      link: shortName(place.folder),
      bundle: place.folder,
      pidFile: place.pidFile,
      monitorPidFile: join(place.folder, 'conmon.pid'),
      exitDir: place.folder,
      persistDir: place.folder,
      socketDir: engine.paths.sockets,
      logPath: '/dev/null',
      tty: true,
      stdin: options.stdin === true,
      stdinOnce: true,
      execSpec: place.processFile,
    },
    engine.oci,
  );
  const attachment = await attach(join(place.folder, 'attach'), options.stdin === true);
  const { exitCode } = await monitored.begin();
  return makeSession({
    ...attachment,
    exit: exitCode,
    resize: (rows, columns) => resizeTerminal(join(place.folder, 'ctl'), rows, columns),
    close: () => {
      void endProcess(engine.clock, place.pidFile, exitCode);
      attachment.close();
    },
  });
}

// The program may speak before the OCI runtime has written down its PID: until then, or until it has ended by itself,
// there is nothing to signal.
async function endProcess(clock: Clock, pidFile: string, exit: Promise<number>): Promise<void> {
  let ended = false;
  const note = (): void => {
    ended = true;
  };
  exit.then(note, note);
  while (!ended) {
    const pid = Number(await readFile(pidFile, 'utf8').catch(noFile));
    const process = pid > 1 ? identifyProcess(pid) : undefined;
    if (process) {
      signalProcess(process, SIGKILL);
      return;
    }
    await sleep(clock, PID_POLL_MS);
  }
}

const PID_POLL_MS = 20;

function noFile(error: unknown): string {
  if (errorCode(error) !== 'ENOENT') throw error;
  return '';
}
