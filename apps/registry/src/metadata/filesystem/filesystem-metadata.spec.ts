import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegistryPaths } from '../../paths';
import { metadataSuite } from '../metadata.suite';
import { FilesystemMetadata } from './filesystem-metadata';

describe('FilesystemMetadata', () => {
  const folder = mkdtempSync(join(tmpdir(), 'metadata-'));
  const reset = () => rm(folder, { recursive: true, force: true });
  afterAll(reset);
  metadataSuite(() => new FilesystemMetadata(new RegistryPaths(folder)), reset);
});
