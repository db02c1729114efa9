import { STREAMING_SUBRESOURCES } from '../streaming/streaming';
import type { RequestInfo } from './request-info';

const STREAMS = new Set<string>([...STREAMING_SUBRESOURCES, 'proxy']);

/** Whether a request lasts as long as the client likes: a watch or a stream. Such count neither as load nor as slow. */
export function isLongRunning(info: RequestInfo): boolean {
  return info.type === 'resource' && (info.request.verb === 'watch' || STREAMS.has(info.request.subresource ?? ''));
}
