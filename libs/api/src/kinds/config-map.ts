import { Bool, MapOf, Schema } from '../fields';
import { ageColumn, Kind, nameColumn } from '../kind';
import { NamespacedObject } from '../meta';
import { configMapStrategy } from './config-map.strategy';

@Schema({ doc: 'Settings for pods: texts and bytes under keys.' })
@Kind<ConfigMap>({
  group: '',
  version: 'v1',
  plural: 'configmaps',
  shortNames: ['cm'],
  strategy: configMapStrategy,
  columns: [
    nameColumn,
    {
      name: 'Data',
      type: 'string',
      description: 'How many keys it has.',
      value: ({ data = {}, binaryData = {} }) => Object.keys(data).length + Object.keys(binaryData).length,
    },
    ageColumn,
  ],
})
export class ConfigMap extends NamespacedObject {
  @MapOf('string', { doc: 'Texts.', optional: true })
  data?: Record<string, string>;

  @MapOf('bytes', { doc: 'Bytes in base64.', optional: true })
  binaryData?: Record<string, string>;

  @Bool({ doc: 'Nothing in it may change any more.', optional: true })
  immutable?: boolean;
}
