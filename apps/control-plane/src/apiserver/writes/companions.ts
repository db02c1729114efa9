import type { KindInfo, KubeObject } from '@gantry/api';
import { type Operation, PreconditionFailed } from '@gantry/store';
import { revisionOf } from '../storage/codec';
import type { ObjectStorage } from '../storage/object-storage';

/** Keys taken for an object, to be written in the transaction that writes the object. */
export interface Claim {
  operations: Operation[];
  /**
   * Another object took the key first. Returns when the claim can be made anew with another one; throws what the
   * client should be told otherwise.
   */
  onTaken(key: string): void;
}

/**
 * What lives and dies with objects of one kind under keys of its own (addresses and ports of services).
 * Because both are written in one transaction, nothing can leak or be given twice, whatever crashes.
 */
export interface Companion {
  /** Takes what the object needs beyond what `old` has, filling it into the object. */
  claim(object: KubeObject, old: KubeObject | undefined): Promise<Claim>;
  /** Gives back all that a removed object had. */
  release(object: KubeObject): Operation[];
}

const NOTHING: Claim = { operations: [], onTaken: () => undefined };

/** Writes objects together with their companions. */
export class Companions {
  constructor(
    private readonly storage: ObjectStorage,
    /** By qualified resource: `services`, `gateways.example.com`. */
    private readonly byResource: ReadonlyMap<string, Companion>,
  ) {}

  /**
   * Stores the object over `old`, or as a new one, if the checks hold. Throws PreconditionFailed for the object's own
   * key and for those of the checks.
   */
  async store(kind: KindInfo, object: KubeObject, old?: KubeObject, checks: readonly Operation[] = []): Promise<void> {
    for (;;) {
      const claim = await this.claim(kind, object, old);
      try {
        await this.storage.write(kind, object, old ? revisionOf(old) : 0, [...claim.operations, ...checks]);
        return;
      } catch (error) {
        if (!(error instanceof PreconditionFailed)) throw error;
        const { key } = error;
        if (!claim.operations.some((operation) => operation.key === key)) throw error;
        claim.onTaken(key);
      }
    }
  }

  /** Fills in what a dry run would show. */
  async preview(kind: KindInfo, object: KubeObject, old?: KubeObject): Promise<void> {
    await this.claim(kind, object, old);
  }

  /** Removes the object with all it had; returns the revision of its end. */
  async remove(kind: KindInfo, object: KubeObject): Promise<number> {
    return this.storage.remove(kind, object, this.byResource.get(kind.qualifiedResource)?.release(object));
  }

  private async claim(kind: KindInfo, object: KubeObject, old?: KubeObject): Promise<Claim> {
    return (await this.byResource.get(kind.qualifiedResource)?.claim(object, old)) ?? NOTHING;
  }
}
