import type { KindInfo, KubeList, KubeObject } from '@gantry/api';
import { PARTIAL_LIST, PARTIAL_OBJECT, TABLE, type MediaChoice, type Shape } from './negotiation';
import { partialListOf, partialOf, readIncludeObject, tableOf } from './table';

/** The shapes that reads of objects can have. */
export const READ_SHAPES: readonly Shape[] = [TABLE, PARTIAL_OBJECT, PARTIAL_LIST];

/** An object or list in the shape the client chose. A Status stays a Status. */
export function shaped(
  kind: KindInfo,
  body: object,
  { shape }: MediaChoice,
  query: URLSearchParams,
  now: number,
): object {
  if (!shape || (body as { kind?: string }).kind === 'Status') return body;
  const list = 'items' in body ? (body as KubeList) : undefined;
  const { version } = shape;
  if (shape.as !== TABLE.as) return list ? partialListOf(list, version) : partialOf(body as KubeObject, version);
  const objects = list ? list.items : [body as KubeObject];
  const metadata = list ? list.metadata : { resourceVersion: (body as KubeObject).metadata.resourceVersion };
  return tableOf(kind, objects, metadata, { include: readIncludeObject(query), version, now });
}
