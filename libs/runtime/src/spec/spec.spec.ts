import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ContainerSpec, Security } from '../runtime';
import { loadProfile, resolveProfile } from '../seccomp/profile';
import { kernelParameters } from '../sandboxes/parameters';
import { signalNumber } from '../kernel/processes';
import { buildSpec, mergeEnvironment, processArguments, type SpecInput } from './build-spec';
import { capabilitiesOfMask, containerCapabilities } from './capabilities';
import { baseMounts, mergeMounts } from './mounts';
import { readRootFile } from './root-file';
import { resolveUser } from './user';

const everything = capabilitiesOfMask('1ffffffffff');
const withoutResource = capabilitiesOfMask('1fffeffffff');

const input = (container: Partial<ContainerSpec> = {}, more: Partial<SpecInput> = {}): SpecInput => ({
  container: { id: 'c', image: 'i', command: ['run'], ...container },
  image: {},
  rootfs: '/rootfs',
  cgroup: '/gantry/c',
  user: { uid: 0, gid: 0, additionalGids: [], home: '/root' },
  hostname: 'host',
  namespaces: { network: '/netns', ipc: '/ipc', uts: '/uts' },
  abilities: { capabilities: everything, minimumOomScoreAdj: -1000, cgroupVersion: 1 },
  devices: () => [],
  ...more,
});

describe('the command', () => {
  const image = { Entrypoint: ['/entry'], Cmd: ['default'] };
  it.each([
    [{}, ['/entry', 'default']],
    [{ command: ['own'] }, ['/entry', 'own']],
    [{ entrypoint: ['/own'] }, ['/own']],
    [{ entrypoint: ['/own'], command: ['too'] }, ['/own', 'too']],
  ])('of %j', (spec, args) => {
    expect(processArguments({ id: 'c', image: 'i', ...spec }, image)).toEqual(args);
  });

  it('must come from somewhere', () => {
    expect(() => processArguments({ id: 'c', image: 'i' }, {})).toThrow(/no command specified/);
  });
});

describe('capabilities', () => {
  it.each([
    [{}, ['CAP_CHOWN', 'CAP_KILL'], ['CAP_SYS_ADMIN', 'CAP_NET_ADMIN']],
    [{ capabilitiesAdd: ['net_admin'] }, ['CAP_NET_ADMIN', 'CAP_CHOWN'], []],
    [{ capabilitiesDrop: ['ALL'], capabilitiesAdd: ['NET_BIND_SERVICE'] }, ['CAP_NET_BIND_SERVICE'], ['CAP_CHOWN']],
    [{ capabilitiesAdd: ['ALL'], capabilitiesDrop: ['CAP_SYS_ADMIN'] }, ['CAP_NET_ADMIN'], ['CAP_SYS_ADMIN']],
    [{ privileged: true }, everything, []],
  ] as [Security, string[], string[]][])('of %j', (security, has, lacks) => {
    const set = containerCapabilities(security, everything);
    expect(set).toEqual(expect.arrayContaining(has));
    expect(set.filter((name) => lacks.includes(name))).toEqual([]);
  });

  it('are never more than this process has', () => {
    expect(containerCapabilities({ privileged: true }, withoutResource)).not.toContain('CAP_SYS_RESOURCE');
  });

  it('are refused when nobody knows them', () => {
    expect(() => containerCapabilities({ capabilitiesAdd: ['FLY'] }, everything)).toThrow('unknown capability CAP_FLY');
  });
});

describe('the user', () => {
  const passwd = 'root:x:0:0::/root:/bin/sh\n#comment\napp:x:100:200::/app:\nbroken\n';
  const group = 'root:x:0:\nstaff:x:50:app,other\napp:x:200:\n';
  it.each([
    ['', { uid: 0, gid: 0, additionalGids: [], home: '/root' }],
    ['app', { uid: 100, gid: 200, additionalGids: [50], home: '/app' }],
    ['100', { uid: 100, gid: 200, additionalGids: [50], home: '/app' }],
    ['app:staff', { uid: 100, gid: 50, additionalGids: [], home: '/app' }],
    ['4242', { uid: 4242, gid: 0, additionalGids: [], home: '/' }],
    ['4242:77', { uid: 4242, gid: 77, additionalGids: [], home: '/' }],
  ])('%j', (user, resolved) => {
    expect(resolveUser(user, passwd, group)).toEqual(resolved);
  });

  it.each(['ghost', 'app:ghosts', 'a:b:c', '99999999999'])('%s is refused', (user) => {
    expect(() => resolveUser(user, passwd, group)).toThrow();
  });

  it('keeps supplemental groups once', () => {
    expect(resolveUser('app', passwd, group, [50, 60]).additionalGids).toEqual([50, 60]);
  });
});

it('reads account files through links only within the container', () => {
  const outside = mkdtempSync(join(tmpdir(), 'gantry-root-'));
  const rootfs = join(outside, 'rootfs');
  mkdirSync(join(rootfs, 'etc'), { recursive: true });
  writeFileSync(join(outside, 'secret'), 'secret');
  writeFileSync(join(rootfs, 'inside'), 'inside');
  symlinkSync('../../secret', join(rootfs, 'etc', 'up'));
  symlinkSync(join(outside, 'secret'), join(rootfs, 'etc', 'absolute'));
  symlinkSync('/inside', join(rootfs, 'etc', 'good'));
  expect(
    ['/etc/up', '/etc/absolute', '/etc/good', '/etc/none', '/etc'].map((path) => readRootFile(rootfs, path)),
  ).toEqual(['', '', 'inside', '', '']);
  rmSync(outside, { recursive: true });
});

describe('mounts', () => {
  it('replace base mounts and come after what they lie in', () => {
    const merged = mergeMounts(baseMounts({ writableKernel: false }), [
      { type: 'bind', source: '/b', target: '/data/sub/' },
      { type: 'bind', source: '/a', target: '/data', readOnly: true },
      { type: 'tmpfs', target: '/dev/shm', sizeBytes: 4096 },
    ]);
    const targets = merged.map(({ destination }) => destination);
    expect(targets.indexOf('/data')).toBeLessThan(targets.indexOf('/data/sub'));
    expect(targets.filter((target) => target === '/dev/shm')).toHaveLength(1);
    expect(targets.indexOf('/dev')).toBeLessThan(targets.indexOf('/dev/shm'));
  });

  it.each(['relative', '/', '/..'])('at %s are refused', (target) => {
    expect(() => mergeMounts([], [{ type: 'tmpfs', target }])).toThrow(/invalid mount target/);
  });
});

describe('the configuration', () => {
  it('joins the sandbox, and hides and protects the kernel’s files', () => {
    const { linux, hostname } = buildSpec(input());
    expect(linux.namespaces).toEqual([
      { type: 'mount' },
      { type: 'pid' },
      { type: 'network', path: '/netns' },
      { type: 'ipc', path: '/ipc' },
      { type: 'uts', path: '/uts' },
    ]);
    expect(hostname).toBeUndefined();
    expect(linux.maskedPaths).toContain('/proc/kcore');
    expect(linux.readonlyPaths).toContain('/proc/sys');
  });

  it('keeps the host’s namespaces where asked', () => {
    const { linux } = buildSpec(input({ pid: 'host' }, { namespaces: { network: 'host', ipc: 'host', uts: '/uts' } }));
    expect(linux.namespaces).toEqual([{ type: 'mount' }, { type: 'uts', path: '/uts' }]);
  });

  it('of a privileged container is open', () => {
    const { linux, process } = buildSpec(input({ security: { privileged: true } }));
    expect(linux.maskedPaths).toBeUndefined();
    expect(linux.resources.devices).toEqual([{ allow: true, access: 'rwm' }]);
    expect(process.capabilities.bounding).toEqual(everything);
  });

  it('asks for no lower OOM score than this process may give', () => {
    const abilities = { capabilities: withoutResource, minimumOomScoreAdj: 0, cgroupVersion: 1 as const };
    expect(buildSpec(input({ resources: { oomScoreAdj: -998 } }, { abilities })).process.oomScoreAdj).toBe(0);
    expect(buildSpec(input({ resources: { oomScoreAdj: 900 } }, { abilities })).process.oomScoreAdj).toBe(900);
  });

  it('lets later variables win in the place of the first', () => {
    expect(mergeEnvironment(['A=1', 'B=1'], ['A=2', 'C=3'])).toEqual(['A=2', 'B=1', 'C=3']);
  });
});

describe('seccomp', () => {
  const names = async (capabilities: string[], action: string) => {
    const { syscalls } = resolveProfile((await loadProfile({}))!, capabilities, 'x64');
    return syscalls.filter((rule) => rule.action === action && !rule.args).flatMap((rule) => rule.names);
  };

  it('refuses what could leave the container, and allows it with the capability', async () => {
    const dangerous = ['mount', 'setns', 'unshare', 'bpf', 'open_by_handle_at', 'kexec_load', 'init_module'];
    expect((await names([], 'SCMP_ACT_ALLOW')).filter((name) => dangerous.includes(name))).toEqual([]);
    expect(await names([], 'SCMP_ACT_ERRNO')).toEqual(expect.arrayContaining(dangerous));
    expect(await names(['CAP_SYS_ADMIN'], 'SCMP_ACT_ALLOW')).toEqual(
      expect.arrayContaining(['mount', 'setns', 'clone3']),
    );
  });

  it('never says both yes and no to a call', async () => {
    const sets = fc.subarray(everything);
    await fc.assert(
      fc.asyncProperty(sets, async (capabilities) => {
        const refused = new Set(await names(capabilities, 'SCMP_ACT_ERRNO'));
        expect((await names(capabilities, 'SCMP_ACT_ALLOW')).filter((name) => refused.has(name))).toEqual([]);
      }),
    );
  });

  it.each([
    [{ seccomp: 'unconfined' }, false],
    [{ privileged: true }, false],
    [{ privileged: true, seccomp: 'default' }, true],
    [{}, true],
  ])('of %j', async (security, has) => {
    expect((await loadProfile(security)) !== undefined).toBe(has);
  });
});

describe('sysctls', () => {
  const own = { network: true, ipc: true };
  it('are set in the namespace, in either spelling', () => {
    expect(
      kernelParameters(
        { 'net.ipv4.ip_forward': '1', 'net/ipv4/conf/eth0.1/forwarding': '0', 'kernel.shmmax': '5' },
        own,
      ),
    ).toEqual({
      'net/ipv4/ip_forward': '1',
      'net/ipv4/conf/eth0.1/forwarding': '0',
      'kernel/shmmax': '5',
    });
  });

  it.each([
    ['kernel.panic', own],
    ['vm.swappiness', own],
    ['net/../kernel/panic', own],
    ['net.ipv4.ip_forward', { network: false, ipc: true }],
    ['kernel.msgmax', { network: true, ipc: false }],
  ])('%s would change the node and is refused', (name, namespaces) => {
    expect(() => kernelParameters({ [name]: '1' }, namespaces)).toThrow(/sysctl/);
  });
});

describe('signals', () => {
  it.each([
    ['TERM', 15],
    ['SIGKILL', 9],
    ['sigint', 2],
    ['10', 10],
    ['SIGRTMIN+3', 37],
    ['RTMAX-1', 63],
  ])('%s is %i', (name, number) => {
    expect(signalNumber(name)).toBe(number);
  });

  it.each(['NOPE', '0', '65', '-9', ''])('%j is none', (name) => {
    expect(() => signalNumber(name)).toThrow(/unknown signal/);
  });
});
