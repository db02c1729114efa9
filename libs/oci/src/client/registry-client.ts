import { systemClock, type Clock, type Closeable } from '@gantry/base';
import { parseImageConfiguration, CONFIG_MAX_BYTES, type ImageConfiguration } from '../image-config';
import type { Descriptor, ImageManifest, Manifest, Platform } from '../manifest';
import { formatPlatform, hostPlatform, selectPlatform } from '../platform';
import { formatReference, repositoryName, type Reference } from '../reference';
import { Authorizer, type Credentials } from './authorizer';
import { EndpointSession, type RetryPolicy } from './endpoint-session';
import { endpointsOf, type EndpointSettings } from './endpoints';
import { HttpTransport } from './http-transport';
import { RegistryError } from './registry-error';
import { Repository } from './repository';

export interface RegistryClientSettings extends EndpointSettings {
  /** Milliseconds without a byte after which a connection counts as broken; 30,000 unless given. */
  idleTimeout?: number;
  retry?: RetryPolicy;
  /** Extra certificate authorities (PEM). */
  ca?: string;
  clock?: Clock;
}

export interface RepositoryOptions {
  /** For the registry itself; mirrors never see them. */
  credentials?: Credentials;
  /** Ask for the right to write, too. */
  push?: boolean;
}

/** What an image name means on one platform, before any layer is fetched. */
export interface ResolvedImage {
  /** Of what the name points at, the index if there is one: the digest people pin. */
  digest: Manifest['digest'];
  manifest: ImageManifest;
  manifestDigest: Manifest['digest'];
  /** Its digest is the image id. */
  config: Descriptor;
  configuration: ImageConfiguration;
  configurationBytes: Buffer;
}

/** The tries of one request, in milliseconds: some 1.4 s in all before the failure is reported. */
const RETRY: RetryPolicy = { initial: 200, max: 5000, attempts: 4 };

/** Reads from and writes to registries that speak the OCI distribution protocol. Connections are kept until it is closed. */
export class RegistryClient implements Closeable {
  private readonly http: HttpTransport;
  private readonly clock: Clock;
  private readonly retry: RetryPolicy;

  constructor(private readonly settings: RegistryClientSettings = {}) {
    this.http = new HttpTransport({ idleTimeout: settings.idleTimeout ?? 30_000, ca: settings.ca });
    this.clock = settings.clock ?? systemClock;
    this.retry = settings.retry ?? RETRY;
  }

  repository({ domain, path }: Pick<Reference, 'domain' | 'path'>, options: RepositoryOptions = {}): Repository {
    const scope = `repository:${path}:${options.push ? 'pull,push' : 'pull'}`;
    const sessions = endpointsOf(domain, this.settings).map(({ url, upstream }) => {
      const authorizer = new Authorizer(this.http, this.clock, upstream ? options.credentials : undefined);
      const base = new URL(`v2/${path}/`, url.href.endsWith('/') ? url : `${url.href}/`);
      return new EndpointSession(this.http, authorizer, this.clock, this.retry, base, scope);
    });
    return new Repository(sessions, this.clock, this.retry);
  }

  /** The image that a reference means on the platform (this machine's, unless given). Throws {@link RegistryError}. */
  async resolve(
    reference: Reference,
    repository: Repository,
    { platform = hostPlatform(), signal }: { platform?: Platform; signal?: AbortSignal } = {},
  ): Promise<ResolvedImage> {
    const named = await repository.manifest(reference.digest ?? reference.tag ?? 'latest', signal);
    const image = named.kind === 'image' ? named : await this.fromIndex(named, reference, repository, platform, signal);
    const { config } = image.content;
    const configurationBytes = await repository.blobBytes(config, CONFIG_MAX_BYTES, signal);
    return {
      digest: named.digest,
      manifest: image.content,
      manifestDigest: image.digest,
      config,
      configuration: parseImageConfiguration(configurationBytes, image.content),
      configurationBytes,
    };
  }

  close(): void {
    this.http.close();
  }

  private async fromIndex(
    index: Manifest & { kind: 'index' },
    reference: Reference,
    repository: Repository,
    platform: Platform,
    signal?: AbortSignal,
  ): Promise<Manifest & { kind: 'image' }> {
    const chosen = selectPlatform(index.content, platform);
    const wanted = `${formatPlatform(platform)} in the manifest list entries`;
    const name = formatReference(reference);
    if (!chosen) throw new RegistryError('MANIFEST_UNKNOWN', `no matching manifest for ${wanted} of ${name}`, 404);
    const image = await repository.manifest(chosen.digest, signal);
    if (image.kind === 'image') return image;
    throw new RegistryError('MANIFEST_INVALID', `index of ${repositoryName(reference)} points at another index`, 200);
  }
}
