import { Bool, ListOf, Schema } from '../fields';
import { Kind } from '../kind';
import { NamespacedObject } from '../meta';
import { LocalObjectReference, ObjectReference } from './references';

@Schema({ doc: 'An identity for pods.' })
@Kind<ServiceAccount>({ group: '', version: 'v1', plural: 'serviceaccounts', shortNames: ['sa'] })
export class ServiceAccount extends NamespacedObject {
  @ListOf(() => ObjectReference, {
    doc: 'Secrets its pods may use.',
    optional: true,
    listMapKeys: ['name'],
    patchMergeKey: 'name',
    patchStrategy: 'merge',
  })
  secrets?: ObjectReference[];

  @ListOf(() => LocalObjectReference, { doc: 'Registry credentials for its pods.', optional: true, listType: 'atomic' })
  imagePullSecrets?: LocalObjectReference[];

  @Bool({ doc: 'Whether its pods get a token.', optional: true })
  automountServiceAccountToken?: boolean;
}
