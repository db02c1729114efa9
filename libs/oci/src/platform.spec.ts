import { digestOf } from './digest';
import type { ImageIndex } from './manifest';
import { hostPlatform, selectPlatform } from './platform';

const index = (...platforms: string[]): ImageIndex => ({
  schemaVersion: 2,
  manifests: platforms.map((name) => {
    const [os, architecture, variant] = name.split('/') as [string, string, string?];
    return { mediaType: 'm', digest: digestOf(name), size: 1, platform: { os, architecture, variant } };
  }),
});

describe('selectPlatform', () => {
  it.each([
    ['x64', ['linux/arm64', 'linux/amd64'], 'linux/amd64'],
    ['x64', ['windows/amd64', 'linux/386'], undefined],
    ['x64', ['linux/amd64/v3'], undefined],
    ['arm64', ['linux/arm64/v8', 'linux/arm64'], 'linux/arm64/v8'],
    ['arm64', ['linux/arm64'], 'linux/arm64'],
    ['arm', ['linux/arm/v5', 'linux/arm/v6'], 'linux/arm/v6'],
    ['arm', ['linux/arm/v8'], undefined],
  ] as const)('%s among %j is %s', (architecture, platforms, chosen) => {
    const found = selectPlatform(index(...platforms), hostPlatform(architecture));
    expect(found?.digest).toBe(chosen && digestOf(chosen));
  });
});
