import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { errorCode, writeFileDurably } from '@gantry/base';
import { isDigest, type Digest } from '@gantry/oci';
import { digestOfFile, type RegistryPaths } from '../../paths';
import type { ManifestRecord, Metadata, Page, PageResult } from '../metadata';

/** Metadata as small files, for a registry alone on one disk. See {@link RegistryPaths} for the tree. */
export class FilesystemMetadata implements Metadata {
  constructor(private readonly paths: RegistryPaths) {}

  async hasBlob(repository: string, digest: Digest): Promise<boolean> {
    return (await readOrNothing(this.paths.blobLink(repository, digest))) !== undefined;
  }

  addBlob(repository: string, digest: Digest): Promise<void> {
    return addEmptyFile(this.paths.blobLink(repository, digest));
  }

  removeBlob(repository: string, digest: Digest): Promise<boolean> {
    return remove(this.paths.blobLink(repository, digest));
  }

  async manifest(repository: string, digest: Digest): Promise<ManifestRecord | undefined> {
    const text = await readOrNothing(this.paths.manifest(repository, digest));
    return text === undefined ? undefined : (JSON.parse(text) as ManifestRecord);
  }

  async addManifest(repository: string, record: ManifestRecord): Promise<void> {
    // The referrer first: one whose manifest is missing is skipped by readers, the other way round it would be lost.
    if (record.subject) await addEmptyFile(this.paths.referrer(repository, record.subject, record.digest));
    await writeFileDurably(this.paths.manifest(repository, record.digest), JSON.stringify(record), 0o644);
  }

  async removeManifest(repository: string, digest: Digest): Promise<boolean> {
    const record = await this.manifest(repository, digest);
    if (!record) return false;
    for (const tag of await namesIn(this.paths.tagsOf(repository))) {
      if ((await this.tag(repository, tag)) === digest) await this.removeTag(repository, tag);
    }
    await remove(this.paths.manifest(repository, digest));
    if (record.subject) await remove(this.paths.referrer(repository, record.subject, digest));
    return true;
  }

  async referrers(repository: string, subject: Digest): Promise<ManifestRecord[]> {
    const names = await namesIn(this.paths.referrersOf(repository, subject));
    const records = await Promise.all(names.map((name) => this.manifest(repository, digestOfFile(name))));
    return records.filter((record) => record !== undefined);
  }

  async tag(repository: string, tag: string): Promise<Digest | undefined> {
    const text = await readOrNothing(this.paths.tag(repository, tag));
    return text !== undefined && isDigest(text) ? text : undefined;
  }

  setTag(repository: string, tag: string, digest: Digest): Promise<void> {
    return writeFileDurably(this.paths.tag(repository, tag), digest, 0o644);
  }

  removeTag(repository: string, tag: string): Promise<boolean> {
    return remove(this.paths.tag(repository, tag));
  }

  async tags(repository: string, page: Page): Promise<PageResult | undefined> {
    const names = await namesIn(this.paths.tagsOf(repository));
    if (names.length === 0 && (await namesIn(this.paths.manifestsOf(repository))).length === 0) return undefined;
    return pageOf(names, page);
  }

  async repositories(page: Page): Promise<PageResult> {
    const found: string[] = [];
    await this.collectRepositories(this.paths.repositories, found);
    return pageOf(found, page);
  }

  private async collectRepositories(folder: string, found: string[]): Promise<void> {
    const names = await namesIn(folder);
    if (names.includes('_manifests') && (await namesIn(join(folder, '_manifests'))).length > 0) {
      found.push(relative(this.paths.repositories, folder).split(sep).join('/'));
    }
    for (const name of names) {
      if (!name.startsWith('_')) await this.collectRepositories(join(folder, name), found);
    }
  }
}

function pageOf(names: string[], { limit, after }: Page): PageResult {
  const sorted = names.filter((name) => after === undefined || name > after).sort();
  return { names: sorted.slice(0, limit), more: sorted.length > limit };
}

/** What is in a folder, without files that are still being written. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.'));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

async function readOrNothing(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function remove(path: string): Promise<boolean> {
  try {
    await rm(path);
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
  await syncFolder(dirname(path));
  return true;
}

/** Its existence is its meaning, so an empty file needs no writing aside. */
async function addEmptyFile(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await (await open(path, 'wx', 0o644)).close();
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    throw error;
  }
  await syncFolder(dirname(path));
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const isAbsent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '');
