import type { KindInfo, KubeObject, User } from '@gantry/api';

/** A write that is about to happen. Plugins may change `object` while mutating, nothing else and never later. */
export interface AdmissionAttempt {
  operation: 'create' | 'update' | 'delete';
  kind: KindInfo;
  /** `status`, `scale`, `binding` … or undefined for the object itself. */
  subresource?: string;
  namespace?: string;
  name: string;
  /** What would be stored; undefined for a deletion. */
  object?: KubeObject;
  /** What is stored; undefined for a creation. */
  old?: KubeObject;
  user: User;
  dryRun: boolean;
}

/** One rule of the cluster about what may be written. Throws a StatusError to refuse. */
export interface AdmissionPlugin {
  name: string;
  /** Fills in or corrects the object before it is validated. */
  mutate?(attempt: AdmissionAttempt): void | Promise<void>;
  /** Refuses what must not be; sees the object as it will be stored. */
  validate?(attempt: AdmissionAttempt): void | Promise<void>;
}

/** All plugins in order: first everybody mutates, then, on the validated object, everybody validates. */
export class Admission {
  constructor(private readonly plugins: readonly AdmissionPlugin[]) {}

  async mutate(attempt: AdmissionAttempt): Promise<void> {
    for (const plugin of this.plugins) await plugin.mutate?.(attempt);
  }

  async validate(attempt: AdmissionAttempt): Promise<void> {
    for (const plugin of this.plugins) await plugin.validate?.(attempt);
  }
}
