import { status } from '@grpc/grpc-js';
import type { Clock } from '@gantry/base';
import type { NodeSession } from './session';

/** The agents connected to this server. A node has one session: a new one replaces the old. */
export class NodeSessions {
  private readonly live = new Map<string, NodeSession>();
  private readonly heard = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  get size(): number {
    return this.live.size;
  }

  get(node: string): NodeSession | undefined {
    return this.live.get(node);
  }

  /** When this server last heard of the node, in milliseconds since the epoch; kept after its session ends. */
  lastSeen(node: string): number | undefined {
    return this.heard.get(node);
  }

  heartbeat(node: string): void {
    this.heard.set(node, this.clock.now());
  }

  add(session: NodeSession): void {
    const old = this.live.get(session.node);
    this.live.set(session.node, session);
    this.heartbeat(session.node);
    old?.close(status.ABORTED, `a newer session of node ${session.node} replaced this one`);
  }

  /** Forgets a session that ended, unless a newer one has replaced it. */
  remove(session: NodeSession): void {
    if (this.live.get(session.node) === session) this.live.delete(session.node);
  }

  close(): void {
    for (const session of this.live.values()) session.close(status.UNAVAILABLE, 'the server is shutting down');
    this.live.clear();
  }
}
