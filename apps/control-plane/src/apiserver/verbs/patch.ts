import {
  type KindInfo,
  type KubeObject,
  applyJsonPatch,
  applyMergePatch,
  applyStrategicPatch,
  badRequest,
  unsupportedMediaType,
} from '@gantry/api';
import type { Answer, Call, Services } from '../call';
import type { View } from '../views/view';
import { replace } from '../writes/replace';

const SUPPORTED = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

/** Changes an object as the patch says, on whatever its state is by the time it is stored. */
export async function patch(services: Services, call: Call, view: View): Promise<Answer> {
  const { request, kind } = call;
  if (request.body === undefined) throw badRequest('the request has no body');
  const documentKind = view.documentKind(kind);
  const { object } = await replace(services, call, request.name!, view, (current) =>
    patched(call, documentKind, view.show(current, kind)),
  );
  return { body: view.show(object, kind) };
}

function patched({ request: { patchType, body } }: Call, kind: KindInfo, document: KubeObject): unknown {
  switch (patchType) {
    case 'json':
      return applyJsonPatch(document, body);
    case 'merge':
      return applyMergePatch(document, body);
    case 'strategic':
      return applyStrategicPatch(kind.schema, document as unknown as Record<string, unknown>, body);
    case 'apply':
    case undefined:
      // Server-side apply needs field ownership, which is not kept.
      throw unsupportedMediaType(SUPPORTED);
  }
}
