import type { Descriptor, ImageIndex, Platform } from './manifest';

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, Platform>> = {
  x64: { os: 'linux', architecture: 'amd64' },
  arm64: { os: 'linux', architecture: 'arm64', variant: 'v8' },
  arm: { os: 'linux', architecture: 'arm', variant: 'v7' },
  ia32: { os: 'linux', architecture: '386' },
};

/** The platform of this machine in the words of images (Go's GOOS and GOARCH). */
export function hostPlatform(architecture: NodeJS.Architecture = process.arch): Platform {
  return ARCHITECTURES[architecture] ?? { os: 'linux', architecture };
}

export const formatPlatform = ({ os, architecture, variant }: Platform): string =>
  [os, architecture, variant].filter(Boolean).join('/');

/**
 * The image of an index that runs on the platform: the one with the same variant, else one of the architecture that
 * names no variant, else the highest lower variant (they are upwards compatible).
 */
export function selectPlatform(index: ImageIndex, wanted: Platform): Descriptor | undefined {
  const variantOf = (descriptor: Descriptor) => descriptor.platform?.variant ?? '';
  const fitting = index.manifests.filter(
    ({ platform }) => platform?.os === wanted.os && platform.architecture === wanted.architecture,
  );
  const exact = fitting.find((descriptor) => variantOf(descriptor) === (wanted.variant ?? ''));
  if (exact) return exact;
  // The empty variant sorts below every other, but is preferred to a lower one.
  const unnamed = fitting.find((descriptor) => variantOf(descriptor) === '');
  const lower = fitting.filter((descriptor) => variantOf(descriptor) < (wanted.variant ?? ''));
  return unnamed ?? lower.sort((a, b) => variantOf(b).localeCompare(variantOf(a)))[0];
}
