import type { FieldError } from '../errors';
import type { KubeObject } from '../meta';

/** What a strategy may know about the request it serves. */
export interface StrategyContext {
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * The rules of a kind that its fields can't say. Every hook may be left out; the apiserver already does what holds for
 * all kinds: static defaults and field validation, metadata, resetting of status on writes to the object and of
 * everything else on writes to `/status`, and raising `metadata.generation` when the spec changed.
 *
 * Order of a write: decode → static defaults → `applyDefaults` → `prepareForCreate`/`prepareForUpdate` → admission →
 * field validation → `validate` → `validateUpdate`. Field validation has passed when `validate` runs, so required
 * fields are there. Hooks change the object they are given in place, never the old one.
 */
export interface Strategy<T extends KubeObject> {
  /** Defaults that depend on other fields. Runs on every write, so it must leave complete objects alone. */
  applyDefaults?(object: T): void;

  /** Sets what clients may not (initial status, derived fields). */
  prepareForCreate?(object: T, context: StrategyContext): void;

  /** Takes from `old` what this write may not change, silently, as Kubernetes does. */
  prepareForUpdate?(object: T, old: T, context: StrategyContext): void;

  /** What is wrong with the object by itself. */
  validate?(object: T): FieldError[];

  /** What may not change beyond fields marked `immutable`; only called when `validate` found nothing. */
  validateUpdate?(object: T, old: T): FieldError[];

  /** The same for a write to `/status`; unless given, a new status is only checked by its fields. */
  validateStatusUpdate?(object: T, old: T): FieldError[];

  /** Shown to the client, without refusing the write. */
  warnings?(object: T, old?: T): string[];

  /** False keeps `metadata.generation` although the spec changed. Kinds without a spec have no generation. */
  bumpsGeneration?(object: T, old: T): boolean;
}
