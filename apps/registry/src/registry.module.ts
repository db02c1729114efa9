import { Module, type DynamicModule } from '@nestjs/common';
import { Health, Metrics, type Logger } from '@gantry/observability';
import { Manifests } from './content/manifests';
import { Uploads } from './content/uploads';
import type { BlobStore } from './drivers/blob-store';
import { BlobsController } from './http/blobs.controller';
import { HealthController } from './http/health.controller';
import { ListingsController } from './http/listings.controller';
import { ManifestsController } from './http/manifests.controller';
import { UploadsController } from './http/uploads.controller';
import type { Metadata } from './metadata/metadata';
import { BLOB_STORE, LOGGER, METADATA } from './tokens';

export interface RegistryParts {
  blobs: BlobStore;
  metadata: Metadata;
  metrics: Metrics;
  health: Health;
  log: Logger;
}

@Module({})
export class RegistryModule {
  static over({ blobs, metadata, metrics, health, log }: RegistryParts): DynamicModule {
    return {
      module: RegistryModule,
      controllers: [HealthController, ListingsController, UploadsController, BlobsController, ManifestsController],
      providers: [
        Manifests,
        Uploads,
        { provide: BLOB_STORE, useValue: blobs },
        { provide: METADATA, useValue: metadata },
        { provide: Metrics, useValue: metrics },
        { provide: Health, useValue: health },
        { provide: LOGGER, useValue: log },
      ],
    };
  }
}
