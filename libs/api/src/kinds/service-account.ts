import { Bool, ListOf, Schema } from '../fields';
import { ageColumn, Kind, nameColumn } from '../kind';
import { NamespacedObject } from '../meta';
import { LocalObjectReference, ObjectReference } from './references';

@Schema({ doc: 'An identity for pods.' })
@Kind<ServiceAccount>({
  group: '',
  version: 'v1',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  columns: [
    nameColumn,
    {
      name: 'Secrets',
      type: 'string',
      description: 'How many secrets it names.',
      value: ({ secrets = [] }) => secrets.length,
    },
    ageColumn,
  ],
})
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
