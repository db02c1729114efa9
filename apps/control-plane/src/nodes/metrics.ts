import type { Counter, Gauge, Metrics } from '@gantry/observability';
import type { NodeSessions } from './sessions';

/** What the gateway tells about sessions and streams. */
export class NodeMetrics {
  private readonly open: Gauge<'action'>;
  private readonly opened: Counter<'action'>;

  constructor(metrics: Metrics, sessions: NodeSessions) {
    metrics.gauge('gantry_node_sessions', 'Agents connected to this server.', [], {
      collect() {
        this.set(sessions.size);
      },
    });
    this.open = metrics.gauge('gantry_node_streams', 'Streams between users and pods that are open.', ['action']);
    this.opened = metrics.counter('gantry_node_streams_opened_total', 'Streams between users and pods opened.', [
      'action',
    ]);
  }

  /** Counts a stream as open until `end` settles. */
  streamOpened(action: string, end: Promise<unknown>): void {
    this.opened.inc({ action });
    this.open.inc({ action });
    const closed = (): void => {
      this.open.dec({ action });
    };
    end.then(closed, closed);
  }
}
