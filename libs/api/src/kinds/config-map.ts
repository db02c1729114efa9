import { Bool, MapOf, Schema } from '../fields';
import { Kind } from '../kind';
import { NamespacedObject } from '../meta';
import { configMapStrategy } from './config-map.strategy';

@Schema({ doc: 'Settings for pods: texts and bytes under keys.' })
@Kind<ConfigMap>({ group: '', version: 'v1', plural: 'configmaps', shortNames: ['cm'], strategy: configMapStrategy })
export class ConfigMap extends NamespacedObject {
  @MapOf('string', { doc: 'Texts.', optional: true })
  data?: Record<string, string>;

  @MapOf('bytes', { doc: 'Bytes in base64.', optional: true })
  binaryData?: Record<string, string>;

  @Bool({ doc: 'Nothing in it may change any more.', optional: true })
  immutable?: boolean;
}
