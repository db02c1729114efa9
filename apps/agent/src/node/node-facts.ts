import { readFile, statfs } from 'node:fs/promises';
import { arch, freemem, release } from 'node:os';
import type { ContainerImage, NodeSystemInfo } from '@gantry/api';
import type { Images } from '@gantry/runtime';
import { VERSION } from '../version';

const ARCHITECTURES: Partial<Record<string, string>> = { x64: 'amd64', ia32: '386' };
/** Kubernetes' own limit of images told of in a node's status. */
const MAX_IMAGES = 50;

/** What a node is, as `kubectl describe node` shows it. */
export async function systemInfo(ociRuntime: string): Promise<NodeSystemInfo> {
  const [machineID, systemUUID, bootID, osRelease] = await Promise.all([
    text('/etc/machine-id'),
    text('/sys/class/dmi/id/product_uuid'),
    text('/proc/sys/kernel/random/boot_id'),
    text('/etc/os-release'),
  ]);
  return {
    machineID,
    systemUUID: systemUUID || machineID,
    bootID,
    kernelVersion: release(),
    osImage: /^PRETTY_NAME="?([^"\n]*)/m.exec(osRelease)?.[1] ?? 'Linux',
    containerRuntimeVersion: `gantry://${VERSION}+${ociRuntime}`,
    kubeletVersion: `v1.33.0+gantry-${VERSION}`,
    kubeProxyVersion: '',
    operatingSystem: 'linux',
    architecture: architecture(),
  };
}

export const architecture = (): string => ARCHITECTURES[arch()] ?? arch();

/** Bytes. */
export interface NodeUsage {
  memoryAvailable: number;
  diskTotal: number;
  diskAvailable: number;
  inodesTotal: number;
  inodesAvailable: number;
}

export async function nodeUsage(dataDir: string): Promise<NodeUsage> {
  const [disk, memory] = await Promise.all([statfs(dataDir), text('/proc/meminfo')]);
  const available = /^MemAvailable:\s+(\d+) kB/m.exec(memory)?.[1];
  return {
    memoryAvailable: available === undefined ? freemem() : Number(available) * 1024,
    diskTotal: disk.blocks * disk.bsize,
    diskAvailable: disk.bavail * disk.bsize,
    inodesTotal: disk.files,
    inodesAvailable: disk.ffree,
  };
}

/** The largest images, for a scheduler that prefers nodes which have them. */
export async function nodeImages(images: Images): Promise<ContainerImage[]> {
  const list = await images.list();
  const largest = list.sort((a, b) => b.size - a.size).slice(0, MAX_IMAGES);
  return largest.map(({ digests, names, size }) => ({ names: [...digests, ...names], sizeBytes: size }));
}

const text = async (path: string): Promise<string> => (await readFile(path, 'utf8').catch(() => '')).trim();
