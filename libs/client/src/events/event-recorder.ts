import { Event, isStatus, type Draft, type KubeObject, type ObjectReference } from '@gantry/api';
import { nameSuffix, systemClock, type Clock, type Closeable } from '@gantry/base';
import type { ObjectKey } from '../object-key';
import type { ResourceClient, TypedClient } from '../typed-client';
import { RecentMap } from './recent-map';
import { TokenBucket } from './token-bucket';

export interface EventRecorderOptions {
  client: TypedClient;
  /** Who reports: `replicaset-controller`, `kubelet`, `default-scheduler`. */
  component: string;
  /** The node, for those who report from one. */
  host?: string;
  clock?: Clock;
  /** Told of events that could not be written; they are dropped. */
  onDropped?: (error: unknown, event: Draft<Event>) => void;
}

export type EventType = 'Normal' | 'Warning';

/** What an event is about: an object, or a part of it named by `fieldPath` (`spec.containers{front}`). */
export type EventSubject = Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'> & { fieldPath?: string };

/** One thing that happens, once or again and again. */
interface Occurrence {
  draft: Draft<Event>;
  count: number;
  firstTimestamp: string;
  lastTimestamp: string;
  /** The Event object that counts it, once written. */
  written?: ObjectKey;
}

/** Different events remembered, so that their repetitions are counted on one object. */
const REMEMBERED = 4096;

/** Per object, so that one that fails in a loop does not flood the store: 25 at once, then one in five minutes. */
const BURST = 25;
const REFILL_MS = 300_000;

/**
 * Tells people what happened to an object, as `kubectl describe` shows it. Repetitions of the same reason and message
 * raise the count of one Event. Recording returns at once and never fails: events are a courtesy, not state.
 */
export class EventRecorder implements Closeable {
  private readonly events: ResourceClient<Event>;
  private readonly clock: Clock;
  private readonly occurrences = new RecentMap<string, Occurrence>(REMEMBERED);
  private readonly buckets = new RecentMap<string, TokenBucket>(REMEMBERED);
  private readonly pending = new Set<Occurrence>();
  private writing?: Promise<void>;
  private closed = false;

  constructor(private readonly options: EventRecorderOptions) {
    this.events = options.client.resource(Event);
    this.clock = options.clock ?? systemClock;
  }

  normal(about: EventSubject, reason: string, message: string): void {
    this.record(about, 'Normal', reason, message);
  }

  warning(about: EventSubject, reason: string, message: string): void {
    this.record(about, 'Warning', reason, message);
  }

  /** `reason`: one word in UpperCamelCase, for programs. `message`: a sentence, for people. */
  record(about: EventSubject, type: EventType, reason: string, message: string): void {
    if (this.closed || !this.admit(about.metadata.uid)) return;
    const now = new Date(this.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    const identity = [about.metadata.uid, about.fieldPath, type, reason, message].join('\n');
    let occurrence = this.occurrences.get(identity);
    if (!occurrence) {
      const draft = this.draft(about, type, reason, message);
      occurrence = { draft, count: 0, firstTimestamp: now, lastTimestamp: now };
      this.occurrences.set(identity, occurrence);
    }
    occurrence.count++;
    occurrence.lastTimestamp = now;
    this.pending.add(occurrence);
    this.writing ??= this.write();
  }

  /** Resolves once all that was recorded is written or dropped. */
  async flush(): Promise<void> {
    await this.writing;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.flush();
  }

  private admit(uid: string): boolean {
    let bucket = this.buckets.get(uid);
    if (!bucket) this.buckets.set(uid, (bucket = new TokenBucket(this.clock, BURST, REFILL_MS)));
    return bucket.take();
  }

  private draft(about: EventSubject, type: EventType, reason: string, message: string): Draft<Event> {
    const { namespace = 'default', name } = about.metadata;
    const { component, host } = this.options;
    return {
      metadata: { namespace, name: `${name}.${this.clock.now().toString(16)}${nameSuffix()}` },
      involvedObject: reference(about),
      type,
      reason,
      message,
      source: host === undefined ? { component } : { component, host },
      reportingComponent: component,
      reportingInstance: host ?? '',
    };
  }

  /** One write at a time; what repeats meanwhile is written once with its count. */
  private async write(): Promise<void> {
    // Later, so that a burst of the same event becomes one write.
    await Promise.resolve();
    for (const occurrence of this.pending) {
      this.pending.delete(occurrence);
      try {
        await this.writeOne(occurrence);
      } catch (error) {
        this.options.onDropped?.(error, occurrence.draft);
      }
    }
    this.writing = undefined;
  }

  private async writeOne(occurrence: Occurrence): Promise<void> {
    const { draft, count, firstTimestamp, lastTimestamp } = occurrence;
    if (occurrence.written) {
      try {
        await this.events.patch(occurrence.written, 'merge', { count, lastTimestamp });
        return;
      } catch (error) {
        // Events live for an hour; one that went is written anew.
        if (!isStatus(error, 'NotFound')) throw error;
      }
    }
    const created = await this.events.create({ ...draft, count, firstTimestamp, lastTimestamp });
    occurrence.written = { namespace: created.metadata.namespace, name: created.metadata.name };
  }
}

function reference({ apiVersion, kind, metadata, fieldPath }: EventSubject): ObjectReference {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, namespace, name, uid, resourceVersion, fieldPath };
}
