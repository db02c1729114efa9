import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegistryPaths } from '../../paths';
import { blobStoreSuite } from '../blob-store.suite';
import { FilesystemBlobStore } from './filesystem-blob-store';

describe('FilesystemBlobStore', () => {
  const folder = mkdtempSync(join(tmpdir(), 'blobs-'));
  const reset = () => rm(folder, { recursive: true, force: true });
  afterAll(reset);
  blobStoreSuite(() => new FilesystemBlobStore(new RegistryPaths(folder)), reset);
});
