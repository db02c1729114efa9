import { Bool, MapOf, Schema, Str } from '../fields';
import { ageColumn, Kind, nameColumn } from '../kind';
import { NamespacedObject } from '../meta';
import { secretStrategy } from './secret.strategy';

@Schema({ doc: 'Confidential data for pods.' })
@Kind<Secret>({
  group: '',
  version: 'v1',
  plural: 'secrets',
  strategy: secretStrategy,
  columns: [
    nameColumn,
    { name: 'Type', type: 'string', description: 'What kind of data it holds.', value: ({ type }) => type },
    {
      name: 'Data',
      type: 'string',
      description: 'How many keys it has.',
      value: ({ data = {} }) => Object.keys(data).length,
    },
    ageColumn,
  ],
  selectableFields: { type: ({ type }) => type },
})
export class Secret extends NamespacedObject {
  @Str({ doc: 'What kind of data it holds.', default: 'Opaque' })
  type!: string;

  @MapOf('bytes', { doc: 'Bytes in base64.', optional: true })
  data?: Record<string, string>;

  @MapOf('string', { doc: 'Texts, put into data on writing and never read back.', optional: true })
  stringData?: Record<string, string>;

  @Bool({ doc: 'Nothing in it may change any more.', optional: true })
  immutable?: boolean;
}
