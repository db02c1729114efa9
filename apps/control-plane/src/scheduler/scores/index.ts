import { leastAllocated } from './least-allocated';
import { preferredAffinity } from './preferred-affinity';
import { preferredTaints } from './preferred-taints';
import type { Score } from './score';
import { spread } from './spread';

/** Every preference, added up by weight. */
export const scores: readonly Score[] = [leastAllocated, spread, preferredAffinity, preferredTaints];

export type { Score } from './score';
