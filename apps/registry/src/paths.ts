import { join } from 'node:path';
import { digestAlgorithm, digestHex, type Digest } from '@gantry/oci';

/**
 * The whole tree of a registry on one file system:
 *
 *     blobs/<algorithm>/<hex 0-1>/<hex>                 content: layers, configurations, manifests
 *     uploads/<repository>/_/<id>                       bytes of an unfinished upload
 *     repositories/<repository>/_blobs/<algorithm>-<hex>          empty: the repository may serve this blob
 *     repositories/<repository>/_manifests/<algorithm>-<hex>      JSON: media type and what lists need
 *     repositories/<repository>/_tags/<tag>                       the digest the tag points at
 *     repositories/<repository>/_referrers/<subject>/<referrer>   empty: the manifest names that subject
 *
 * Folders that are not part of a repository's name begin with `_`, which no part of such a name does.
 * Everything else is written beside it under a name beginning with `.`, synced and renamed.
 */
export class RegistryPaths {
  constructor(readonly root: string) {}

  readonly blobs = join(this.root, 'blobs');
  readonly uploads = join(this.root, 'uploads');
  readonly repositories = join(this.root, 'repositories');

  blob(digest: Digest): string {
    const hex = digestHex(digest);
    return join(this.blobs, digestAlgorithm(digest), hex.slice(0, 2), hex);
  }

  uploadsOf(repository: string): string {
    return join(this.uploads, repository, '_');
  }

  upload(repository: string, id: string): string {
    return join(this.uploadsOf(repository), id);
  }

  blobLink(repository: string, digest: Digest): string {
    return join(this.repositories, repository, '_blobs', fileName(digest));
  }

  manifestsOf(repository: string): string {
    return join(this.repositories, repository, '_manifests');
  }

  manifest(repository: string, digest: Digest): string {
    return join(this.manifestsOf(repository), fileName(digest));
  }

  tagsOf(repository: string): string {
    return join(this.repositories, repository, '_tags');
  }

  tag(repository: string, tag: string): string {
    return join(this.tagsOf(repository), tag);
  }

  referrersOf(repository: string, subject: Digest): string {
    return join(this.repositories, repository, '_referrers', fileName(subject));
  }

  referrer(repository: string, subject: Digest, referrer: Digest): string {
    return join(this.referrersOf(repository, subject), fileName(referrer));
  }
}

const fileName = (digest: Digest): string => digest.replace(':', '-');

/** The digest that names a file of `_manifests`, `_blobs` or `_referrers`. */
export const digestOfFile = (name: string): Digest => name.replace('-', ':') as Digest;
